#!/usr/bin/env bash
# Builds Recall where that is needed and starts one node: ./run.sh --help
# ./run.sh redis-cli GET fib:10 asks its bundled Redis.
# ./run.sh bench measures, and ./run.sh bench origin one part alone (the others: src/site/markdown/performance.md).
# ./run.sh dev starts a node from the sources, and again after each change; further arguments are the node's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

jar=target/recall.jar
# A heap that stays small: measured to hold 250 MB of resident memory under load. (Out of memory, the node ends by itself.)
jvm=(-XX:+UseSerialGC -Xms64m -Xmx160m -XX:MaxDirectMemorySize=64m)

fail() {
  echo "run.sh: $*" >&2
  exit 1
}

# redis-cli at the bundled Redis, as a user that may look at everything and change data. The directory is
# --data.dir=DIR where that comes first, else RECALL_DATA_DIR, else data.
redis_cli() {
  local dir=${RECALL_DATA_DIR:-data} port
  case "${1:-}" in
    --data.dir=*) dir=${1#*=} && shift ;;
  esac
  command -v redis-cli >/dev/null || fail "there is no redis-cli on the PATH; install redis-tools, or a Redis"
  [ -r "$dir/redis.server" ] || fail "no node of yours runs with its bundled Redis in $dir; name its directory: ./run.sh redis-cli --data.dir=DIR ..."
  port=$(sed -n 's/^port=//p' "$dir/redis.server")
  # Not as an argument, which every user of the machine could see.
  REDISCLI_AUTH=$(sed -n 's/^password=//p' "$dir/redis.server")
  export REDISCLI_AUTH
  exec redis-cli --user operator -p "$port" "$@"
}

if [ "${1:-}" = redis-cli ]; then
  shift
  redis_cli "$@"
fi

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null || fail "there is no Java; install a JDK, version 17 or later"
version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = //p')
[ "${version%%.*}" -ge 17 ] || fail "Java $version is too old; install a JDK, version 17 or later"

archive=target/recall-$version.jsa

stale() {
  [ ! -f "$jar" ] || [ -n "$(find pom.xml src/main -newer "$jar" -type f -print -quit)" ]
}

build() {
  command -v mvn >/dev/null || fail "there is no Maven, which builds Recall; install it, version 3.8 or later"
  echo "run.sh: building $jar, since the sources are newer" >&2
  # The layout of a source is no reason not to run it.
  mvn --quiet --batch-mode package -DskipTests -Dspotless.check.skip >&2 || fail "the build failed"
}

# A short life of the node, from which the JVM keeps the classes it loaded: later starts take a third of
# the time. It fails without harm where the JVM cannot.
rehearse() {
  local dir pid
  dir=$(mktemp -d)
  "$java" "${jvm[@]}" -XX:ArchiveClassesAtExit="$archive" -jar "$jar" --cluster=false --redis.url= \
    --http.port=0 --management.port=0 --data.dir="$dir" >"$dir/out" 2>&1 &
  pid=$!
  # shellcheck disable=SC2064 # this process, not whatever pid is later
  trap "kill $pid 2>/dev/null; exit 130" INT TERM
  for _ in $(seq 100); do
    grep -q "curl" "$dir/out" && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  if command -v curl >/dev/null; then
    sed -n 's/.*curl //p' "$dir/out" | xargs -r -n 1 curl --silent --max-time 2 >/dev/null || true
  fi
  kill "$pid" 2>/dev/null && wait "$pid" || true
  grep -q "curl" "$dir/out" || rm -f "$archive"
  trap - INT TERM
  rm -rf "$dir"
}

# Runs a command so that a signal to this script need not wait for its end.
in_front() {
  "$@" &
  wait $!
}

# Ends what this script has started and still runs.
halt() {
  local pid
  for pid in $(jobs -rp); do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
}

# What the node is started anew for. Not what editors keep beside it.
sources() {
  find pom.xml conf src/main -type f ! -name '.*' ! -name '*~' "$@" | sort
}

# The class path: offline, which is quicker, unless something must be fetched.
dependencies() {
  local command=(mvn --quiet --batch-mode dependency:build-classpath -Dmdep.includeScope=runtime -Dmdep.outputFile=target/dev/classpath)
  [ -s target/dev/classpath ] && [ target/dev/classpath -nt pom.xml ] && return
  { in_front "${command[@]}" --offline >/dev/null 2>&1 || in_front "${command[@]}" >&2; } && touch target/dev/classpath
}

# Not by Maven: with its checks that takes many times as long. They stay where they are, in mvn verify.
compile() {
  dependencies || return
  rm -rf "$1"
  mkdir -p "$1"
  cp -R src/main/resources/. conf "$1"
  find src/main/java -name '*.java' >target/dev/sources
  in_front "${java}c" -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC --release 17 -encoding UTF-8 -proc:none -g -nowarn -d "$1" -cp "$(cat target/dev/classpath)" @target/dev/sources
}

dev() {
  local known turn=0 classes
  command -v mvn >/dev/null || fail "there is no Maven, which knows the libraries; install it, version 3.8 or later"
  command -v "${java}c" >/dev/null || fail "there is no Java compiler; install a JDK, version 17 or later"
  mkdir -p target/dev
  trap 'halt; exit 130' INT
  trap 'halt; exit 143' TERM HUP
  while true; do
    touch target/dev/mark
    known=$(sources)
    # Two directories by turns: the node that runs keeps its classes until others are ready.
    classes=target/dev/classes$((turn % 2))
    if compile "$classes"; then
      turn=$((turn + 1))
      halt
      # shellcheck disable=SC2086 # JAVA_OPTS is a list of flags
      "$java" "${jvm[@]}" -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED ${JAVA_OPTS:-} \
        -cp "$classes:$(cat target/dev/classpath)" dev.recall.Main "$@" &
    else
      echo "run.sh: this does not compile; what ran goes on" >&2
    fi
    while [ "$(sources)" = "$known" ] && [ -z "$(sources -newer target/dev/mark)" ]; do
      in_front sleep 1
    done
    echo "run.sh: compiling, since a source has changed" >&2
  done
}

if [ "${1:-}" = dev ]; then
  shift
  dev "$@"
fi
if stale; then build; fi
if [ ! "$archive" -nt "$jar" ]; then rehearse; fi
if [ -f "$archive" ]; then jvm+=(-XX:SharedArchiveFile="$archive"); fi
if [ "${1:-}" = bench ]; then
  shift
  export BENCH_JVM="${jvm[*]}"
  exec mvn --quiet --batch-mode -Pbench test-compile exec:exec -Dbench.arguments="$*"
fi
# shellcheck disable=SC2086 # JAVA_OPTS is a list of flags
exec "$java" "${jvm[@]}" ${JAVA_OPTS:-} -jar "$jar" "$@"

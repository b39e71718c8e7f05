#!/usr/bin/env bash
# Builds Recall where that is needed and starts one node: ./run.sh --help
# ./run.sh redis-cli GET fib:10 asks its bundled Redis.
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
  mvn --quiet --batch-mode package -DskipTests >&2 || fail "the build failed"
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

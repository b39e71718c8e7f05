package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The directory of the bundled Redis, with other users, containers, servers and disks around it.
 */
class DataDirectoryIT {

  /** Where the PATH's redis-server cannot run, and the packed one is the newest at hand. */
  private static final String WITHOUT_REDIS_7 =
      "unshare -m sh -c 'mount --bind /dev/null \"$(readlink -f \"$(command -v redis-server)\")\" && exec NODE'";

  private static final String IN_A_CONTAINER =
      "unshare --net --pid --mount-proc --fork --kill-child sh -c 'ip link set lo up; exec NODE'";

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  @TempDir private Path parent;

  @Test
  void anotherUser_whoReachesThePort_getsNothing() throws Exception {
    Path data = data();
    try (NodeProcess node = started(data)) {
      assertThat(visits(node)).isEqualTo("1");
      String port = Files.readString(data.resolve("redis.port"));

      assertThat(asNobody("redis-cli -p " + port + " CONFIG SET dir /tmp")).contains("NOAUTH");
      assertThat(asNobody("redis-cli -p " + port + " SHUTDOWN")).contains("NOAUTH");
      assertThat(asNobody("cat " + data.resolve("redis.server"))).contains("Permission denied");
      assertThat(asNobody("ls " + data)).contains("Permission denied");
      assertThat(visits(node)).isEqualTo("2");
    }
  }

  @Test
  void runShRedisCli_forTheOwner_looksAndChanges() throws Exception {
    Path data = data();
    try (NodeProcess node = started(data)) {
      assertThat(visits(node)).isEqualTo("1");
      String cli = "./run.sh redis-cli --data.dir=" + data + " ";

      assertThat(Shell.run(cli + "GET counter:123")).isEqualTo("1\n");
      assertThat(Shell.run(cli + "SET counter:123 41")).isEqualTo("OK\n");
      assertThat(visits(node)).isEqualTo("42");
      assertThat(Shell.run("RECALL_DATA_DIR=" + data + " ./run.sh redis-cli FLUSHALL"))
          .isEqualTo("OK\n");
      assertThat(Shell.run(cli + "CONFIG SET dir /tmp")).contains("NOPERM");
      assertThat(Shell.run("PATH=$(mktemp -d):/bin ./run.sh redis-cli --data.dir=/none PING"))
          .contains("run.sh: ");
    }
  }

  @Test
  void restart_afterTheFilesWereDeletedFromALivingNode_hasItsData() throws Exception {
    Path data = data();
    try (NodeProcess first = started(data)) {
      visits(first);
      Shell.run("rm -rf " + data + "/*");
      try (NodeProcess second = started(data)) {
        assertThat(visits(second)).isEqualTo("2");
        assertThat(visits(first)).isEqualTo("3");
        Awaitility.await()
            .until(() -> (first.output() + second.output()).contains("on disk again"));
      }
    }

    try (NodeProcess later = started(data)) {
      assertThat(visits(later)).isEqualTo("4");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1 hour", "+1 hour"})
  void start_afterAKill9AndAClockStep_endsTheOrphanAndCountsOn(String step) throws Exception {
    Path data = data();
    NodeProcess killed = started(data);
    visits(killed);
    String orphan = Files.readString(data.resolve("redis.pid")).trim();
    killed.kill();
    Shell.run("touch -d '" + step + "' " + data + "/*");

    try (NodeProcess node = started(data)) {
      assertThat(visits(node)).isEqualTo("2");
      assertThat(Files.readString(data.resolve("redis.pid")).trim()).isNotEqualTo(orphan);
    }
  }

  @Test
  void start_whileTheOtherNodeIsStopped_usesItsServer() throws Exception {
    Path data = data();
    try (NodeProcess stopped = started(data)) {
      visits(stopped);
      stopped.signal("STOP");
      try (NodeProcess node = started(data)) {
        assertThat(visits(node)).isEqualTo("2");
      } finally {
        stopped.signal("CONT");
      }
      assertThat(visits(stopped)).isEqualTo("3");
    }
  }

  @Test
  void start_inAnotherContainer_saysWhoHasTheDirectory() throws Exception {
    Path data = data();
    try (NodeProcess node = started(data)) {
      visits(node);

      try (NodeProcess other = begun(data, IN_A_CONTAINER)) {
        assertThat(ended(other)).contains("recall: data.dir: a server that cannot be reached");
        assertThat(other.exitCode(PATIENCE)).isEqualTo(1);
      }
      assertThat(visits(node)).isEqualTo("2");
    }
  }

  @Test
  void start_inAnotherContainerWhereAStrangerHasThePort_doesNotCountInHisData() throws Exception {
    Path data = data();
    try (NodeProcess node = started(data)) {
      visits(node);
      String stranger =
          "redis-server --port $(cat %s/redis.port) --save \"\" --dir %s >/dev/null & exec NODE"
              .formatted(data, parent);

      try (NodeProcess other = begun(data, IN_A_CONTAINER.replace("exec NODE", stranger))) {
        assertThat(ended(other)).contains("recall: data.dir: a server that cannot be reached");
      }
      assertThat(visits(node)).isEqualTo("2");
    }
  }

  @Test
  void start_withAnOlderServerThanWroteTheData_refuses() throws Exception {
    Path data = data();
    try (NodeProcess newer = started(data)) {
      visits(newer);
    }

    try (NodeProcess older = begun(data, WITHOUT_REDIS_7)) {
      assertThat(ended(older)).containsPattern("redis-server 7\\.\\d+\\.\\d+ wrote .* 6\\.2\\.");
      assertThat(older.exitCode(PATIENCE)).isEqualTo(1);
    }
    try (NodeProcess newer = started(data)) {
      assertThat(visits(newer)).isEqualTo("2");
    }
  }

  @Test
  void start_withANewerServerThanWroteTheData_takesThemOver() throws Exception {
    Path data = data();
    try (NodeProcess older = begun(data, WITHOUT_REDIS_7)) {
      older.says("/counter/123");
      assertThat(visits(older)).isEqualTo("1");
      assertThat(older.output()).contains("redis-server 6.2.");
    }

    try (NodeProcess newer = started(data)) {
      assertThat(visits(newer)).isEqualTo("2");
      assertThat(newer.output()).containsPattern("7\\.\\S+ takes over the data of 6\\.2");
    }
  }

  @Test
  void start_whereThePackedProgramIsBeingWritten_waitsForNothing() throws Exception {
    Path data = data();
    String busy =
        WITHOUT_REDIS_7.replace(
            "exec NODE",
            "mkdir -m 700 %1$s; cp /bin/true %1$s/redis-server-bundled; sleep 20 3>>%1$s/redis-server-bundled & exec NODE"
                .formatted(data));

    try (NodeProcess node = begun(data, busy)) {
      node.says("/counter/123");
      assertThat(visits(node)).isEqualTo("1");
    }
  }

  @Test
  void start_whereTheDiskRunsNoPrograms_usesThatOfThePath() throws Exception {
    Path data = Files.createDirectory(data());
    String noexec =
        "unshare -m sh -c 'mount -t tmpfs -o noexec,mode=700 none " + data + " && exec NODE'";

    try (NodeProcess node = begun(data, noexec)) {
      node.says("/counter/123");
      assertThat(visits(node)).isEqualTo("1");
    }
  }

  @Test
  void start_whereTheDiskIsFull_saysSoInOneLine() throws Exception {
    Path disk = Files.createDirectory(parent.resolve("disk"));
    String full =
        "unshare -m sh -c 'mount -t tmpfs -o size=4k,mode=700 none %1$s; cat /dev/zero > %1$s/fill 2>/dev/null; exec NODE'"
            .formatted(disk);

    try (NodeProcess node = begun(disk.resolve("data"), full)) {
      assertThat(ended(node)).contains("recall: data.dir: ").contains("full");
      assertThat(node.exitCode(PATIENCE)).isEqualTo(1);
    }
  }

  @Test
  void start_inADirectoryOfAnotherUser_refuses() throws Exception {
    Path data = Files.createDirectory(data());
    Shell.run("chown nobody " + data + "; chmod 777 " + data);

    try (NodeProcess node = begun(data, "NODE")) {
      assertThat(ended(node)).contains("belongs to another user");
      assertThat(node.exitCode(PATIENCE)).isEqualTo(1);
    }
    assertThat(Shell.run("ls -A " + data)).isEmpty();
  }

  private Path data() throws IOException {
    Files.setPosixFilePermissions(
        parent, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    return parent.resolve("data");
  }

  private static NodeProcess started(Path data) throws IOException {
    return NodeProcess.likeRunSh().started("--data.dir=" + data);
  }

  private static NodeProcess begun(Path data, String around) throws IOException {
    return NodeProcess.likeRunSh().around(around).begun("--data.dir=" + data);
  }

  /** Waits for its end, and answers what it said. */
  private static String ended(NodeProcess node) throws InterruptedException {
    node.exitCode(PATIENCE);
    return node.output();
  }

  /** Counts a visit, when Redis is there. */
  private static String visits(NodeProcess node) {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> node.get("/counter/123"), answer -> answer.statusCode() == 200)
        .body()
        .replaceAll("\\D*123\\D*|\\D", "");
  }

  private static String asNobody(String command) throws IOException, InterruptedException {
    return Shell.run("su nobody -s /bin/sh -c '" + command + "'");
  }
}

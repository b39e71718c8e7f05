package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @TempDir private Path parent;

  @Test
  void anotherUser_whoReachesThePort_getsNothing() throws Exception {
    Path data = data();
    try (BundledNode node = BundledNode.started(data)) {
      assertThat(node.visits()).isEqualTo("1");
      String port = Files.readString(data.resolve("redis.port"));

      assertThat(asNobody("redis-cli -p " + port + " CONFIG SET dir /tmp")).contains("NOAUTH");
      assertThat(asNobody("redis-cli -p " + port + " SHUTDOWN")).contains("NOAUTH");
      assertThat(asNobody("cat " + data.resolve("redis.server"))).contains("Permission denied");
      assertThat(asNobody("ls " + data)).contains("Permission denied");
      assertThat(node.visits()).isEqualTo("2");
    }
  }

  @Test
  void runShRedisCli_forTheOwner_looksAndChanges() throws Exception {
    Path data = data();
    try (BundledNode node = BundledNode.started(data)) {
      assertThat(node.visits()).isEqualTo("1");
      String cli = "./run.sh redis-cli --data.dir=" + data + " ";

      assertThat(Shell.run(cli + "GET counter:123")).isEqualTo("1\n");
      assertThat(Shell.run(cli + "SET counter:123 41")).isEqualTo("OK\n");
      assertThat(node.visits()).isEqualTo("42");
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
    try (BundledNode first = BundledNode.started(data)) {
      first.visits();
      Shell.run("rm -rf " + data + "/*");
      try (BundledNode second = BundledNode.started(data)) {
        assertThat(second.visits()).isEqualTo("2");
        assertThat(first.visits()).isEqualTo("3");
        Awaitility.await()
            .until(() -> (first.output() + second.output()).contains("on disk again"));
      }
    }

    try (BundledNode later = BundledNode.started(data)) {
      assertThat(later.visits()).isEqualTo("4");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1 hour", "+1 hour"})
  void start_afterAKill9AndAClockStep_endsTheOrphanAndCountsOn(String step) throws Exception {
    Path data = data();
    BundledNode killed = BundledNode.started(data);
    killed.visits();
    String orphan = Files.readString(data.resolve("redis.pid")).trim();
    killed.kill();
    Shell.run("touch -d '" + step + "' " + data + "/*");

    try (BundledNode node = BundledNode.started(data)) {
      assertThat(node.visits()).isEqualTo("2");
      assertThat(Files.readString(data.resolve("redis.pid")).trim()).isNotEqualTo(orphan);
    }
  }

  @Test
  void start_whileTheOtherNodeIsStopped_usesItsServer() throws Exception {
    Path data = data();
    try (BundledNode stopped = BundledNode.started(data)) {
      stopped.visits();
      stopped.signal("STOP");
      try (BundledNode node = BundledNode.started(data)) {
        assertThat(node.visits()).isEqualTo("2");
      } finally {
        stopped.signal("CONT");
      }
      assertThat(stopped.visits()).isEqualTo("3");
    }
  }

  @Test
  void start_inAnotherContainer_saysWhoHasTheDirectory() throws Exception {
    Path data = data();
    try (BundledNode node = BundledNode.started(data)) {
      node.visits();

      try (BundledNode other = BundledNode.begun(data, IN_A_CONTAINER)) {
        assertThat(other.ended()).contains("recall: data.dir: a server that cannot be reached");
        assertThat(other.exitCode()).isEqualTo(1);
      }
      assertThat(node.visits()).isEqualTo("2");
    }
  }

  @Test
  void start_inAnotherContainerWhereAStrangerHasThePort_doesNotCountInHisData() throws Exception {
    Path data = data();
    try (BundledNode node = BundledNode.started(data)) {
      node.visits();
      String stranger =
          "redis-server --port $(cat %s/redis.port) --save \"\" --dir %s >/dev/null & exec NODE"
              .formatted(data, parent);

      try (BundledNode other =
          BundledNode.begun(data, IN_A_CONTAINER.replace("exec NODE", stranger))) {
        assertThat(other.ended()).contains("recall: data.dir: a server that cannot be reached");
      }
      assertThat(node.visits()).isEqualTo("2");
    }
  }

  @Test
  void start_withAnOlderServerThanWroteTheData_refuses() throws Exception {
    Path data = data();
    try (BundledNode newer = BundledNode.started(data)) {
      newer.visits();
    }

    try (BundledNode older = BundledNode.begun(data, WITHOUT_REDIS_7)) {
      assertThat(older.ended()).containsPattern("redis-server 7\\.\\d+\\.\\d+ wrote .* 6\\.2\\.");
      assertThat(older.exitCode()).isEqualTo(1);
    }
    try (BundledNode newer = BundledNode.started(data)) {
      assertThat(newer.visits()).isEqualTo("2");
    }
  }

  @Test
  void start_withANewerServerThanWroteTheData_takesThemOver() throws Exception {
    Path data = data();
    try (BundledNode older = BundledNode.begun(data, WITHOUT_REDIS_7)) {
      Awaitility.await().until(() -> older.output().contains("/counter/123"));
      assertThat(older.visits()).isEqualTo("1");
      assertThat(older.output()).contains("redis-server 6.2.");
    }

    try (BundledNode newer = BundledNode.started(data)) {
      assertThat(newer.visits()).isEqualTo("2");
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

    try (BundledNode node = BundledNode.begun(data, busy)) {
      Awaitility.await().until(() -> node.output().contains("/counter/123"));
      assertThat(node.visits()).isEqualTo("1");
    }
  }

  @Test
  void start_whereTheDiskRunsNoPrograms_usesThatOfThePath() throws Exception {
    Path data = Files.createDirectory(data());
    String noexec =
        "unshare -m sh -c 'mount -t tmpfs -o noexec,mode=700 none " + data + " && exec NODE'";

    try (BundledNode node = BundledNode.begun(data, noexec)) {
      Awaitility.await().until(() -> node.output().contains("/counter/123"));
      assertThat(node.visits()).isEqualTo("1");
    }
  }

  @Test
  void start_whereTheDiskIsFull_saysSoInOneLine() throws Exception {
    Path disk = Files.createDirectory(parent.resolve("disk"));
    String full =
        "unshare -m sh -c 'mount -t tmpfs -o size=4k,mode=700 none %1$s; cat /dev/zero > %1$s/fill 2>/dev/null; exec NODE'"
            .formatted(disk);

    try (BundledNode node = BundledNode.begun(disk.resolve("data"), full)) {
      assertThat(node.ended()).contains("recall: data.dir: ").contains("full");
      assertThat(node.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void start_inADirectoryOfAnotherUser_refuses() throws Exception {
    Path data = Files.createDirectory(data());
    Shell.run("chown nobody " + data + "; chmod 777 " + data);

    try (BundledNode node = BundledNode.begun(data, "NODE")) {
      assertThat(node.ended()).contains("belongs to another user");
      assertThat(node.exitCode()).isEqualTo(1);
    }
    assertThat(Shell.run("ls -A " + data)).isEmpty();
  }

  private Path data() throws IOException {
    Files.setPosixFilePermissions(
        parent, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    return parent.resolve("data");
  }

  private static String asNobody(String command) throws IOException, InterruptedException {
    return Shell.run("su nobody -s /bin/sh -c '" + command + "'");
  }
}

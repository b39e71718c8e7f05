package dev.recall.redis.bundled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import dev.recall.redis.RedisCli;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled server: one for those that share a directory, and never an orphan for long. */
class BundledRedisIT {

  private static final ConfDirectory CONF = new ConfDirectory(Path.of("conf"));

  private final List<BundledRedis> nodes = new ArrayList<>();

  @TempDir private Path dir;

  @AfterEach
  void stop() {
    nodes.forEach(BundledRedis::stop);
  }

  @Test
  void ensureRunning_whenCalledAgain_keepsTheSameServer() throws IOException {
    BundledRedis redis = running();
    long first = pid();

    redis.ensureRunning();

    assertThat(pid()).isEqualTo(first);
  }

  @Test
  void stop_ofTheLastNode_endsTheServer() throws IOException {
    BundledRedis redis = running();
    long pid = pid();

    redis.stop();

    assertThat(ProcessHandle.of(pid)).isEmpty();
    assertThat(dir.resolve("redis.server")).doesNotExist();
  }

  @Test
  void stop_whileAnotherNodeIsPresent_leavesTheServerToIt() throws IOException {
    BundledRedis first = running();
    BundledRedis second = running();
    long pid = pid();

    first.stop();

    assertThat(second.ensureRunning()).isEqualTo(BundledRedis.State.RUNNING);
    assertThat(pid()).isEqualTo(pid);
    assertThat(ask(second, "PING")).isEqualTo("PONG");
    second.stop();
    Awaitility.await().until(() -> ProcessHandle.of(pid).isEmpty());
  }

  // Redis reads its file with the rights of the default user, who is off.
  @Test
  void ensureRunning_afterARestart_keepsPortAndDataAndTransactions() {
    BundledRedis before = running();
    int port = port(before);
    try (RedisCli cli = new RedisCli(before.url())) {
      cli.run("SET", "counter:a", "7");
      cli.run(
          "EVAL", "redis.call('INCRBY', 'counter:b', 1) redis.call('INCRBY', 'counter:b', 1)", "0");
    }
    before.stop();

    BundledRedis after = running();

    assertThat(port(after)).isEqualTo(port);
    assertThat(ask(after, "MGET", "counter:a", "counter:b")).isEqualTo("[7, 2]");
  }

  @Test
  void ensureRunning_afterARestart_hasANewPassword() {
    BundledRedis before = running();
    String url = before.url();
    before.stop();

    assertThat(running().url()).isNotEqualTo(url);
  }

  @Test
  void ensureRunning_whenTheServerDied_startsItAgain() throws IOException {
    BundledRedis redis = running();
    long died = pid();
    ProcessHandle.of(died).orElseThrow().destroyForcibly();
    Awaitility.await().until(() -> ProcessHandle.of(died).isEmpty());

    redis.ensureRunning();

    assertThat(pid()).isNotEqualTo(died);
    assertThat(ask(redis, "PING")).isEqualTo("PONG");
  }

  @Test
  void ensureRunning_whenAnotherNodeHasAServer_usesIt() {
    BundledRedis owner = running();

    BundledRedis guest = running();

    assertThat(guest.url()).isEqualTo(owner.url());
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis.server", "redis.port", "redis.pid", "redis.lock", "redis.version"})
  void ensureRunning_whenAFileWasDeleted_stillFindsTheOneServer(String file) throws IOException {
    BundledRedis owner = running();
    Files.deleteIfExists(dir.resolve(file));
    BundledRedis second = node();

    BundledRedis.State meanwhile = second.ensureRunning();
    owner.ensureRunning();
    second.ensureRunning();

    assertThat(meanwhile)
        .isEqualTo(
            file.equals("redis.server") ? BundledRedis.State.HELD : BundledRedis.State.RUNNING);
    assertThat(second.url()).isEqualTo(owner.url());
  }

  @Test
  void ensureRunning_whenEverythingWasDeleted_writesTheDataAnew() throws IOException {
    BundledRedis owner = running();
    ask(owner, "SET", "counter:a", "7");
    deleteAll();

    assertThat(node().ensureRunning()).isEqualTo(BundledRedis.State.HELD);
    owner.ensureRunning();
    owner.ensureRunning();

    Awaitility.await().until(() -> new AppendOnly(DataDirectory.open(dir)).isWhole());
    nodes.forEach(BundledRedis::stop);
    assertThat(ask(running(), "GET", "counter:a")).isEqualTo("7");
  }

  @Test
  void ensureRunning_whenTheDirectoryItselfWasDeleted_startsNoSecondServer() throws IOException {
    BundledRedis owner = running();
    ask(owner, "SET", "counter:a", "7");
    deleteAll();
    Files.delete(dir);
    owner.ensureRunning();

    BundledRedis second = running();

    assertThat(second.url()).isEqualTo(owner.url());
    assertThat(ask(second, "GET", "counter:a")).isEqualTo("7");
  }

  @Test
  void ensureRunning_inACopyOfALivingDirectory_startsItsOwnServer(@TempDir Path parent)
      throws Exception {
    BundledRedis original = running();
    ask(original, "SET", "counter:a", "7");
    Path copy = parent.resolve("copy");
    assertThat(new ProcessBuilder("cp", "-r", dir.toString(), copy.toString()).start().waitFor())
        .isZero();
    BundledRedis copied = new BundledRedis(copy, CONF, new SecureRandom());
    nodes.add(copied);

    copied.ensureRunning();

    assertThat(port(copied)).isNotEqualTo(port(original));
    assertThat(ask(copied, "INCRBY", "counter:a", "1")).isEqualTo("8");
    assertThat(ask(original, "GET", "counter:a")).isEqualTo("7");
  }

  @Test
  void ensureRunning_whenTheRecordNamesAStranger_doesNotUseHim() throws IOException {
    try (RedisProcess stranger = new RedisProcess()) {
      BundledRedis owner = running();
      Path record = dir.resolve("redis.server");
      String told = Files.readString(record);
      Files.writeString(record, told.replaceFirst("port=\\d+", "port=" + stranger.port()));

      BundledRedis second = node();
      BundledRedis.State meanwhile = second.ensureRunning();
      owner.ensureRunning();
      second.ensureRunning();

      assertThat(meanwhile).isEqualTo(BundledRedis.State.HELD);
      assertThat(second.url()).isEqualTo(owner.url());
    }
  }

  @Test
  void ensureRunning_whenTheRecordedPortIsTaken_choosesAnother() throws IOException {
    try (RedisProcess squatter = new RedisProcess()) {
      Files.writeString(dir.resolve("redis.port"), Integer.toString(squatter.port()));

      BundledRedis redis = running();

      assertThat(port(redis)).isNotEqualTo(squatter.port());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-3600, 3600})
  void ensureRunning_whenTheProcessIdIsAStrangersNow_leavesHimAlone(long clockStep)
      throws IOException {
    try (RedisProcess stranger = new RedisProcess()) {
      Path file = dir.resolve("redis.pid");
      Files.writeString(file, Long.toString(stranger.pid()));
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(clockStep)));

      running();

      assertThat(ProcessHandle.of(stranger.pid())).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONFIG SET dir /tmp", "MODULE LIST", "SAVE", "BGSAVE", "REPLICAOF NO ONE", "SHUTDOWN",
        "ACL LIST", "FLUSHALL", "KEYS *", "MONITOR", "CLIENT KILL TYPE normal", "MIGRATE a 1 b 0 1"
      })
  void aNode_whoSendsWhatRecallDoesNot_isRefused(String command) {
    assertThatThrownBy(() -> ask(running(), command.split(" "))).hasMessageContaining("NOPERM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CONFIG SET dir /tmp", "MODULE LIST", "SAVE", "REPLICAOF NO ONE", "SHUTDOWN"})
  void theOperator_whoWouldLeaveTheData_isRefused(String command) {
    String url = running().url().replace("recall:", "operator:");

    assertThatThrownBy(() -> askAt(url, command.split(" "))).hasMessageContaining("NOPERM");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET fib:10 1",
        "EXPIRE fib:10 5",
        "DEL fib:10",
        "FLUSHALL",
        "INFO",
        "CLIENT LIST"
      })
  void theOperator_whoLooksAndChanges_isServed(String command) {
    String url = running().url().replace("recall:", "operator:");

    assertThat(askAt(url, command.split(" "))).isNotEmpty();
  }

  @Test
  void anybody_withoutThePassword_isRefused() {
    int port = port(running());

    assertThatThrownBy(() -> askAt("redis://127.0.0.1:" + port, "PING"))
        .hasMessageContaining("NOAUTH");
    assertThatThrownBy(() -> askAt("redis://:x@127.0.0.1:" + port, "PING"))
        .hasMessageContaining("WRONGPASS");
  }

  @Test
  void ensureRunning_always_keepsItsFilesFromOthers() throws IOException {
    Files.setPosixFilePermissions(
        dir, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxr-x"));

    running();

    try (Stream<Path> files = Files.walk(dir)) {
      assertThat(files.filter(BundledRedisIT::isOpenToOthers)).isEmpty();
    }
  }

  @Test
  void ensureRunning_always_showsThePasswordToNobody() throws IOException {
    BundledRedis redis = running();
    String password = URI.create(redis.url()).getUserInfo().substring("recall:".length());

    assertThat(redis.toString()).doesNotContain(password);
    assertThat(ProcessHandle.allProcesses().map(process -> process.info().commandLine().orElse("")))
        .noneMatch(line -> line.contains(password));
    assertThat(Files.readString(dir.resolve("redis.log"))).doesNotContain(password);
  }

  @Test
  void ensureRunning_whenItsConfigurationIsBroken_saysWhy(@TempDir Path conf) throws IOException {
    Files.writeString(conf.resolve("redis.conf"), "no-such-directive yes\n");
    BundledRedis redis = new BundledRedis(dir, new ConfDirectory(conf), new SecureRandom());

    assertThatThrownBy(redis::ensureRunning)
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("Bad directive")
        .hasMessageContaining("redis.log");
  }

  @Test
  void ensureRunning_whenAnEarlierRecallLeftAServer_takesOverItsData() throws IOException {
    try (RedisProcess orphan = earlierServer()) {
      Files.createFile(dir.resolve("redis.lock")); // which its node held until it died

      BundledRedis redis = running();

      assertThat(ask(redis, "GET", "counter:a")).isEqualTo("7");
      Awaitility.await().until(() -> !orphan.isAlive());
    }
  }

  @Test
  void ensureRunning_whenAnEarlierRecallMayLive_refuses() throws IOException {
    try (RedisProcess living = earlierServer()) {
      BundledRedis redis = node();

      assertThatThrownBy(redis::ensureRunning)
          .isInstanceOf(BadSettings.class)
          .hasMessageContaining("an earlier version of Recall");
      assertThat(living.isAlive()).isTrue();
    }
  }

  private RedisProcess earlierServer() throws IOException {
    RedisProcess server = new RedisProcess("--dir", dir.toString(), "--appendonly", "yes");
    Files.writeString(dir.resolve("redis.port"), Integer.toString(server.port()));
    askAt(server.url(), "SET", "counter:a", "7");
    return server;
  }

  private BundledRedis node() {
    BundledRedis node = new BundledRedis(dir, CONF, new SecureRandom());
    nodes.add(node);
    return node;
  }

  private BundledRedis running() {
    BundledRedis node = node();
    assertThat(node.ensureRunning()).isEqualTo(BundledRedis.State.RUNNING);
    return node;
  }

  private static String ask(BundledRedis redis, String... words) {
    return askAt(redis.url(), words);
  }

  private static String askAt(String url, String... words) {
    try (RedisCli cli = new RedisCli(url)) {
      return cli.run(words[0], List.of(words).subList(1, words.length).toArray(String[]::new));
    }
  }

  private static int port(BundledRedis redis) {
    return URI.create(redis.url()).getPort();
  }

  private static boolean isOpenToOthers(Path path) {
    try {
      return Files.getPosixFilePermissions(path).stream()
          .anyMatch(permission -> !permission.name().startsWith("OWNER"));
    } catch (IOException gone) {
      return false;
    }
  }

  private void deleteAll() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      files
          .filter(file -> !file.equals(dir))
          .sorted(java.util.Comparator.reverseOrder())
          .forEach(file -> assertThat(file.toFile().delete()).isTrue());
    }
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readString(dir.resolve("redis.pid")).trim());
  }
}

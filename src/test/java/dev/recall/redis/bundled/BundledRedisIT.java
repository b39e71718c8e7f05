package dev.recall.redis.bundled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import dev.recall.redis.RedisCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundled server: one for those that share a directory, and never an orphan for long. */
class BundledRedisIT {

  private static final ConfDirectory CONF = new ConfDirectory(Path.of("conf"));

  @TempDir private Path dir;

  @Test
  void ensureRunning_whenCalledAgain_keepsTheSameServer() throws IOException {
    BundledRedis redis = new BundledRedis(dir, CONF);
    redis.ensureRunning();
    long first = pid();

    redis.ensureRunning();

    assertThat(pid()).isEqualTo(first);
    redis.stop();
  }

  @Test
  void stop_always_endsTheServer() throws IOException {
    BundledRedis redis = new BundledRedis(dir, CONF);
    redis.ensureRunning();
    long pid = pid();

    redis.stop();

    assertThat(ProcessHandle.of(pid)).isEmpty();
  }

  @Test
  void ensureRunning_afterARestart_keepsPortAndData() {
    BundledRedis before = new BundledRedis(dir, CONF);
    before.ensureRunning();
    try (RedisCli cli = new RedisCli(before.url())) {
      cli.run("INCRBY", "counter:a", "7");
    }
    before.stop();

    BundledRedis after = new BundledRedis(dir, CONF);
    after.ensureRunning();

    assertThat(after.url()).isEqualTo(before.url());
    try (RedisCli cli = new RedisCli(after.url())) {
      assertThat(cli.run("GET", "counter:a")).isEqualTo("7");
    }
    after.stop();
  }

  @Test
  void ensureRunning_whenTheServerDied_startsItAgain() throws IOException {
    BundledRedis redis = new BundledRedis(dir, CONF);
    redis.ensureRunning();
    long died = pid();
    ProcessHandle.of(died).orElseThrow().destroyForcibly();
    ProcessHandle.of(died).ifPresent(process -> process.onExit().join());

    redis.ensureRunning();

    assertThat(pid()).isNotEqualTo(died);
    try (RedisCli cli = new RedisCli(redis.url())) {
      assertThat(cli.run("PING")).isEqualTo("PONG");
    }
    redis.stop();
  }

  @Test
  void ensureRunning_whenAnotherOwnsTheDirectory_usesItsServer() throws IOException {
    BundledRedis owner = new BundledRedis(dir, CONF);
    BundledRedis guest = new BundledRedis(dir, CONF);
    owner.ensureRunning();
    long pid = pid();

    guest.ensureRunning();

    assertThat(guest.url()).isEqualTo(owner.url());
    guest.stop();
    assertThat(ProcessHandle.of(pid)).isPresent();
    owner.stop();
  }

  @Test
  void ensureRunning_whenTheOwnerIsGone_takesOver() {
    BundledRedis owner = new BundledRedis(dir, CONF);
    BundledRedis guest = new BundledRedis(dir, CONF);
    owner.ensureRunning();
    guest.ensureRunning();
    owner.stop();

    guest.ensureRunning();

    assertThat(guest.url()).isEqualTo(owner.url());
    try (RedisCli cli = new RedisCli(guest.url())) {
      assertThat(cli.run("PING")).isEqualTo("PONG");
    }
    guest.stop();
  }

  @Test
  void ensureRunning_whenTheRecordedPortIsTaken_choosesAnother() throws IOException {
    try (RedisProcess squatter = new RedisProcess()) {
      Files.writeString(dir.resolve("redis.port"), Integer.toString(squatter.port()));
      BundledRedis redis = new BundledRedis(dir, CONF);

      redis.ensureRunning();

      assertThat(redis.url()).isNotEqualTo(squatter.url());
      redis.stop();
    }
  }

  @Test
  void ensureRunning_whenTheProcessIdBelongsToAnotherRedisNow_leavesItAlone() throws IOException {
    try (RedisProcess stranger = new RedisProcess()) {
      Path file = dir.resolve("redis.pid");
      Files.writeString(file, Long.toString(stranger.pid()));
      Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
      BundledRedis redis = new BundledRedis(dir, CONF);

      redis.ensureRunning();

      assertThat(ProcessHandle.of(stranger.pid())).isPresent();
      redis.stop();
    }
  }

  @Test
  void ensureRunning_whenItsConfigurationIsBroken_saysWhereToLook(@TempDir Path conf)
      throws IOException {
    Files.writeString(conf.resolve("redis.conf"), "no-such-directive yes\n");
    BundledRedis redis = new BundledRedis(dir, new ConfDirectory(conf));

    assertThatThrownBy(redis::ensureRunning)
        .isInstanceOf(BadSettings.class)
        .hasMessageContaining("redis.log");
    redis.stop();
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readString(dir.resolve("redis.pid")).trim());
  }
}

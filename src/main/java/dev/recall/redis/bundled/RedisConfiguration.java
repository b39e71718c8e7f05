package dev.recall.redis.bundled;

import dev.recall.config.BadSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a bundled server is told on its standard input: of the operator's {@code redis.conf} what is
 * his to say, who may do what, where it listens and where it writes. The password is in it only as
 * a hash.
 */
final class RedisConfiguration {

  /** Those that let others in, or bring what nobody has looked at. */
  private static final Set<String> REFUSED =
      Set.of(
          "include",
          "user",
          "aclfile",
          "requirepass",
          "rename-command",
          "replicaof",
          "slaveof",
          "tls-port",
          "unixsocket",
          "cluster-enabled",
          "appenddirname");

  /** Those that are ours to say. */
  private static final Set<String> OURS =
      Set.of(
          "port",
          "bind",
          "protected-mode",
          "daemonize",
          "supervised",
          "logfile",
          "dir",
          "pidfile",
          "appendfilename");

  private RedisConfiguration() {}

  /**
   * The whole text.
   *
   * @param given the operator's file
   * @throws BadSettings where that would let others in
   */
  static String text(byte[] given, Path dir, int port, String password) {
    String operators =
        new String(given, StandardCharsets.UTF_8)
            .lines()
            .filter(RedisConfiguration::isTheirs)
            .collect(Collectors.joining("\n"));
    return """
        %s
        %s
        port %d
        bind 127.0.0.1
        dir %s
        pidfile %s
        appendfilename %s
        """
        .formatted(
            operators,
            resource("users.acl")
                .replace("{password}", hash(password))
                .replaceAll("(?m)^#.*\n", ""),
            port,
            quoted(dir),
            quoted(dir.resolve("redis.pid")),
            AppendOnly.FILE);
  }

  /** A text that the jar has beside this class. */
  static String resource(String name) {
    try (InputStream in = RedisConfiguration.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static boolean isTheirs(String line) {
    String directive = line.strip().split("\\s", 2)[0].replaceAll("[\"']", "");
    if (REFUSED.contains(directive.toLowerCase(Locale.ROOT))) {
      throw new BadSettings(
          "redis.conf: %s cannot be set for the bundled Redis; name a server of your own with redis.url"
              .formatted(directive));
    }
    return !OURS.contains(directive.toLowerCase(Locale.ROOT));
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String hash(String password) {
    try {
      byte[] bytes = password.getBytes(StandardCharsets.US_ASCII);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new LinkageError("every JDK has SHA-256", impossible);
    }
  }
}

package dev.recall.redis.bundled;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What those who share a directory must know of the server that writes there; readable for them
 * alone. It may be out of date, or a copy: only the server itself can prove that it is true.
 *
 * @param port on loopback
 * @param password of all users, 256 random bits, new with each start of a server
 * @param runId by which the server proves to be the one that is meant: who cannot read the
 *     directory does not know it
 * @param directory the identity of the directory that the record was written for
 */
record ServerRecord(int port, String password, String runId, String directory) {

  private static final int PASSWORD_BYTES = 32;
  private static final String FILE = "redis.server";
  private static final Pattern TEXT =
      Pattern.compile(
          "port=(\\d{1,5})\npassword=([0-9a-f]{64})\nrun-id=([0-9a-f]{40})\ndirectory=(.*)\n");

  /** The record in a directory, where it was written for this one. */
  static Optional<ServerRecord> in(DataDirectory directory) throws IOException {
    return directory
        .read(FILE)
        .map(TEXT::matcher)
        .filter(Matcher::matches)
        .map(
            found ->
                new ServerRecord(
                    Integer.parseInt(found.group(1)),
                    found.group(2),
                    found.group(3),
                    found.group(4)))
        .filter(found -> found.directory.equals(directory.identity()));
  }

  static String newPassword(SecureRandom random) {
    byte[] bits = new byte[PASSWORD_BYTES];
    random.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  static void forget(DataDirectory directory) throws IOException {
    directory.delete(FILE);
  }

  void writeTo(DataDirectory target) throws IOException {
    target.write(
        FILE,
        "port=%d\npassword=%s\nrun-id=%s\ndirectory=%s\n"
            .formatted(port, password, runId, directory));
    target.write("redis.port", Integer.toString(port));
  }

  /** The same server, for the directory that has the name now. */
  ServerRecord movedTo(DataDirectory target) {
    return new ServerRecord(port, password, runId, target.identity());
  }

  /** What a node connects to. */
  String url() {
    return "redis://recall:" + password + "@127.0.0.1:" + port;
  }

  @Override
  public String toString() {
    return "127.0.0.1:" + port;
  }
}

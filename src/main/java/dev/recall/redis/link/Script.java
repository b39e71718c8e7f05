package dev.recall.redis.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Redis runs for us as one command, in Lua. */
public final class Script {

  private final String source;
  private final String sha1;

  /**
   * A script in several files: what it shares with others comes first.
   *
   * @param beside the class that the files stand beside
   */
  public Script(Class<?> beside, String... files) {
    source = Stream.of(files).map(file -> read(beside, file)).collect(Collectors.joining());
    sha1 = HexFormat.of().formatHex(sha1Digest().digest(source.getBytes(StandardCharsets.UTF_8)));
  }

  /** What {@code EVAL} takes. */
  public String source() {
    return source;
  }

  /** What {@code EVALSHA} takes. */
  String sha1() {
    return sha1;
  }

  private static String read(Class<?> beside, String file) {
    try (InputStream in = beside.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static MessageDigest sha1Digest() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException impossible) {
      throw new LinkageError("every JDK has SHA-1", impossible);
    }
  }
}

package dev.recall.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a caller must know: its SHA-256 alone, so that nothing can show it. */
public final class Secret {

  private static final String HASHED = "sha256:";
  private static final String HEX = "[0-9a-fA-F]{64}";
  private static final String PLAIN = "[!-~]{16,256}";

  private final byte[] sha256;

  /**
   * A secret as it is set.
   *
   * @param text {@code sha256:} and 64 hex digits, or the secret itself, which is not kept
   * @throws IllegalArgumentException saying what is wrong, without repeating it
   */
  public Secret(String text) {
    if (text.startsWith(HASHED)) {
      sha256 = hashed(text.substring(HASHED.length()));
    } else {
      sha256 = sha256(text);
    }
  }

  /** Whether these 32 bytes are its SHA-256, in a time that does not tell how many of them are. */
  public boolean matches(byte[] hash) {
    return MessageDigest.isEqual(sha256, hash);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret secret && matches(secret.sha256);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sha256);
  }

  @Override
  public String toString() {
    return "***";
  }

  private static byte[] hashed(String hex) {
    if (!hex.matches(HEX)) {
      throw new IllegalArgumentException("must have 64 hex digits after sha256:");
    }
    byte[] hash = HexFormat.of().parseHex(hex);
    if (MessageDigest.isEqual(hash, digest(""))) {
      throw new IllegalArgumentException("is the hash of nothing");
    }
    return hash;
  }

  private static byte[] sha256(String plain) {
    if (!plain.matches(PLAIN)) {
      throw new IllegalArgumentException(
          "must be 16 to 256 visible ASCII characters, or sha256: and 64 hex digits");
    }
    return digest(plain);
  }

  /** The SHA-256 of a text, as {@link #matches} takes it. */
  public static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException broken) {
      throw new IllegalStateException("every Java has SHA-256", broken);
    }
  }
}

package dev.recall.state;

import java.security.SecureRandom;
import java.util.Base64;

/** Words of 256 random bits, for what nobody shall guess. Thread-safe. */
final class Tokens {

  private static final int BYTES = 32;

  private final SecureRandom random;

  Tokens(SecureRandom random) {
    this.random = random;
  }

  /** One more, in 43 letters, digits, {@code -} and {@code _}. */
  String next() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}

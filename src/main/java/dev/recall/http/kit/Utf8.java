package dev.recall.http.kit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Strict UTF-8: where a lenient decoder would put U+FFFD, two texts could become one. */
final class Utf8 {

  private Utf8() {}

  /** What the bytes mean; empty where they are not UTF-8. */
  static Optional<String> decode(ByteBuffer bytes) {
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException invalid) {
      return Optional.empty();
    }
  }
}

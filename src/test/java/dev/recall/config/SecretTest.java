package dev.recall.config;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {

  private static final String PLAIN = "correct-horse-battery";

  private static byte[] sha256(String plain) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(plain.getBytes(US_ASCII));
    } catch (NoSuchAlgorithmException broken) {
      throw new AssertionError(broken);
    }
  }

  private static String hashed(String plain) {
    return "sha256:" + HexFormat.of().formatHex(sha256(plain));
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, "0123456789abcdef", "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~"})
  void matches_whenTheHashIsOfThePlainText_isTrue(String plain) {
    assertThat(new Secret(plain).matches(sha256(plain))).isTrue();
  }

  @Test
  void matches_whenTheSecretIsGivenHashed_comparesWithThatHash() {
    assertThat(new Secret(hashed(PLAIN)).matches(sha256(PLAIN))).isTrue();
    assertThat(new Secret(hashed(PLAIN).toUpperCase(Locale.ROOT).replace("SHA", "sha")))
        .isEqualTo(new Secret(PLAIN));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "correct-horse-batterx", "correct-horse-battery "})
  void matches_whenTheHashIsOfAnotherText_isFalse(String other) {
    assertThat(new Secret(PLAIN).matches(sha256(other))).isFalse();
  }

  @Test
  void matches_whenTheHashIsTooShort_isFalse() {
    assertThat(new Secret(PLAIN).matches(new byte[0])).isFalse();
  }

  @Test
  void new_whenThePlainTextIsAsLongAsAllowed_takesIt() {
    assertThat(new Secret("x".repeat(256)).matches(sha256("x".repeat(256)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hidden-15-chars", "hidden with spaces", "hidden-umlaut-\u00e4\u00e4\u00e4"})
  void new_whenThePlainTextIsNone_saysWhyWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> new Secret(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be 16 to 256 visible ASCII characters, or sha256: and 64 hex digits");
  }

  @Test
  void new_whenThePlainTextIsTooLong_isRefused() {
    assertThatThrownBy(() -> new Secret("x".repeat(257)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hidden-and-long-enough", "0123456789abcdef"})
  void new_whenTheHashIsMalformed_isNotTakenForAPlainText(String hex) {
    assertThatThrownBy(() -> new Secret("sha256:" + hex))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must have 64 hex digits after sha256:");
  }

  @Test
  void new_whenTheHashIsTooLong_isRefused() {
    assertThatThrownBy(() -> new Secret(hashed(PLAIN) + "00"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void equals_whenTheSecretIsTheSame_doesNotDependOnHowItWasGiven() {
    assertThat(new Secret(PLAIN))
        .isEqualTo(new Secret(hashed(PLAIN)))
        .hasSameHashCodeAs(new Secret(hashed(PLAIN)))
        .isNotEqualTo(new Secret("another-horse-battery"));
  }

  @Test
  void toString_always_showsNothingOfIt() {
    assertThat(new Secret(PLAIN)).hasToString("***");
  }

  @Test
  void new_whenItIsTheHashOfNothing_isRefused() {
    assertThatThrownBy(
            () ->
                new Secret(
                    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"))
        .hasMessage("is the hash of nothing");
  }
}

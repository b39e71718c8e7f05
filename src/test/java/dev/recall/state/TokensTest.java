package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokensTest {

  private final Tokens tokens = new Tokens(new SecureRandom());

  @Test
  void next_whenAsked_is256BitsThatAUrlMayHave() {
    assertThat(tokens.next()).matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void next_whenAskedOften_isNeverTheSame() {
    Set<String> given = new HashSet<>();

    for (int i = 0; i < 1_000; i++) {
      given.add(tokens.next());
    }

    assertThat(given).hasSize(1_000);
  }
}

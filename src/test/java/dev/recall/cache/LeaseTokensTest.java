package dev.recall.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class LeaseTokensTest {

  @Test
  void next_whenAskedAgain_isAnother() {
    LeaseTokens tokens = new LeaseTokens("node", new SecureRandom());

    assertThat(tokens.next()).isNotEqualTo(tokens.next());
  }

  @Test
  void next_whenTheNodeIsAnother_isAnother() {
    assertThat(new LeaseTokens("node", new SecureRandom()).next())
        .isNotEqualTo(new LeaseTokens("other", new SecureRandom()).next());
  }
}

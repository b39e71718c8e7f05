package dev.recall.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {

  private static final Set<String> PATHS = new SettingsLoader().paths();
  private static final Variables VARIABLES = new Variables(PATHS);

  @Test
  void of_whenTakenOfEverySetting_isUnique() {
    assertThat(PATHS).extracting(Variables::of).doesNotHaveDuplicates();
    assertThat(Variables.of("fib.max-n")).isEqualTo("RECALL_FIB_MAX_N");
  }

  @ParameterizedTest
  @CsvSource({
    "RECALL_CLUSTER,                            cluster",
    "RECALL_FIB_MAX_N,                          fib.max-n",
    "RECALL_STATE_NAMESPACES_SESSION_TTL,       state.namespaces.session.ttl",
    "RECALL_STATE_NAMESPACES_CART_TTL,          state.namespaces.cart.ttl",
    "RECALL_STATE_NAMESPACES_MY_CART_MAX_LIFE,  state.namespaces.my-cart.max-life",
    "RECALL_STATE_NAMESPACES_TTL_TTL,           state.namespaces.ttl.ttl",
    "RECALL_STATE_NAMESPACES_9_TTL,             state.namespaces.9.ttl",
    "RECALL_HTTP_TOKENS_CI_SECRET,              http.tokens.ci.secret",
    "RECALL_HTTP_TOKENS_A_1_SCOPES,             http.tokens.a-1.scopes",
    "RECALL_RATE_LIMITS_API_LIMIT,              rate-limits.api.limit"
  })
  void path_whenAVariableIsOfASetting_leadsToIt(String variable, String path) {
    assertThat(VARIABLES.path(variable)).hasValue(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RECALL_FIB",
        "RECALL_HTTP_TOKENS",
        "RECALL_HTTP_TOKENS_CI",
        "RECALL_HTTP_TOKENS_SECRET",
        "RECALL_HTTP_TOKENS__SECRET",
        "RECALL_HTTP_TOKENS_CI_TTL",
        "RECALL_STATE_NAMESPACES_TTL",
        "RECALL_STATE_NAMESPACES_MAX_LIFE",
        "RECALL_STATE_NAMESPACES_CARTTTL"
      })
  void path_whenAVariableIsOfNone_isEmpty(String variable) {
    assertThat(VARIABLES.path(variable)).isEmpty();
  }
}

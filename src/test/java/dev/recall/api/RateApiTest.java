package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.RateApi.Take;
import dev.recall.api.RateApi.Taken;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateApiTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 20, Integer.MAX_VALUE})
  void take_whenSent_isReadAsItWas(int cost) {
    Take take = new Take("api", "caller €", cost);

    assertThat(Wire.of(Take.FORM, take).readAs(Take.FORM)).isEqualTo(take);
  }

  @Test
  void take_whenWritten_hasTheAgreedFields() {
    assertThat(Wire.of(Take.FORM, new Take("api", "me", 2)))
        .isEqualTo(new Wire("{\"limit\":\"api\",\"caller\":\"me\",\"cost\":2}", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"limit\":\"api\",\"caller\":\"me\"}",
        "{\"limit\":\"api\",\"caller\":\"me\",\"cost\":null}"
      })
  void take_whenItDoesNotSayHowMuch_isOfOne(String body) {
    assertThat(Wire.read(Take.FORM, body, Map.of())).isEqualTo(new Take("api", "me", 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "2147483648", "4294967297", "1.5", "\"1\"", "true"})
  void take_whenTheCostIsNoPositiveNumber_isInvalid(String cost) {
    Faults.of(Take.FORM, "{\"limit\":\"api\",\"caller\":\"me\",\"cost\":" + cost + "}")
        .areIn("cost");
  }

  @Test
  void take_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Take.FORM, "{\"limit\":1,\"caller\":\"\",\"cost\":0,\"x\":1}")
        .areIn("limit", "caller", "cost", "x");
  }

  @Test
  void new_whenTheCallerIsNoKeyName_isInvalid() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> new Take("api", "", 1))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void taken_whenSent_isReadAsItWas(boolean allowed) {
    Taken taken = new Taken(allowed, 3, 4_000, Long.MAX_VALUE);

    assertThat(Wire.of(Taken.FORM, taken))
        .isEqualTo(
            new Wire(
                "{\"allowed\":"
                    + allowed
                    + ",\"remaining\":3,\"reset_ms\":4000,"
                    + "\"retry_after_ms\":9223372036854775807}",
                Map.of()));
    assertThat(Wire.of(Taken.FORM, taken).readAs(Taken.FORM)).isEqualTo(taken);
  }

  @Test
  void take_isServedUnderItsName() {
    assertThat(RateApi.TAKE.cluster().name()).isEqualTo("recall.v1.rate.take");
  }
}

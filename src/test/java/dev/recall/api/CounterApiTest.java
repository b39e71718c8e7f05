package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Delete;
import dev.recall.api.CounterApi.Get;
import dev.recall.api.CounterApi.Value;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CounterApiTest {

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, -1, Integer.MAX_VALUE, 9007199254740993L, Long.MAX_VALUE, Long.MIN_VALUE})
  void add_whenSent_isReadAsItWas(long by) {
    Add add = new Add("user:1 😀", by, Optional.of(Duration.ofHours(1)), Optional.of("k"));

    assertThat(Wire.of(Add.FORM, add).readAs(Add.FORM)).isEqualTo(add);
  }

  @Test
  void add_whenWritten_hasTheAgreedFields() {
    assertThat(Wire.of(Add.FORM, new Add("a", 2, Optional.empty(), Optional.empty())))
        .isEqualTo(new Wire("{\"id\":\"a\",\"by\":2}", Map.of()));
    assertThat(
            Wire.of(
                Add.FORM, new Add("a", 2, Optional.of(Duration.ofMinutes(1)), Optional.of("k"))))
        .isEqualTo(
            new Wire("{\"id\":\"a\",\"by\":2,\"ttl\":60,\"idempotency_key\":\"k\"}", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3_600, 31_536_000})
  void add_whenItHasATtl_livesForSoManySeconds(long seconds) {
    Add add = Wire.read(Add.FORM, "{\"id\":\"a\",\"ttl\":" + seconds + "}", Map.of());

    assertThat(add.ttl()).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"id\":\"a\"}", "{\"id\":\"a\",\"by\":null}"})
  void add_whenItDoesNotSayHowMuch_addsOne(String body) {
    assertThat(Wire.read(Add.FORM, body, Map.of())).isEqualTo(Add.one("a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":1}",
        "{\"id\":\"\"}",
        "{\"id\":\"a\\nb\"}",
        "{\"id\":\"a\",\"by\":\"1\"}",
        "{\"id\":\"a\",\"by\":1.0}",
        "{\"id\":\"a\",\"by\":true}",
        "{\"id\":\"a\",\"by\":9223372036854775808}",
        "{\"id\":\"a\",\"ttl\":0}",
        "{\"id\":\"a\",\"ttl\":-1}",
        "{\"id\":\"a\",\"ttl\":31536001}",
        "{\"id\":\"a\",\"ttl\":1.5}",
        "{\"id\":\"a\",\"ttl\":\"1\"}",
        "{\"id\":\"a\",\"idempotency_key\":\"\"}",
        "{\"id\":\"a\",\"idempotency_key\":\"a\\tb\"}",
        "{\"id\":\"a\",\"idempotency_key\":1}",
        "{\"id\":\"a\",\"By\":1}"
      })
  void add_whenAFieldIsNotAsAgreed_isInvalid(String body) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(Add.FORM, body, Map.of()))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void new_whenTheIdIsNoKeyName_isInvalid() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Add.one(""))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, Long.MAX_VALUE, Long.MIN_VALUE})
  void value_whenSent_isReadAsItWas(long number) {
    Value value = new Value("a", number);

    assertThat(Wire.of(Value.FORM, value))
        .isEqualTo(new Wire("{\"id\":\"a\",\"value\":" + number + "}", Map.of()));
    assertThat(Wire.of(Value.FORM, value).readAs(Value.FORM)).isEqualTo(value);
  }

  @Test
  void add_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Add.FORM, "{\"by\":\"1\",\"ttl\":-1,\"idempotency_key\":\"\",\"x\":1}")
        .areIn("id", "by", "ttl", "idempotency_key", "x");
  }

  @Test
  void new_whenTheIdempotencyKeyIsNoKeyName_isInvalid() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> new Add("a", 1, Optional.empty(), Optional.of("")))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void get_whenSent_isReadAsItWas() {
    Get get = new Get("user:1 😀");

    assertThat(Wire.of(Get.FORM, get).readAs(Get.FORM)).isEqualTo(get);
    assertThat(Wire.of(Get.FORM, new Get("a"))).isEqualTo(new Wire("{\"id\":\"a\"}", Map.of()));
  }

  @Test
  void get_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Get.FORM, "{\"id\":\"\",\"by\":1}").areIn("id", "by");
  }

  @Test
  void delete_whenSent_isReadAsItWas() {
    Delete delete = new Delete("user:1 😀");

    assertThat(Wire.of(Delete.FORM, delete).readAs(Delete.FORM)).isEqualTo(delete);
    assertThat(Wire.of(Delete.FORM, new Delete("a")))
        .isEqualTo(new Wire("{\"id\":\"a\"}", Map.of()));
  }

  @Test
  void delete_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    Faults.of(Delete.FORM, "{\"by\":1}").areIn("id", "by");
  }

  @Test
  void new_whenTheIdOfAnyQuestionIsNoKeyName_isInvalid() {
    assertThatExceptionOfType(FailureException.class).isThrownBy(() -> new Get("\n"));
    assertThatExceptionOfType(FailureException.class).isThrownBy(() -> new Delete("\n"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, Long.MAX_VALUE})
  void removed_whenSent_isReadAsItWas(long number) {
    Removed removed = new Removed(number);

    assertThat(Wire.of(Removed.FORM, removed))
        .isEqualTo(new Wire("{\"removed\":" + number + "}", Map.of()));
    assertThat(Wire.of(Removed.FORM, removed).readAs(Removed.FORM)).isEqualTo(removed);
  }

  @Test
  void services_areServedUnderTheirNames() {
    assertThat(CounterApi.ADD.cluster().name()).isEqualTo("recall.v1.counter.add");
    assertThat(CounterApi.GET.cluster().name()).isEqualTo("recall.v1.counter.get");
    assertThat(CounterApi.DELETE.cluster().name()).isEqualTo("recall.v1.counter.delete");
  }
}

package dev.recall.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldTest {

  private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();

  private static final Field<String> KEY_NAME = Field.keyName("id");
  private static final Field<Long> A = Field.integer("a").orElse(0L);

  /** Two numbers. */
  private record Numbers(Long a, Long b) {}

  private static final Form<Numbers> NUMBERS =
      Form.of(Numbers::new, A.of(Numbers::a), Field.integer("b").orElse(0L).of(Numbers::b))
          .exactly();

  private static <T> Form<T> of(Field<T> field) {
    return Form.of((T value) -> value, field.of(value -> value));
  }

  private static <T> T read(String json, Field<T> field) {
    return of(field).read(new JsonObject(json), NO_HEADERS);
  }

  private static <T> T readExactly(String json, Form<T> form) {
    return form.exactly().read(new JsonObject(json), NO_HEADERS);
  }

  private static void assertInvalid(ThrowingCallable reading, String detail) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(reading)
        .returns(Failure.INVALID, FailureException::failure)
        .returns(detail, FailureException::detail);
  }

  static Stream<Object> others() {
    return Stream.of("{}", 1, true, new JsonArray());
  }

  @ParameterizedTest
  @MethodSource("others")
  void read_whenTheBodyIsNoObject_isInvalid(Object body) {
    assertInvalid(
        () -> of(Field.text("a")).read(body, NO_HEADERS), "the body must be a JSON object");
  }

  @Test
  void read_whenThereIsNoBody_isInvalid() {
    assertInvalid(
        () -> of(Field.text("a")).read((Object) null, NO_HEADERS),
        "the body must be a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":1}", "{\"b\":null}", "{\"b\":1,\"a\":2}"})
  void readExactly_whenEveryFieldIsAskedFor_reads(String json) {
    assertThat(readExactly(json, NUMBERS).a()).isBetween(0L, 2L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"c\":1}", "{\"a\":1,\"c\":null}", "{\"c\":{\"a\":1}}"})
  void readExactly_whenThereIsAnotherField_isInvalidAndNamesIt(String json) {
    assertInvalid(() -> readExactly(json, of(A)), "there is no field c");
  }

  @Test
  void readExactly_whenAFieldIsSpeltInAnotherCase_isInvalid() {
    assertInvalid(() -> readExactly("{\"A\":1}", of(A)), "there is no field A");
  }

  @Test
  void read_whenThereIsAnotherField_passesItOver() {
    assertThat((Object) read("{\"a\":1,\"c\":2}", A)).isEqualTo(1L);
  }

  @Test
  void readExactly_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(
            () ->
                readExactly(
                    "{\"id\":\"\",\"by\":\"x\",\"ttl\":-1,\"z\":0}",
                    Form.<Object, String, Long, Optional<Duration>>of(
                        (id, by, ttl) -> id,
                        Field.keyName("id").of(Object::toString),
                        Field.integer("by").orElse(1L).of(any -> 0L),
                        Field.seconds("ttl").optional().of(any -> Optional.empty()))))
        .returns(Failure.INVALID, FailureException::failure)
        .satisfies(
            failure ->
                assertThat(failure.faults())
                    .extracting(fault -> fault.loc().get(1))
                    .containsExactly("id", "by", "ttl", "z"));
  }

  @Test
  void readExactly_whenThousandsOfFieldsAreAtFault_namesTwentyAndSaysHowManyMore() {
    JsonObject body = new JsonObject();
    IntStream.range(0, 8190).forEach(i -> body.put("field-" + i, i));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> readExactly(body.encode(), NUMBERS))
        .satisfies(
            failure -> {
              assertThat(failure.faults()).hasSize(20);
              assertThat(failure.detail()).endsWith("; and 8170 more").hasSizeLessThan(1100);
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "\u0001", "€", "😀"})
  void readExactly_whenAnUnknownFieldHasALongName_tellsItsBeginning(String character) {
    JsonObject body = new JsonObject().put(character.repeat(20_000), 1);

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> readExactly(body.encode(), NUMBERS))
        .satisfies(
            failure ->
                assertThat(new JsonArray(failure.faults().get(0).loc()).encode())
                    .endsWith("…\"]")
                    .hasSizeLessThan(60));
  }

  @Test
  void read_whenAFieldIsAtFault_doesNotTellOfTheValueThatStoodInForIt() {
    assertInvalid(
        () ->
            Form.of(
                    (String id) -> {
                      KEY_NAME.require(id);
                      return id;
                    },
                    KEY_NAME.of(id -> id))
                .read(new JsonObject("{\"id\":1}"), NO_HEADERS),
        "id must be a string");
  }

  @Test
  void texts_whenAllAreStrings_areInTheirOrder() {
    assertThat((Object) read("{\"a\":[\"2\",\"\",\"2\",\"€\"]}", Field.texts("a")))
        .isEqualTo(List.of("2", "", "2", "€"));
  }

  @Test
  void texts_whenTheListIsEmpty_areNone() {
    assertThat((Object) read("{\"a\":[]}", Field.texts("a"))).isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "[\"1\",null]", "[true]", "[[\"1\"]]", "[{\"a\":\"1\"}]"})
  void texts_whenAnElementIsNoString_areInvalid(String list) {
    assertInvalid(
        () -> read("{\"a\":" + list + "}", Field.texts("a")), "a must be a list of strings");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "{\"a\":\"1\"}", "{\"a\":{}}", "{\"b\":[]}"})
  void texts_whenThereIsNoList_areInvalid(String json) {
    assertInvalid(() -> read(json, Field.texts("a")), "a must be a list");
  }

  @Test
  void objects_whenAllAreObjects_areRead() {
    assertThat(
            (Object)
                read(
                    "{\"a\":[{\"b\":\"1\"},{\"b\":\"2\"}]}",
                    Field.objects("a", of(Field.text("b")))))
        .isEqualTo(List.of("1", "2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "{\"a\":[]}", "{\"a\":\"{}\"}"})
  void object_whenThereIsNone_isInvalid(String json) {
    assertInvalid(() -> read(json, Field.object("a", of(A))), "a must be a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}", "{\"a\":null}"})
  void either_whenTheFieldIsThere_isTheOneThatHasIt(String json) {
    Form<Object> either =
        Form.either(
            "a",
            Long.class,
            of(A),
            String.class,
            Form.of((Long b) -> "none", A.named("b").of(any -> 0L)));

    assertThat(either.read(new JsonObject(json), NO_HEADERS)).isInstanceOf(Long.class);
    assertThat(either.read(new JsonObject("{\"b\":1}"), NO_HEADERS)).isEqualTo("none");
  }

  @Test
  void header_whenSpeltInAnotherCase_isFound() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Source", "cache");

    assertThat(header("source").read(new JsonObject(), headers)).isEqualTo("cache");
    assertThat(header("level").read(new JsonObject(), headers)).isEmpty();
  }

  private static Form<String> header(String name) {
    return Form.of((String text) -> text, Header.text(name).of(text -> text));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, -1, Integer.MAX_VALUE, 1L + Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
  void optionalInteger_whenItIsThere_isExact(long number) {
    assertThat((Object) read("{\"a\":" + number + "}", Field.optionalInteger("a")))
        .isEqualTo(OptionalLong.of(number));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "{\"b\":1}"})
  void optionalInteger_whenItIsNotThere_isEmpty(String json) {
    assertThat((Object) read(json, Field.optionalInteger("a"))).isEqualTo(OptionalLong.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1\"",
        "1.0",
        "1e2",
        "true",
        "[]",
        "{}",
        "9223372036854775808",
        "-9223372036854775809"
      })
  void optionalInteger_whenItIsNoWholeNumberOf64Bits_isInvalid(String value) {
    assertInvalid(
        () -> read("{\"a\":" + value + "}", Field.optionalInteger("a")),
        "a must be a whole number of 64 bits");
  }

  @ParameterizedTest
  @ValueSource(longs = {-2, 0, 30_000})
  void integer_whenItIsWithinTheRange_isRead(long number) {
    assertThat((Object) read("{\"a\":" + number + "}", Field.integer("a", -2, 30_000).orElse(7L)))
        .isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}"})
  void integer_whenItIsNotThere_isTheOneToTakeThen(String json) {
    assertThat((Object) read(json, Field.integer("a", 1, 2).orElse(7L))).isEqualTo(7L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-3", "30001", "9223372036854775808", "1.0", "\"1\"", "true", "[1]", "{}"})
  void integer_whenItIsOutOfTheRangeOrNoWholeNumber_isInvalidAndNamesTheRange(String value) {
    assertInvalid(
        () -> read("{\"a\":" + value + "}", Field.integer("a", -2, 30_000).orElse(7L)),
        "a must be a whole number from -2 to 30000");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3_600, 31_536_000})
  void optionalSeconds_whenTheyAreThere_areRead(long seconds) {
    assertThat((Object) read("{\"a\":" + seconds + "}", Field.seconds("a").optional()))
        .isEqualTo(Optional.of(Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}"})
  void optionalSeconds_whenTheyAreNotThere_areEmpty(String json) {
    assertThat((Object) read(json, Field.seconds("a").optional())).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "31536001", "1.5", "\"1\""})
  void optionalSeconds_whenTheyAreNotFromOneTo365Days_areInvalid(String value) {
    assertInvalid(
        () -> read("{\"a\":" + value + "}", Field.seconds("a").optional()),
        "a must be a whole number from 1 to 31536000");
  }

  @ParameterizedTest
  @CsvSource({"{\"a\":true}, true", "{\"a\":false}, false", "{\"a\":null}, false", "{}, false"})
  void flag_whenItIsTrueOrFalseOrNotThere_isRead(String json, boolean flag) {
    assertThat((Object) read(json, Field.flag("a"))).isEqualTo(flag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"true\"", "1", "0", "[]", "{}"})
  void flag_whenItIsAnythingElse_isInvalid(String value) {
    assertInvalid(() -> read("{\"a\":" + value + "}", Field.flag("a")), "a must be true or false");
  }

  @Test
  void keyName_whenItIsNotThere_isInvalid() {
    assertInvalid(() -> read("{}", Field.keyName("a")), "a is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}"})
  void optionalKeyName_whenItIsNotThere_isEmpty(String json) {
    assertThat((Object) read(json, Field.keyName("a").optional())).isEqualTo(Optional.empty());
  }

  @Test
  void optionalKeyName_whenItIsNone_isInvalid() {
    assertInvalid(
        () -> read("{\"a\":\"\"}", Field.keyName("a").optional()),
        "a must have 1 to 256 bytes of UTF-8");
  }

  @Test
  void optionalKeyName_whenItIsNoString_isInvalidOnce() {
    assertInvalid(() -> read("{\"a\":1}", Field.keyName("a").optional()), "a must be a string");
  }

  @Test
  void read_whenTheMessageRefusesAValue_tellsOfItsField() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(
            () ->
                readExactly(
                    "{\"a\":\"x\"}",
                    Form.<String, String>of(
                        a -> {
                          throw FailureException.invalid("a", "a must be another");
                        },
                        Field.text("a").of(a -> a))))
        .satisfies(
            failure ->
                assertThat(failure.faults())
                    .extracting(FailureException.Fault::loc)
                    .containsExactly(List.of("body", "a")));
  }
}

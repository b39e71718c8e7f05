package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();

  private static <T> T read(String json, Function<JsonReader, T> read) {
    return JsonReader.read(new JsonObject(json), NO_HEADERS, read);
  }

  private static <T> T readExactly(String json, Function<JsonReader, T> read) {
    return JsonReader.readExactly(new JsonObject(json), Map.of(), read);
  }

  private static Long sum(JsonReader json) {
    return json.integer("a", 0) + json.integer("b", 0);
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
        () -> JsonReader.read(body, NO_HEADERS, json -> json.text("a")),
        "the body must be a JSON object");
  }

  @Test
  void read_whenThereIsNoBody_isInvalid() {
    assertInvalid(
        () -> JsonReader.read(null, NO_HEADERS, json -> json.text("a")),
        "the body must be a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":1}", "{\"b\":null}", "{\"b\":1,\"a\":2}"})
  void readExactly_whenEveryFieldIsAskedFor_reads(String json) {
    assertThat(readExactly(json, JsonReaderTest::sum).longValue()).isBetween(0L, 3L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"c\":1}", "{\"a\":1,\"c\":null}", "{\"c\":{\"a\":1}}"})
  void readExactly_whenThereIsAnotherField_isInvalidAndNamesIt(String json) {
    assertInvalid(() -> readExactly(json, reader -> reader.integer("a", 0)), "there is no field c");
  }

  @Test
  void readExactly_whenAFieldIsSpeltInAnotherCase_isInvalid() {
    assertInvalid(
        () -> readExactly("{\"A\":1}", reader -> reader.integer("a", 0)), "there is no field A");
  }

  @Test
  void read_whenThereIsAnotherField_passesItOver() {
    assertThat((Object) read("{\"a\":1,\"c\":2}", json -> json.integer("a", 0))).isEqualTo(1L);
  }

  @Test
  void readExactly_whenSeveralFieldsAreAtFault_namesEachOfThem() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(
            () ->
                readExactly(
                    "{\"id\":\"\",\"by\":\"x\",\"ttl\":-1,\"z\":0}",
                    json -> {
                      json.keyName("id");
                      json.integer("by", 1);
                      return json.optionalSeconds("ttl");
                    }))
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
        .isThrownBy(() -> readExactly(body.encode(), JsonReaderTest::sum))
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
        .isThrownBy(() -> readExactly(body.encode(), JsonReaderTest::sum))
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
            read(
                "{\"id\":1}",
                json -> {
                  String id = json.keyName("id");
                  KeyName.require("id", id);
                  return id;
                }),
        "id must be a string");
  }

  @Test
  void texts_whenAllAreStrings_areInTheirOrder() {
    assertThat((Object) read("{\"a\":[\"2\",\"\",\"2\",\"€\"]}", json -> json.texts("a")))
        .isEqualTo(List.of("2", "", "2", "€"));
  }

  @Test
  void texts_whenTheListIsEmpty_areNone() {
    assertThat((Object) read("{\"a\":[]}", json -> json.texts("a"))).isEqualTo(List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "[\"1\",null]", "[true]", "[[\"1\"]]", "[{\"a\":\"1\"}]"})
  void texts_whenAnElementIsNoString_areInvalid(String list) {
    assertInvalid(
        () -> read("{\"a\":" + list + "}", json -> json.texts("a")), "a must be a list of strings");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "{\"a\":\"1\"}", "{\"a\":{}}", "{\"b\":[]}"})
  void texts_whenThereIsNoList_areInvalid(String json) {
    assertInvalid(() -> read(json, reader -> reader.texts("a")), "a must be a list");
  }

  @Test
  void objects_whenAllAreObjects_areReadersOfEach() {
    assertThat(
            (Object)
                read(
                    "{\"a\":[{\"b\":\"1\"},{\"b\":\"2\"}]}",
                    json -> json.objects("a").stream().map(object -> object.text("b")).toList()))
        .isEqualTo(List.of("1", "2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "{\"a\":[]}", "{\"a\":\"{}\"}"})
  void object_whenThereIsNone_isInvalid(String json) {
    assertInvalid(() -> read(json, reader -> reader.object("a")), "a must be a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}", "{\"a\":null}"})
  void has_whenTheFieldIsThere_holds(String json) {
    assertThat((Object) read(json, reader -> reader.has("a"))).isEqualTo(true);
    assertThat((Object) read(json, reader -> reader.has("b"))).isEqualTo(false);
  }

  @Test
  void header_whenSpeltInAnotherCase_isFound() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("Source", "cache");

    assertThat(JsonReader.<Object>read(new JsonObject(), headers, json -> json.header("source")))
        .isEqualTo(Optional.of("cache"));
    assertThat(JsonReader.<Object>read(new JsonObject(), headers, json -> json.header("level")))
        .isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      longs = {0, -1, Integer.MAX_VALUE, 1L + Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE})
  void optionalInteger_whenItIsThere_isExact(long number) {
    assertThat((Object) read("{\"a\":" + number + "}", json -> json.optionalInteger("a")))
        .isEqualTo(OptionalLong.of(number));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "{\"b\":1}"})
  void optionalInteger_whenItIsNotThere_isEmpty(String json) {
    assertThat((Object) read(json, reader -> reader.optionalInteger("a")))
        .isEqualTo(OptionalLong.empty());
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
        () -> read("{\"a\":" + value + "}", json -> json.optionalInteger("a")),
        "a must be a whole number of 64 bits");
  }

  @ParameterizedTest
  @ValueSource(longs = {-2, 0, 30_000})
  void integer_whenItIsWithinTheRange_isRead(long number) {
    assertThat((Object) read("{\"a\":" + number + "}", json -> json.integer("a", -2, 30_000, 7)))
        .isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}"})
  void integer_whenItIsNotThere_isTheOneToTakeThen(String json) {
    assertThat((Object) read(json, reader -> reader.integer("a", 1, 2, 7))).isEqualTo(7L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-3", "30001", "9223372036854775808", "1.0", "\"1\"", "true", "[1]", "{}"})
  void integer_whenItIsOutOfTheRangeOrNoWholeNumber_isInvalidAndNamesTheRange(String value) {
    assertInvalid(
        () -> read("{\"a\":" + value + "}", json -> json.integer("a", -2, 30_000, 7)),
        "a must be a whole number from -2 to 30000");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3_600, 31_536_000})
  void optionalSeconds_whenTheyAreThere_areRead(long seconds) {
    assertThat((Object) read("{\"a\":" + seconds + "}", json -> json.optionalSeconds("a")))
        .isEqualTo(Optional.of(Duration.ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}"})
  void optionalSeconds_whenTheyAreNotThere_areEmpty(String json) {
    assertThat((Object) read(json, reader -> reader.optionalSeconds("a")))
        .isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "31536001", "1.5", "\"1\""})
  void optionalSeconds_whenTheyAreNotFromOneTo365Days_areInvalid(String value) {
    assertInvalid(
        () -> read("{\"a\":" + value + "}", json -> json.optionalSeconds("a")),
        "a must be a whole number from 1 to 31536000");
  }

  @ParameterizedTest
  @CsvSource({"{\"a\":true}, true", "{\"a\":false}, false", "{\"a\":null}, false", "{}, false"})
  void flag_whenItIsTrueOrFalseOrNotThere_isRead(String json, boolean flag) {
    assertThat((Object) read(json, reader -> reader.flag("a"))).isEqualTo(flag);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"true\"", "1", "0", "[]", "{}"})
  void flag_whenItIsAnythingElse_isInvalid(String value) {
    assertInvalid(
        () -> read("{\"a\":" + value + "}", json -> json.flag("a")), "a must be true or false");
  }

  @Test
  void keyName_whenItIsNotThere_isInvalid() {
    assertInvalid(() -> read("{}", json -> json.keyName("a")), "a is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}"})
  void optionalKeyName_whenItIsNotThere_isEmpty(String json) {
    assertThat((Object) read(json, reader -> reader.optionalKeyName("a")))
        .isEqualTo(Optional.empty());
  }

  @Test
  void optionalKeyName_whenItIsNone_isInvalid() {
    assertInvalid(
        () -> read("{\"a\":\"\"}", json -> json.optionalKeyName("a")),
        "a must have 1 to 256 bytes of UTF-8");
  }

  @Test
  void optionalKeyName_whenItIsNoString_isInvalidOnce() {
    assertInvalid(() -> read("{\"a\":1}", json -> json.optionalKeyName("a")), "a must be a string");
  }

  @Test
  void read_whenTheMessageRefusesAValue_tellsOfItsField() {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(
            () ->
                readExactly(
                    "{\"a\":\"x\"}",
                    json -> {
                      json.text("a");
                      throw FailureException.invalid("a", "a must be another");
                    }))
        .satisfies(
            failure ->
                assertThat(failure.faults())
                    .extracting(FailureException.Fault::loc)
                    .containsExactly(List.of("body", "a")));
  }
}

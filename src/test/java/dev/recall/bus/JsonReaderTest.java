package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();

  private static <T> T read(String json, Function<JsonReader, T> read) {
    return JsonReader.read(new JsonObject(json), NO_HEADERS, read);
  }

  private static <T> T readExactly(String json, Function<JsonReader, T> read) {
    return JsonReader.readExactly(new JsonObject(json), NO_HEADERS, read);
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
                    .extracting(FailureException.Fault::field)
                    .containsExactly("id", "by", "ttl", "z"));
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
}

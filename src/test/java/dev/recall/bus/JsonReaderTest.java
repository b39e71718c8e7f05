package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

  private static JsonReader reader(String json) {
    return JsonReader.of(new JsonObject(json), MultiMap.caseInsensitiveMultiMap());
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
  void of_whenTheBodyIsNoObject_isInvalid(Object body) {
    assertInvalid(
        () -> JsonReader.of(body, MultiMap.caseInsensitiveMultiMap()),
        "the body must be a JSON object");
  }

  @Test
  void of_whenThereIsNoBody_isInvalid() {
    assertInvalid(
        () -> JsonReader.of(null, MultiMap.caseInsensitiveMultiMap()),
        "the body must be a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":1}", "{\"b\":null}", "{\"b\":1,\"a\":2}"})
  void only_whenEveryFieldIsNamed_isTheSameReader(String json) {
    JsonReader reader = reader(json);

    assertThat(reader.only("a", "b")).isSameAs(reader);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"c\":1}", "{\"a\":1,\"c\":null}", "{\"c\":{\"a\":1}}"})
  void only_whenThereIsAnotherField_isInvalidAndNamesIt(String json) {
    assertInvalid(() -> reader(json).only("a", "b"), "there is no field c");
  }

  @Test
  void only_whenAFieldIsSpeltInAnotherCase_isInvalid() {
    assertInvalid(() -> reader("{\"A\":1}").only("a"), "there is no field A");
  }

  @Test
  void only_whenNoFieldIsNamed_refusesAny() {
    assertInvalid(() -> reader("{\"\":1}").only(), "there is no field ");
  }

  @Test
  void texts_whenAllAreStrings_areInTheirOrder() {
    assertThat(reader("{\"a\":[\"2\",\"\",\"2\",\"€\"]}").texts("a"))
        .containsExactly("2", "", "2", "€");
  }

  @Test
  void texts_whenTheListIsEmpty_areNone() {
    assertThat(reader("{\"a\":[]}").texts("a")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "[\"1\",null]", "[true]", "[[\"1\"]]", "[{\"a\":\"1\"}]"})
  void texts_whenAnElementIsNoString_areInvalid(String list) {
    assertInvalid(() -> reader("{\"a\":" + list + "}").texts("a"), "a must be a list of strings");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "{\"a\":\"1\"}", "{\"a\":{}}", "{\"b\":[]}"})
  void texts_whenThereIsNoList_areInvalid(String json) {
    assertInvalid(() -> reader(json).texts("a"), "a must be a list");
  }

  @Test
  void objects_whenAllAreObjects_areReadersOfEach() {
    assertThat(reader("{\"a\":[{\"b\":\"1\"},{\"b\":\"2\"}]}").objects("a"))
        .extracting(object -> object.text("b"))
        .containsExactly("1", "2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "{\"a\":[]}", "{\"a\":\"{}\"}"})
  void object_whenThereIsNone_isInvalid(String json) {
    assertInvalid(() -> reader(json).object("a"), "the body must be a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\":1}", "{\"a\":null}"})
  void has_whenTheFieldIsThere_holds(String json) {
    assertThat(reader(json).has("a")).isTrue();
    assertThat(reader(json).has("b")).isFalse();
  }

  @Test
  void header_whenSpeltInAnotherCase_isFound() {
    JsonReader reader =
        JsonReader.of(new JsonObject(), MultiMap.caseInsensitiveMultiMap().add("Source", "cache"));

    assertThat(reader.header("source")).contains("cache");
    assertThat(reader.header("level")).isEmpty();
  }
}

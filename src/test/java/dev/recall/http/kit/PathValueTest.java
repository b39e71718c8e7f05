package dev.recall.http.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Field;
import io.vertx.ext.web.RoutingContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server reads of a path, or the failure. */
class PathValueTest extends OnServer {

  private static final Field<String> NAME = Field.text("name");

  PathValueTest() {
    super(router -> router.route().handler(PathValueTest::answer));
  }

  private static void answer(RoutingContext context) {
    try {
      context.end(
          context.request().path().endsWith("/rotate")
              ? PathValue.before(context, "/rotate", NAME, "name").text()
              : PathValue.last(context, NAME, "name").text());
    } catch (FailureException failure) {
      context.end(failure.failure() + ": " + failure.detail());
    }
  }

  private String last(String path) {
    return get(path, request -> {});
  }

  @ParameterizedTest
  @CsvSource({
    "/counter/a, a",
    "/counter/a?b=/c, a",
    "/counter/%41%62, Ab",
    "/counter/a%2Fb%2fc, a/b/c",
    "/counter/%E2%82%AC, €",
    "/counter/€, €",
    "/counter/%F0%9F%98%80, 😀",
    "/counter/a+b, a+b",
    "/counter/a%20b, a b",
    "/counter/%25, %",
    "/counter/%2525, %25",
    "/counter/a;b=c, a;b=c",
    "/counter/%EF%BF%BD, \uFFFD"
  })
  void last_whenTheSegmentIsUtf8_isDecodedOnce(String path, String value) {
    assertThat(last(path)).isEqualTo(value);
  }

  @Test
  void last_whenThePathEndsWithASlash_isEmpty() {
    assertThat(last("/counter/")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%FF", "%80", "%C3%28", "%C0%AF", "%E2%82", "%ED%A0%80", "%F4%90%80%80", "a%C3"})
  void last_whenTheBytesAreNotUtf8_isInvalid(String segment) {
    assertThat(last("/counter/" + segment))
        .isEqualTo(Failure.INVALID + ": name must be valid UTF-8 without control characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "a%", "%4", "%zz", "%4g", "%g4", "%%41", "%+1", "%-1"})
  void last_whenAPercentSignBeginsNoEscape_isMalformed(String segment) {
    assertThat(last("/counter/" + segment))
        .isEqualTo(Failure.MALFORMED + ": a percent sign in name begins no escape");
  }

  @ParameterizedTest
  @CsvSource({
    "/state/a/rotate, a",
    "/state/a/rotate?b=/c, a",
    "/state/a%2Fb/rotate, a/b",
    "/state/%E2%82%AC/rotate, €",
    "/state/rotate/rotate, rotate",
    "/state//rotate, ''"
  })
  void before_always_isTheSegmentBeforeTheLast(String path, String value) {
    assertThat(last(path)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "%2E", "%2e."})
  void segment_whenItIsADotSegment_isInvalid(String segment) {
    assertThat(last("/counter/" + segment)).startsWith(Failure.INVALID + ": name must not be");
    assertThat(last("/state/" + segment + "/rotate")).startsWith(Failure.INVALID + ": name must");
  }

  @ParameterizedTest
  @CsvSource({"a, a", "a%3Bb, a;b", "%2E, .", "%C3%A9, é", "a/b, a/b", "'', ''", "é, é", "Ł, Ł"})
  void decode_ofAHeader_isDecodedOnce(String text, String value) {
    assertThat(PathValue.decodeHeader(text, "lock")).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"%FF, INVALID", "%ED%A0%80, INVALID", "%zz, MALFORMED", "a%, MALFORMED"})
  void decode_whenItCannotBe_isRefused(String text, Failure failure) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> PathValue.decodeHeader(text, "lock"))
        .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(failure));
  }
}

package dev.recall.http.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.failure.FailureException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real server answers about a condition, or the failure. */
class ConditionsTest extends OnServer {

  ConditionsTest() {
    super(
        router -> {
          answer(router, "/version", Conditions::version);
          answer(router, "/replaced", Conditions::replaced);
          answer(router, "/tag", Conditions::tag);
          answer(router, "/known", context -> Conditions.isKnown(context, "\"7\""));
          answer(router, "/known-weak", context -> Conditions.isKnown(context, "W/\"7\""));
        });
  }

  private static void answer(Router router, String path, Function<RoutingContext, Object> read) {
    router
        .route(path)
        .handler(
            context -> {
              try {
                context.end(read.apply(context).toString());
              } catch (FailureException refused) {
                context.end(refused.failure().toString());
              }
            });
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"\"7\", 7", "\"0\", 0", "\"999999999999999999\", 999999999999999999"})
  void version_whenItIsANumberInQuotes_isThat(String condition, String version) {
    assertThat(get("/version", match(condition))).isEqualTo("OptionalLong[" + version + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "*",
        "W/\"7\"",
        "\"7\",\"8\"",
        "\"\"",
        "\"a\"",
        "\"-7\"",
        "\"1000000000000000000\"",
        "\"7\"x",
        "\"",
        "",
        "\"٣\""
      })
  void version_whenItIsNoNumberInQuotes_isMalformed(String condition) {
    assertThat(get("/version", match(condition))).isEqualTo("MALFORMED");
  }

  @Test
  void version_whereThereIsNone_isEmpty() {
    assertThat(get("/version")).isEqualTo("OptionalLong.empty");
    assertThat(get("/version", noneMatch("*"))).isEqualTo("OptionalLong.empty");
  }

  @Test
  void replaced_withIfMatch_isTheVersion() {
    assertThat(get("/replaced", match("\"7\""))).isEqualTo("OptionalLong[7]");
  }

  @Test
  void replaced_withIfNoneMatchAsterisk_isNone() {
    assertThat(get("/replaced", noneMatch("*"))).isEqualTo("OptionalLong.empty");
  }

  @Test
  void replaced_withoutACondition_isRequired() {
    assertThat(get("/replaced")).isEqualTo("PRECONDITION_REQUIRED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"7\"", "W/\"7\"", "", "*, \"7\""})
  void replaced_withIfNoneMatchOfATag_isMalformed(String condition) {
    assertThat(get("/replaced", noneMatch(condition))).isEqualTo("MALFORMED");
  }

  @Test
  void replaced_withBothConditions_isMalformed() {
    assertThat(get("/replaced", match("\"7\""), noneMatch("*"))).isEqualTo("MALFORMED");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "", "_-9", "!#~", "W/"})
  void tag_whenItIsInQuotes_isWhatStandsBetweenThem(String opaque) {
    assertThat(get("/tag", match("\"" + opaque + "\""))).isEqualTo("Optional[" + opaque + "]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "\"a b\"", "\"a\"b\"", "W/\"a\"", "\"a\", \"b\"", "*"})
  void tag_whenItIsNotOneStrongTag_isMalformed(String condition) {
    assertThat(get("/tag", match(condition))).isEqualTo("MALFORMED");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"7\"",
        "W/\"7\"",
        "*",
        "\"6\", \"7\"",
        "\"6\",W/\"7\"",
        " \"7\" ,\"8\"",
        ",\"7\","
      })
  void isKnown_whenTheTagIsAmongThem_isTrue(String condition) {
    assertThat(get("/known", noneMatch(condition))).isEqualTo("true");
    assertThat(get("/known-weak", noneMatch(condition))).isEqualTo("true");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"70\"", "7", "\"\"", "", "w/\"7\"", "\"*\"", "\"6\", \"8\""})
  void isKnown_whenTheTagIsNotAmongThem_isFalse(String condition) {
    assertThat(get("/known", noneMatch(condition))).isEqualTo("false");
  }

  @Test
  void isKnown_whenTheTagIsOnTheSecondLine_isTrue() {
    assertThat(get("/known", noneMatch("\"6\""), noneMatch("\"7\""))).isEqualTo("true");
    assertThat(get("/known")).isEqualTo("false");
  }

  private record Line(CharSequence name, String value) {}

  private static Line match(String value) {
    return new Line(HttpHeaders.IF_MATCH, value);
  }

  private static Line noneMatch(String value) {
    return new Line(HttpHeaders.IF_NONE_MATCH, value);
  }

  private String get(String path, Line... lines) {
    return get(
        path,
        request -> List.of(lines).forEach(line -> request.headers().add(line.name, line.value)));
  }
}

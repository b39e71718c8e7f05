package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Apart from {@link OriginUrlTest}: two engines would write the report of one class twice. */
class OriginUrlPropertyTest {

  private static final String SERVER = "http://shop.internal:8000";

  /** Whatever can be an input: no dot segment, and no half of a character. */
  @Provide
  Arbitrary<String> inputs() {
    Arbitrary<String> any = Arbitraries.strings().all();
    Arbitrary<String> nasty =
        Arbitraries.strings().withChars("/\\.?#%&=@:;+{}[] \r\n\0\"'<>é€2eEfF").ofMaxLength(40);
    return Arbitraries.oneOf(any, nasty)
        .filter(input -> StandardCharsets.UTF_8.newEncoder().canEncode(input))
        .filter(input -> !input.isEmpty() && !input.equals(".") && !input.equals(".."));
  }

  private static String decoded(String part) {
    assertThat(part).matches("[A-Za-z0-9._~%-]+");
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }

  @Property
  void target_whenTheInputIsASegment_isThatSegmentAndNothingElse(@ForAll("inputs") String input) {
    OriginUrl url = new OriginUrl(SERVER + "/v1/p/{input}/full?a=b");
    URI asked = URI.create(SERVER + url.target(input)).normalize();

    assertThat(asked.getScheme()).isEqualTo("http");
    assertThat(asked.getRawAuthority()).isEqualTo("shop.internal:8000");
    assertThat(asked.getRawQuery()).isEqualTo("a=b");
    assertThat(asked.getRawFragment()).isNull();
    String[] segments = asked.getRawPath().split("/", -1);
    assertThat(segments).hasSize(5).startsWith("", "v1", "p").endsWith("full");
    assertThat(decoded(segments[3])).isEqualTo(input);
  }

  @Property
  void target_whenTheInputIsAValueOfTheQuery_isThatValueAndNothingElse(
      @ForAll("inputs") String input) {
    OriginUrl url = new OriginUrl(SERVER + "/v1/p?id={input}&a=b");
    URI asked = URI.create(SERVER + url.target(input)).normalize();

    assertThat(asked.getRawAuthority()).isEqualTo("shop.internal:8000");
    assertThat(asked.getRawPath()).isEqualTo("/v1/p");
    assertThat(asked.getRawFragment()).isNull();
    assertThat(asked.getRawQuery()).startsWith("id=").endsWith("&a=b");
    String[] pairs = asked.getRawQuery().split("&", -1);
    assertThat(pairs).hasSize(2);
    assertThat(decoded(pairs[0].substring(3))).isEqualTo(input);
  }

  @Property
  void target_whenTwoInputsDiffer_differs(
      @ForAll("inputs") String one, @ForAll("inputs") String other) {
    OriginUrl url = new OriginUrl(SERVER + "/{input}");

    assertThat(url.target(one).equals(url.target(other))).isEqualTo(one.equals(other));
  }
}

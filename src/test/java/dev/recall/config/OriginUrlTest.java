package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginUrlTest {

  @ParameterizedTest
  @CsvSource({
    "http://shop/{input},              false, shop,      80,   /x",
    "https://shop/p/{input},           true,  shop,      443,  /p/x",
    "http://shop:8000/p/{input}?a=b,   false, shop,      8000, /p/x?a=b",
    "http://shop?id={input},           false, shop,      80,   /?id=x",
    "http://[::1]:8000/{input}.json,   false, [::1],     8000, /x.json",
    "http://127.0.0.1/a%20b/{input}/c, false, 127.0.0.1, 80,   /a%20b/x/c",
    "http://shop/recall-input/{input}, false, shop,      80,   /recall-input/x",
    "http://recall-input/{input}/p,    false, recall-input, 80, /x/p"
  })
  void new_whenTheTextIsOne_hasItsParts(
      String text, boolean tls, String host, int port, String target) {
    OriginUrl url = new OriginUrl(text);

    assertThat(url.isTls()).isEqualTo(tls);
    assertThat(url.host()).isEqualTo(host);
    assertThat(url.port()).isEqualTo(port);
    assertThat(url.target("x")).isEqualTo(target);
    assertThat(url).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({
    "http://shop/p,                     must have {input} once",
    "http://shop/{input}/{input},       must have {input} once",
    "http://{input}.shop/p,             must have {input} in its path or query",
    "http://shop:{input}/p,             must name a host",
    "http://shop/p#{input},             must name a host",
    "http://shop/{input}#part,          must name a host",
    "http://ann:secret@shop/{input},    must name a host",
    "http://{input}@shop/p,             must name a host",
    "http://[::ffff:127.0.0.1]/{input}, must name a host; an address of IPv6 like",
    "http:///{input},                   must name a host",
    "http:p{input},                     must name a host",
    "ftp://shop/{input},                must begin with http:// or https://",
    "HTTP://shop/{input},               must begin with http:// or https://",
    "shop/{input},                      must begin with http:// or https://",
    "http://shop/a b/{input},           must be a URL",
    "http://shop/\u00e9/{input},        must be a URL",
    "http://shop/%zz/{input},           must be a URL",
    "http://shop/{other}/{input},       must be a URL",
    "http://shop:0/{input},             must have a port from 1 to 65535",
    "http://shop:65536/{input},         must have a port from 1 to 65535",
    "http://shop/.{input},              must not have nothing but dots",
    "http://shop/{input}%2e/p,          must not have nothing but dots"
  })
  void new_whenTheTextIsNone_saysWhatIsWrongAndNotWhatWasSaid(String text, String why) {
    assertThatThrownBy(() -> new OriginUrl(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(why)
        .hasMessageNotContaining("secret");
  }

  @Test
  void equals_whenTheTextIsTheSame_holds() {
    assertThat(new OriginUrl("http://a/{input}"))
        .isEqualTo(new OriginUrl("http://a/{input}"))
        .hasSameHashCodeAs(new OriginUrl("http://a/{input}"))
        .isNotEqualTo(new OriginUrl("http://a/{input}?"));
  }
}

package dev.recall.origin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Names of origins, which mean one address now and another one later, or none. */
class OriginAddressTest extends OnCalls {

  private static final String REFUSED =
      "ORIGIN_FAILED origins.allow does not permit the address of the origin";

  private static final NameServer NAMES = new NameServer();

  OriginAddressTest() {
    super(
        Vertx.vertx(
            new VertxOptions()
                .setAddressResolverOptions(
                    new AddressResolverOptions()
                        .setServers(List.of("127.0.0.1:" + NAMES.port()))
                        .setCacheMaxTimeToLive(0)
                        .setSearchDomains(List.of()))),
        1);
    NAMES.silence();
  }

  @AfterAll
  static void closeNames() {
    NAMES.close();
  }

  @Test
  void ask_whenTheNameIsKnown_isTheResult() {
    NAMES.answer("127.0.0.1");

    assertThat(told(ask(defined("shop.test", true), "x"))).isEqualTo("{}");
    assertThat(origin.last().header("host")).isEqualTo("shop.test:" + origin.port());
  }

  @Test
  void ask_whenTheNameIsNotKnown_fails() {
    NAMES.answer("");

    assertThat(told(ask(defined("shop.test", true), "x")))
        .isEqualTo("ORIGIN_FAILED the origin cannot be asked: its name is not known");
  }

  @Test
  void ask_whenTheNameServerIsSilent_isLate() {
    Origin shop = defined("shop.test", true);

    assertThat(told(ask(shop, "x", Duration.ofMillis(200))))
        .isEqualTo("TIMED_OUT the origin does not answer within 200 ms");
    assertThat(shop.inFlight()).isZero();
  }

  @Test
  void ask_whenTheAddressChanges_asksTheNewOneOrNobody() {
    Origin shop = defined("shop.test", true);
    Origin fixed = defined("shop.test", false);
    NAMES.answer("127.0.0.1");
    assertThat(told(ask(shop, "x"))).isEqualTo("{}");
    int before = origin.connections();

    NAMES.answer("127.0.0.2");

    assertThat(told(ask(shop, "y"))).isEqualTo(REFUSED);
    assertThat(origin.connections()).isEqualTo(before);
    assertThat(told(ask(fixed, "y"))).isEqualTo("{}");
    assertThat(origin.connections()).isEqualTo(before + 1);
    NAMES.answer("127.0.0.1");
    assertThat(told(ask(shop, "z"))).isEqualTo("{}");
  }

  @Test
  void ask_whenTheAddressIsWrittenOtherwise_isLookedAtAllTheSame() {
    assertThat(told(ask(defined("[::ffff:7f00:2]", true), "x"))).isEqualTo(REFUSED);
    assertThat(told(ask(defined("127.0.0.2", true), "x"))).isEqualTo(REFUSED);
    assertThat(told(ask(defined("[::ffff:7f00:1]", true), "x"))).isEqualTo("{}");
  }

  @Test
  void ask_whenTheSettingsDefineIt_isNotLookedAt() {
    assertThat(told(ask(defined("127.0.0.2", false), "x"))).isEqualTo("{}");
  }
}

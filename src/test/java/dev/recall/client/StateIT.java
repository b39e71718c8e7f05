package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.CounterApi.Add;
import dev.recall.api.DocumentApi.Document;
import dev.recall.api.DocumentApi.Stored;
import dev.recall.failure.Failure;
import dev.recall.testing.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counters, documents and rate limits, both ways. */
@ParameterizedClass
@EnumSource(Way.class)
class StateIT extends OnNode {

  private static final Duration LONG = Duration.ofSeconds(20);

  StateIT(Way way) {
    super(way);
  }

  @Test
  void add_countsFromZero() {
    assertThat(got(client.counters().get("visits"))).isZero();
    assertThat(got(client.counters().add("visits"))).isEqualTo(1);
    assertThat(got(client.counters().add("visits", -5))).isEqualTo(-4);
    assertThat(got(client.counters().get("visits"))).isEqualTo(-4);
  }

  @Test
  void add_whenItIsAskedAgainWithItsKey_addsOnce() {
    Add add = new Add("visits", 3, Optional.of(Duration.ofSeconds(90)), Optional.of("ké 1"));

    assertThat(got(client.counters().add(add))).isEqualTo(3);
    assertThat(got(client.counters().add(add))).isEqualTo(3);
    assertThat(redis.number("TTL", "counter:visits")).isBetween(1L, 90L);
  }

  @Test
  void delete_ofACounter_beginsAnew() {
    got(client.counters().add("visits", 7));

    got(client.counters().delete("visits"));

    assertThat(got(client.counters().get("visits"))).isZero();
  }

  @Test
  void add_pastSixtyFourBits_isRefused() {
    got(client.counters().add("visits", Long.MAX_VALUE));

    assertFails(client.counters().add("visits"), Failure.COUNTER_OVERFLOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000b", "\ud800"})
  void add_toWhatIsNoName_isInvalid(String id) {
    assertFails(client.counters().add(id), Failure.INVALID);
    assertFails(client.counters().get(id), Failure.INVALID);
    assertFails(client.counters().delete(id), Failure.INVALID);
    assertFails(client.documents("profile").get(id), Failure.INVALID);
    assertFails(client.lock(id, LONG, Duration.ZERO), Failure.INVALID);
    assertFails(client.takeOf("mails", id, 1), Failure.INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:b", "*", "{x}", "😀", "a/b", "é", " ", "a;b", "%2F", "../x", "a\"b"})
  void everything_underAnUnusualName_isThatName(String name) {
    assertThat(got(client.counters().add(name))).isEqualTo(1);
    assertThat(redis.run("GET", "counter:" + name)).isEqualTo("1");
    HeldLock lock = got(client.lock(name, LONG, Duration.ZERO));
    Stored stored = got(client.documents("profile").put(name, "{}", OptionalLong.empty(), lock));
    assertThat(stored.key()).isEqualTo(name);
    assertThat(got(client.documents("profile").get(name))).isPresent();
    got(lock.release());
    assertThat(got(client.takeOf("mails", name, 1)).allowed()).isTrue();
    got(client.results().put("report", name, "of " + name));
    assertThat(got(client.results().get("report", name))).hasValue("of " + name);
  }

  @Test
  void put_ofADocument_comesBackAsItWasWritten() {
    String json = "{\"city\": \"Zürich 😀\", \"pi\": 3.14159265358979323846264338327950288}";

    Stored stored = got(client.documents("profile").put("ada", json));

    assertThat(stored.created()).isTrue();
    assertThat(got(client.documents("profile").get("ada")))
        .hasValue(new Document(json, stored.version()));
  }

  @Test
  void put_ofADocumentThatIsThere_needsItsVersion() {
    Documents profiles = client.documents("profile");
    long first = got(profiles.put("ada", "1")).version();

    assertFails(profiles.put("ada", "2"), Failure.STALE_VERSION);
    Stored second = got(profiles.put("ada", "2", first));
    assertThat(second.created()).isFalse();
    assertFails(profiles.put("ada", "3", first), Failure.STALE_VERSION);
    assertFails(profiles.delete("ada", first), Failure.STALE_VERSION);
    assertFails(profiles.rotate("ada", first), Failure.STALE_VERSION);
    got(profiles.delete("ada", second.version()));
    assertThat(got(profiles.get("ada"))).isEmpty();
  }

  @Test
  void create_thenRotate_movesADocumentToNewKeys() {
    Documents sessions = client.documents("session");
    Stored created = got(sessions.create("{\"user\":\"ada\"}"));

    Stored rotated = got(sessions.rotate(created.key()));
    Stored again = got(sessions.rotate(rotated.key(), rotated.version()));

    assertThat(List.of(created.key(), rotated.key(), again.key())).doesNotHaveDuplicates();
    assertThat(got(sessions.get(created.key()))).isEmpty();
    assertThat(got(sessions.get(again.key())))
        .map(Document::document)
        .hasValue("{\"user\":\"ada\"}");
    got(sessions.delete(again.key()));
    assertThat(got(sessions.get(again.key()))).isEmpty();
  }

  @Test
  void put_ofWhatIsNoDocument_isRefused() {
    assertFails(client.documents("profile").put("ada", "{"), Failure.MALFORMED);
    assertFails(client.documents("nothing").put("ada", "{}"), Failure.NO_SUCH_NAMESPACE);
    assertFails(client.documents("profile").rotate("nobody"), Failure.NO_SUCH_DOCUMENT);
  }

  @Test
  void put_underALockThatANewerHolderHasWrittenUnder_isRefused() {
    Documents profiles = client.documents("profile");
    HeldLock old = got(client.lock("l", LONG, Duration.ZERO));
    got(old.release());
    HeldLock current = got(client.lock("l", LONG, Duration.ZERO));
    Stored written = got(profiles.put("ada", "1", OptionalLong.empty(), current));

    assertFails(
        profiles.put("ada", "2", OptionalLong.of(written.version()), old), Failure.STALE_FENCE);
  }

  @Test
  void takeOf_aRateLimit_isAllowedUpToItsBurst() {
    String caller = UUID.randomUUID().toString();

    assertThat(got(client.takeOf("mails", caller, 2)))
        .isEqualTo(new Allowance(true, 1, Duration.ZERO));
    Allowance refused = got(client.takeOf("mails", caller, 2));
    assertThat(refused.allowed()).isFalse();
    assertThat(refused.remaining()).isZero();
    assertThat(refused.retryAfter()).isBetween(Duration.ofMinutes(1), Duration.ofMinutes(31));
    assertFails(client.takeOf("mails", caller, 4), Failure.INVALID);
    assertFails(client.takeOf("nothing", caller, 1), Failure.NO_SUCH_RATE_LIMIT);
  }

  @Test
  void anything_afterTheClientWasClosed_isRefusedAndNothingIsAsked() {
    got(client.close());

    assertFails(client.counters().add("visits"), Failure.NO_SERVER);
    assertThat(Node.await(another(ClientOptions.DEFAULT).counters().get("visits"))).isZero();
  }
}

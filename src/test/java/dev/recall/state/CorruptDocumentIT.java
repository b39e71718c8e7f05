package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.DocumentApi.Fence;
import dev.recall.api.DocumentApi.Get;
import dev.recall.api.DocumentApi.Put;
import dev.recall.api.DocumentApi.Rotate;
import dev.recall.api.DocumentApi.Stored;
import dev.recall.config.Settings.Namespace;
import dev.recall.failure.Failure;
import dev.recall.redis.DocumentStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that another program has written and that Lua would read, but no document has. */
class CorruptDocumentIT extends OnStateLoop<Documents> {

  private static final Namespace RULES =
      new Namespace(Duration.ofMinutes(30), true, Duration.ofMinutes(40), 100, true);
  private static final String KEY = "state:n:k";

  CorruptDocumentIT() {
    super(
        (vertx, store, parts) ->
            new Documents(new DocumentStore(store), Map.of("n", RULES), () -> "new"));
  }

  private void write(String version, String created) {
    redis.cli().run("HSET", KEY, "text", "1", "version", version, "created", created);
    redis.cli().run("PEXPIRE", KEY, "1000000");
  }

  private <T> void assertCorrupt(Function<Documents, Future<T>> question) {
    String before = redis.digest();

    assertThat(loop.ask(question).failure()).contains(Failure.CORRUPT_DOCUMENT);

    assertThat(redis.digest()).isEqualTo(before);
  }

  private static Future<Stored> put(Documents documents, long version) {
    return documents.put(new Put("n", "k", "2", OptionalLong.of(version), Optional.empty()));
  }

  private static Future<Stored> rotate(Documents documents) {
    return documents.rotate(new Rotate("n", "k", OptionalLong.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"abc", "", "1e3", "0x10", "12.5", " 7", "nan", "inf", "99999999999999999999"})
  void getAndRotate_whenTheVersionIsNoWholeNumber_areRefusedAndLeaveItAsItWas(String version) {
    write(version, Long.toString(System.currentTimeMillis()));

    assertCorrupt(documents -> documents.get(new Get("n", "k")));
    assertCorrupt(CorruptDocumentIT::rotate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "", "nan", "a fraction"})
  void anything_whenItsCreationIsNoWholeNumber_isRefusedAndLeavesItAsItWas(String created) {
    String twentyMinutesAgo = Long.toString(System.currentTimeMillis() - 1_200_000);
    write("7", created.equals("a fraction") ? twentyMinutesAgo + ".5" : created);

    assertCorrupt(documents -> put(documents, 7));
    assertCorrupt(CorruptDocumentIT::rotate);
    assertCorrupt(documents -> documents.get(new Get("n", "k")));
  }

  @Test
  void put_whenTheFencesOfTheLockAreNoNumbers_isRefusedAndWritesNothing() {
    redis.cli().run("HSET", "fence:l", "issued", "abc");
    String before = redis.digest();

    Optional<Failure> failure =
        loop.ask(
                documents ->
                    documents.put(
                        new Put(
                            "n", "k", "2", OptionalLong.empty(), Optional.of(new Fence("l", 1)))))
            .failure();

    assertThat(failure).isPresent();
    assertThat(redis.digest()).isEqualTo(before);
  }
}

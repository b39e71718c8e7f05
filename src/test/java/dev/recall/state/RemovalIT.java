package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.CounterApi.Delete;
import dev.recall.api.CounterApi.Get;
import dev.recall.redis.CounterStore;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A removal that shares its turn with a read that Redis answers with an error. */
class RemovalIT extends OnStateLoop<Counters> {

  RemovalIT() {
    super((vertx, store, parts) -> new Counters(new CounterStore(store), Duration.ofHours(1)));
  }

  @Test
  void delete_whenAReadOfTheSameTurnFails_isSentOnce() {
    redis.cli().run("SET", "counter:a", "7");
    redis.cli().run("RPUSH", "counter:list", "1");
    redis.cli().run("CONFIG", "RESETSTAT");

    Answer<Long> removed =
        loop.ask(
            counters -> {
              Future<Long> gone = counters.delete(new Delete("a")).map(done -> done.removed());
              return counters.get(new Get("list")).transform((value, wrongType) -> gone);
            });

    assertThat(removed.value()).contains(1L);
    assertThat(redis.cli().run("INFO", "commandstats")).contains("cmdstat_unlink:calls=1,");
  }
}

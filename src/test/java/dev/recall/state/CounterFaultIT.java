package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.testing.Crowd;
import dev.recall.testing.Verdict;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many add to one counter over two nodes, whose connections to Redis are cut all the time. */
class CounterFaultIT extends CutNodes {

  private static final int CALLERS = 16;
  private static final int KEYS_EACH = 15;
  private static final long KEYS = 240;

  private final Queue<Long> values = new ConcurrentLinkedQueue<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger unknown = new AtomicInteger();

  @Test
  void add_whileConnectionsAreCut_countsWhatIsAcknowledgedAndNothingTwice() throws Exception {
    Crowd.of(
        CALLERS,
        who -> {
          while (acknowledged.get() < 600) {
            note(add(who));
          }
        });

    assertThat(unknown).hasPositiveValue(); // or nothing was put to the test
    assertThat(cli.number("GET", "counter:k"))
        .isBetween((long) acknowledged.get(), (long) acknowledged.get() + unknown.get());
    assertThat(values).doesNotHaveDuplicates().hasSize(acknowledged.get());
  }

  @Test
  void add_withAnIdempotencyKeyUntilAcknowledged_countsEachKeyExactlyOnce() throws Exception {
    Crowd.of(
        CALLERS,
        who -> {
          for (int i = 0; i < KEYS_EACH; i++) {
            String key = who + "-" + i;
            await()
                .atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> note(add(who, "Idempotency-Key", key)) == Verdict.DONE);
          }
        });

    assertThat(unknown).hasPositiveValue();
    assertThat(cli.number("GET", "counter:k")).isEqualTo(KEYS);
    assertThat(values)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, KEYS).boxed().toList());
  }

  private HttpResponse<String> add(int who, String... headers) {
    return nodeOf(who).send("POST", "/v1/counters/k", "", headers);
  }

  private Verdict note(HttpResponse<String> answer) {
    Verdict verdict = Verdict.of(answer);
    if (verdict == Verdict.DONE) {
      disturb(acknowledged.incrementAndGet(), 20, 110);
      values.add(new JsonObject(answer.body()).getLong("value"));
    } else if (verdict == Verdict.UNKNOWN) {
      unknown.incrementAndGet();
    }
    return verdict;
  }
}

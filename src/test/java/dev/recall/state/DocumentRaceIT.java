package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.testing.Crowd;
import dev.recall.testing.DocumentCaller;
import dev.recall.testing.Verdict;
import dev.recall.testing.VersionHistory;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Many write, delete and rotate one document over two nodes, some while connections are cut. */
class DocumentRaceIT extends CutNodes {

  private static final int CALLERS = 16;

  private final VersionHistory history = new VersionHistory();
  private final AtomicInteger steps = new AtomicInteger();

  @Test
  void put_byManyWhileConnectionsAreCut_makesOneLineOfVersions() throws Exception {
    created("/v1/state/config/k");

    Crowd.of(
        CALLERS,
        who -> {
          DocumentCaller caller = caller(who, "/v1/state/config/k");
          while (history.size() < 200) {
            if (replace(caller)) {
              disturb(steps.incrementAndGet(), 10, 60);
            }
          }
        });

    history.assertOneLine();
    history.read(until(Verdict.DONE, caller(0, "/v1/state/config/k")::get));
  }

  @Test
  void put_byManyWhileItIsDeletedAgainAndAgain_neverGoesBackInVersions() throws Exception {
    created("/v1/state/profile/k");

    Crowd.of(
        CALLERS,
        who -> {
          DocumentCaller caller = caller(who, "/v1/state/profile/k");
          while (history.size() < 200) {
            if (who == 0) {
              caller.delete();
            } else if (replace(caller) || create(caller)) {
              disturb(steps.incrementAndGet(), 10, 60);
            }
          }
        });

    history.assertOneLine();
  }

  @RepeatedTest(5)
  void put_byAHundredBesideOneDelete_staysDeleted() throws Exception {
    created("/v1/state/session/k");
    AtomicBoolean deleted = new AtomicBoolean();
    AtomicInteger tried = new AtomicInteger();

    Crowd.of(
        CALLERS,
        who -> {
          DocumentCaller caller = caller(who, "/v1/state/session/k");
          if (who == 0) {
            soon().until(() -> tried.get() >= 30);
            proxy.cutNext();
            until(Verdict.DONE, caller::delete);
            deleted.set(true);
            return;
          }
          while (tried.get() < 100 || !deleted.get()) {
            boolean late = deleted.get();
            boolean accepted = replace(caller) || create(caller);
            assertThat(accepted && late).as("a write was accepted after the delete").isFalse();
            tried.incrementAndGet();
          }
        });

    history.assertOneLine();
    DocumentCaller caller = caller(1, "/v1/state/session/k");
    assertThat(Verdict.type(until(Verdict.REFUSED, caller::get))).isEqualTo("no-such-document");
    HttpResponse<String> again = until(Verdict.REFUSED, () -> caller.create("{}"));
    assertThat(Verdict.type(again)).isEqualTo("stale-version");
  }

  @RepeatedTest(3)
  void rotate_byMany_isDoneByOneAndLeavesOneKey() throws Exception {
    created("/v1/state/session/k");
    Queue<String> moved = new ConcurrentLinkedQueue<>();

    Crowd.of(
        32,
        who -> {
          HttpResponse<String> answer = caller(who, "/v1/state/session/k").rotate();
          if (Verdict.of(answer) == Verdict.DONE) {
            moved.add(answer.headers().firstValue("location").orElseThrow());
          }
        });

    assertThat(moved).hasSize(1);
    assertThat(live())
        .isEqualTo("[" + moved.remove().replace("/v1/state/session/", "state:session:") + "]");
  }

  @RepeatedTest(3)
  void rotate_byManyWhileConnectionsAreCut_leavesOneKey() throws Exception {
    created("/v1/state/session/k");
    AtomicInteger moved = new AtomicInteger();
    proxy.cutNext();

    Crowd.of(
        8,
        who -> {
          if (Verdict.of(caller(who, "/v1/state/session/k").rotate()) == Verdict.DONE) {
            moved.incrementAndGet();
          }
        });

    assertThat(moved).hasValueLessThanOrEqualTo(1);
    assertThat(live()).matches("\\[state:session:[^, ]+]");
  }

  @RepeatedTest(5)
  void rotate_besideWritesAndADelete_losesNoAcceptedWriteAndRevivesNothing() throws Exception {
    created("/v1/state/session/k");
    Queue<HttpResponse<String>> moved = new ConcurrentLinkedQueue<>();

    Crowd.of(
        12,
        who -> {
          DocumentCaller caller = caller(who, "/v1/state/session/k");
          if (who == 0) {
            soon().until(() -> history.size() > 5);
            until(Verdict.DONE, caller::delete);
          } else if (who == 1) {
            soon().until(() -> history.size() > 5);
            moved.add(caller.rotate());
          } else {
            while (Verdict.of(caller.get()) != Verdict.REFUSED) {
              replace(caller);
            }
          }
        });

    history.assertOneLine();
    HttpResponse<String> rotated = moved.remove();
    if (Verdict.of(rotated) == Verdict.DONE) {
      String location = rotated.headers().firstValue("location").orElseThrow();
      HttpResponse<String> now = until(Verdict.DONE, () -> nodeOf(0).get(location));
      long last = new JsonObject(now.body()).getLong("after") + 1;
      assertThat(last).isGreaterThanOrEqualTo(history.newest());
      assertThat(DocumentCaller.version(rotated)).isEqualTo(last + 1);
    } else if (Verdict.of(rotated) == Verdict.REFUSED) {
      assertThat(live()).isEqualTo("[]");
    }
  }

  private void created(String path) {
    JsonObject first = history.first();
    HttpResponse<String> answer =
        until(Verdict.DONE, () -> caller(0, path).put(first.encode(), "If-None-Match", "*"));
    history.accept(answer, first, 0);
  }

  private DocumentCaller caller(int who, String path) {
    return new DocumentCaller(nodeOf(who), path);
  }

  /** Reads and writes; answers whether that was accepted. */
  private boolean replace(DocumentCaller caller) {
    HttpResponse<String> read = caller.get();
    if (Verdict.of(read) != Verdict.DONE) {
      return false;
    }
    history.read(read);
    JsonObject document = history.successor(read);
    long before = history.newest();
    long version = DocumentCaller.version(read);
    return noted(caller.replace(version, document.encode()), document, before);
  }

  private boolean create(DocumentCaller caller) {
    JsonObject document = history.first();
    long before = history.newest();
    return noted(caller.create(document.encode()), document, before);
  }

  private boolean noted(HttpResponse<String> answer, JsonObject document, long before) {
    boolean accepted = Verdict.of(answer) == Verdict.DONE;
    if (accepted) {
      history.accept(answer, document, before);
    }
    return accepted;
  }

  /** The keys of all documents that are not deleted. */
  private String live() {
    return cli.run(
        "EVAL",
        "local live = {} for _, key in ipairs(redis.call('KEYS', 'state:*')) do"
            + " if redis.call('HEXISTS', key, 'text') == 1 then live[#live + 1] = key end end"
            + " return live",
        "0");
  }

  private static HttpResponse<String> until(Verdict verdict, Supplier<HttpResponse<String>> ask) {
    return soon().until(ask::get, answer -> Verdict.of(answer) == verdict);
  }

  private static ConditionFactory soon() {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2));
  }
}

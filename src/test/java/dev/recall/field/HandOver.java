package dev.recall.field;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.testing.NodeProcess;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A lock that is given back while somebody waits for it. */
final class HandOver {

  private HandOver() {}

  /** How long the one who waits has to wait once the lock is free. */
  static Duration time(NodeProcess node, String lock) throws Exception {
    HttpResponse<String> held = acquire(node, lock, 0).join();
    CompletableFuture<HttpResponse<String>> waiting = acquire(node, lock, 10_000);
    await().until(() -> node.meter("recall_lock_waiting ") == 1);

    HttpResponse<String> released =
        node.ask("DELETE", "/v1/locks/" + lock, "", "If-Match", quoted(held)).join();
    long begun = System.nanoTime();
    HttpResponse<String> taken = waiting.join();
    Duration time = Duration.ofNanos(System.nanoTime() - begun);

    assertThat(held.statusCode()).as(held.body()).isEqualTo(201);
    assertThat(released.statusCode()).as(released.body()).isEqualTo(204);
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(201);
    node.ask("DELETE", "/v1/locks/" + lock, "", "If-Match", quoted(taken)).join();
    return time;
  }

  private static CompletableFuture<HttpResponse<String>> acquire(
      NodeProcess node, String lock, long waitMs) {
    String wanted = new JsonObject().put("ttl_ms", 60_000).put("wait_ms", waitMs).encode();
    return node.ask("POST", "/v1/locks/" + lock, wanted);
  }

  private static String quoted(HttpResponse<String> held) {
    return "\"" + new JsonObject(held.body()).getString("token") + "\"";
  }
}

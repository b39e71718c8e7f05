package shop;

import dev.recall.client.RecallClient;
import dev.recall.client.Remembering;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Squares, each computed once. */
public final class Squares {

  private static final Remembering SQUARES =
      Remembering.of("squares").ttl(Duration.ofSeconds(60));

  private final RecallClient recall;
  final AtomicInteger computed = new AtomicInteger();

  public Squares(RecallClient recall) {
    this.recall = recall;
  }

  public Future<String> of(long n) {
    return recall.remember(SQUARES, Long.toString(n), () -> compute(n));
  }

  private Future<String> compute(long n) {
    computed.incrementAndGet();
    return Future.succeededFuture(Long.toString(n * n));
  }
}

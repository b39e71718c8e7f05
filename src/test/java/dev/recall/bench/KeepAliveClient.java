package dev.recall.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Load from the HTTP client of Vert.x, on one event loop: each connection asks when answered. */
final class KeepAliveClient implements LoadGenerator {

  @Override
  public Load load(URI target, Duration time) throws IOException, InterruptedException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      HttpClientAgent client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setDefaultHost(target.getHost())
                  .setDefaultPort(target.getPort()),
              new PoolOptions().setHttp1MaxSize(CONNECTIONS));
      Asking asking = new Asking(client, target.getPath(), time.toNanos());
      Future.all(IntStream.range(0, CONNECTIONS).mapToObj(i -> asking.ask()).toList())
          .toCompletionStage()
          .toCompletableFuture()
          .get(time.toSeconds() + 10, TimeUnit.SECONDS);
      return asking.load();
    } catch (ExecutionException | TimeoutException failed) {
      throw new IOException("the load on " + target + " failed", failed);
    } finally {
      vertx.close();
    }
  }

  /** Requests one after another until the time is over, and how long each took. */
  private static final class Asking {

    private final HttpClientAgent client;
    private final String path;
    private final long nanos;
    private final long begun = System.nanoTime();
    private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();

    Asking(HttpClientAgent client, String path, long nanos) {
      this.client = client;
      this.path = path;
      this.nanos = nanos;
    }

    Future<Void> ask() {
      long asked = System.nanoTime();
      if (asked - begun > nanos) {
        return Future.succeededFuture();
      }
      return client
          .request(HttpMethod.GET, path)
          .compose(HttpClientRequest::send)
          .compose(Asking::body)
          .compose(
              answered -> {
                latencies.add(System.nanoTime() - asked);
                return ask();
              });
    }

    private static Future<?> body(HttpClientResponse response) {
      return response.statusCode() == 200
          ? response.body()
          : Future.failedFuture("status " + response.statusCode());
    }

    Load load() {
      long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(sorted);
      return new Load(
          sorted.length * 1e9 / nanos,
          sorted[sorted.length / 2] / 1e6,
          sorted[sorted.length * 99 / 100] / 1e6);
    }
  }
}

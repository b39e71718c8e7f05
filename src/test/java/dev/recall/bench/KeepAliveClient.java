package dev.recall.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Load from the HTTP client of Vert.x, on one event loop: each connection asks when answered. */
final class KeepAliveClient implements LoadGenerator {

  @Override
  public Load load(Row row, Duration time) throws IOException, InterruptedException {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      HttpClientAgent client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setDefaultHost(row.target().getHost())
                  .setDefaultPort(row.target().getPort()),
              new PoolOptions().setHttp1MaxSize(CONNECTIONS));
      Asking asking = new Asking(client, time.toNanos());
      String name = LoadGenerator.newName();
      Future.all(
              IntStream.range(0, CONNECTIONS)
                  .mapToObj(i -> row.program().caller(row.target().getPath(), name + "-" + i))
                  .map(asking::ask)
                  .toList())
          .toCompletionStage()
          .toCompletableFuture()
          .get(time.toSeconds() + 10, TimeUnit.SECONDS);
      return asking.load(row.program().requests());
    } catch (ExecutionException | TimeoutException failed) {
      throw new IOException("the load on " + row.name() + " failed", failed);
    } finally {
      vertx.close();
    }
  }

  /** Requests one after another until the time is over, and how long each took. */
  private static final class Asking {

    private final HttpClientAgent client;
    private final long nanos;
    private final long begun = System.nanoTime();
    private final ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
    private final Map<String, Long> refused = new ConcurrentHashMap<>();

    Asking(HttpClientAgent client, long nanos) {
      this.client = client;
      this.nanos = nanos;
    }

    Future<Void> ask(Caller caller) {
      long asked = System.nanoTime();
      if (asked - begun > nanos) {
        return Future.succeededFuture();
      }
      Caller.Ask ask = caller.next();
      return client
          .request(ask.method(), ask.path())
          .compose(request -> send(request, ask))
          .compose(response -> response.body().map(body -> note(caller, response, body)))
          .compose(
              answered -> {
                latencies.add(System.nanoTime() - asked);
                return ask(caller);
              });
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, Caller.Ask ask) {
      ask.headers().forEach(request::putHeader);
      return ask.body().isEmpty() ? request.send() : request.send(ask.body());
    }

    private boolean note(Caller caller, HttpClientResponse response, Buffer body) {
      int status = response.statusCode();
      if (status / 100 != 2) {
        refused.merge(Integer.toString(status), 1L, Long::sum);
      }
      caller.answered(status, response.headers(), body.toString(StandardCharsets.UTF_8));
      return true;
    }

    Load load(int requestsEach) {
      long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
      Arrays.sort(sorted);
      return new Load(
          sorted.length * 1e9 / nanos / requestsEach,
          sorted[sorted.length / 2] / 1e6,
          sorted[sorted.length * 99 / 100] / 1e6,
          refused);
    }
  }
}

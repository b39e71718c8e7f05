package dev.recall.ops;

import dev.recall.config.BadSettings;
import dev.recall.config.Settings;
import dev.recall.edge.Edge;
import dev.recall.edge.Exchange;
import dev.recall.edge.Problem;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import dev.recall.registry.Agreement;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Answers operators, on a port of its own: {@code /health/live}, {@code /health/ready} and {@code
 * /metrics}.
 */
public final class ManagementVerticle extends VerticleBase {

  private static final Set<HttpMethod> VERBS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Settings.Management settings;
  private final Edge edge;
  private final RedisServer redis;
  private final Agreement agreement;
  private final Health health;
  private final Meters meters;
  private final IntConsumer listening;
  private RedisStore store;

  /**
   * The verticle of a node; one instance.
   *
   * @param listening is told the port
   */
  public ManagementVerticle(
      Settings.Management settings,
      Edge edge,
      RedisServer redis,
      Agreement agreement,
      Health health,
      Meters meters,
      IntConsumer listening) {
    this.settings = settings;
    this.edge = edge;
    this.redis = redis;
    this.agreement = agreement;
    this.health = health;
    this.meters = meters;
    this.listening = listening;
  }

  @Override
  public Future<?> start() {
    store = new RedisStore(vertx, redis);
    return store.open().compose(open -> listen());
  }

  @Override
  public Future<?> stop() {
    store.close();
    return Future.succeededFuture();
  }

  private Future<?> listen() {
    return edge.server(vertx, this::answer, ManagementVerticle::invalid)
        .listen(settings.port(), settings.host())
        .onSuccess(bound -> listening.accept(bound.actualPort()))
        .onFailure(failure -> store.close())
        .recover(failure -> Future.failedFuture(cannotListen(failure)));
  }

  private void answer(HttpServerRequest request) {
    if (!VERBS.contains(request.method())) {
      request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      Problem.send(request, Failure.METHOD_NOT_ALLOWED.because("this port answers GET and HEAD"));
      return;
    }
    switch (request.path()) {
      case "/health/live" -> live(request);
      case "/health/ready" -> ready(request);
      case "/metrics" -> send(request, 200, Meters.CONTENT_TYPE, Buffer.buffer(meters.scrape()));
      default ->
          Problem.send(request, Failure.NO_SUCH_ROUTE.because("there is nothing at this path"));
    }
  }

  private static void invalid(HttpServerRequest request) {
    FailureException failure = Failure.MALFORMED.because("this is not HTTP, or too much of it");
    Problem.send(request, failure, Problem.body(failure, "/"));
  }

  private void live(HttpServerRequest request) {
    health.loopsAnswer(vertx).onSuccess(alive -> sendLoops(request, alive));
  }

  private static void sendLoops(HttpServerRequest request, boolean alive) {
    JsonArray checks = new JsonArray().add(told(Health.Check.of("event-loops", alive)));
    send(request, alive ? 200 : 503, report(alive ? "live" : "stuck", checks));
  }

  private void ready(HttpServerRequest request) {
    health
        .loopsAnswer(vertx)
        .onSuccess(
            alive -> {
              if (alive) {
                health
                    .checks(redis, store, agreement)
                    .onSuccess(checks -> sendReady(request, checks));
              } else {
                sendLoops(request, false);
              }
            });
  }

  private void sendReady(HttpServerRequest request, List<Health.Check> checks) {
    Health.Phase phase = health.phase();
    boolean ready = phase == Health.Phase.READY;
    boolean well = checks.stream().allMatch(Health.Check::up);
    JsonArray told = new JsonArray(checks.stream().map(ManagementVerticle::told).toList());
    send(request, ready ? 200 : 503, report(ready && !well ? "degraded" : phase.word(), told));
  }

  private static JsonObject report(String status, JsonArray checks) {
    return new JsonObject().put("status", status).put("checks", checks);
  }

  private static JsonObject told(Health.Check check) {
    JsonObject told =
        new JsonObject().put("name", check.name()).put("status", check.up() ? "up" : "down");
    check.why().ifPresent(why -> told.put("why", why));
    return told;
  }

  private static void send(HttpServerRequest request, int status, JsonObject body) {
    send(request, status, "application/json", body.toBuffer());
  }

  private static void send(HttpServerRequest request, int status, String type, Buffer body) {
    HttpServerResponse response =
        request
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, type)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Exchange exchange = Exchange.of(request);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
      exchange.end();
    } else if (exchange.hasRoom(body.length())) {
      exchange.end(body);
    } else {
      Problem.send(request, Failure.OVERLOADED.because("too many answers are not taken yet"));
    }
  }

  private BadSettings cannotListen(Throwable failure) {
    return new BadSettings(
        "management.port: cannot listen on %s:%d: %s"
            .formatted(settings.host(), settings.port(), failure.getMessage()));
  }
}

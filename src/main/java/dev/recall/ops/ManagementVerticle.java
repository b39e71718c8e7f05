package dev.recall.ops;

import dev.recall.config.BadSettings;
import dev.recall.config.Settings;
import dev.recall.redis.RedisServer;
import dev.recall.redis.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.IntConsumer;

/**
 * Answers operators, on a port of its own: {@code /health/live}, {@code /health/ready} and {@code
 * /metrics}.
 */
public final class ManagementVerticle extends VerticleBase {

  private final Settings.Management settings;
  private final RedisServer redis;
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
      RedisServer redis,
      Health health,
      Meters meters,
      IntConsumer listening) {
    this.settings = settings;
    this.redis = redis;
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
    return vertx
        .createHttpServer()
        .requestHandler(this::answer)
        .listen(settings.port(), settings.host())
        .onSuccess(bound -> listening.accept(bound.actualPort()))
        .onFailure(failure -> store.close())
        .recover(failure -> Future.failedFuture(cannotListen(failure)));
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/health/live" -> live(request);
      case "/health/ready" -> ready(request);
      case "/metrics" -> metrics(request);
      default -> send(request, 404, new JsonObject().put("status", "no such path"));
    }
  }

  private void live(HttpServerRequest request) {
    health
        .loopsAnswer(vertx)
        .onSuccess(
            alive -> {
              JsonArray checks = new JsonArray().add(told(Health.Check.of("event-loops", alive)));
              send(request, alive ? 200 : 503, report(alive ? "live" : "stuck", checks));
            });
  }

  private void ready(HttpServerRequest request) {
    Health.Phase phase = health.phase();
    boolean ready = phase == Health.Phase.READY;
    health
        .checks(redis, store)
        .onSuccess(
            checks -> {
              boolean well = checks.stream().allMatch(Health.Check::up);
              JsonArray told =
                  new JsonArray(checks.stream().map(ManagementVerticle::told).toList());
              String status = ready && !well ? "degraded" : phase.word();
              send(request, ready ? 200 : 503, report(status, told));
            });
  }

  private void metrics(HttpServerRequest request) {
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, Meters.CONTENT_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(meters.scrape());
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
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body.toBuffer());
  }

  private BadSettings cannotListen(Throwable failure) {
    return new BadSettings(
        "management.port: cannot listen on %s:%d: %s"
            .formatted(settings.host(), settings.port(), failure.getMessage()));
  }
}

package dev.recall.origin;

import dev.recall.api.ComputeApi;
import dev.recall.api.ComputeApi.Made;
import dev.recall.api.ComputeApi.Ordered;
import dev.recall.bus.Bus;
import dev.recall.bus.BusParts;
import dev.recall.config.Deadlines;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/** Asks origins for results. One instance for each event loop, with connections of its own. */
public final class OriginVerticle extends VerticleBase {

  private static final int IDLE_SECONDS = 30;

  /** Past the bulkhead of any origin. */
  private static final int MAX_CONNECTIONS = 10_000;

  private final Origins origins;
  private final BusParts busParts;
  private final Duration deadline;
  private final RandomGenerator random;
  private Bus bus;
  private HttpClient plain;
  private HttpClient secure;

  /**
   * One of the instances of a node.
   *
   * @param deadline longest time for one result, where an origin has no shorter one
   * @param random of this instance alone
   */
  public OriginVerticle(
      Origins origins, BusParts busParts, Duration deadline, RandomGenerator random) {
    this.origins = origins;
    this.busParts = busParts;
    this.deadline = deadline;
    this.random = random;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx, busParts);
    plain = client(new HttpClientOptions());
    secure =
        client(
            new HttpClientOptions()
                .setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setVerifyHost(true)
                .setSsl(true));
    return bus.serve(ComputeApi.ORIGIN, this::make);
  }

  private HttpClient client(HttpClientOptions options) {
    return vertx
        .httpClientBuilder()
        .with(
            options
                .setConnectTimeout((int) Deadlines.ORIGIN_CONNECT.toMillis())
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setHttp2KeepAliveTimeout(IDLE_SECONDS)
                .setDecompressionSupported(false))
        .with(new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setHttp2MaxSize(1))
        // Whoever asks is told; else it is logged as an error, with what the origin has said.
        .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
        .build();
  }

  @Override
  public Future<?> stop() {
    return bus.drain(Deadlines.BUS_DRAIN)
        .eventually(() -> Future.join(plain.close(), secure.close()));
  }

  private Future<Made> make(Ordered ordered) {
    Origin origin = origins.of(ordered.computation());
    boolean tls = origin.definition().url().orElseThrow().isTls();
    Duration timeout = origin.definition().timeout().orElse(deadline);
    return origin.ask(
        () ->
            new Call(
                vertx,
                tls ? secure : plain,
                origins,
                origin,
                ordered.input(),
                HexFormat.of().toHexDigits(random.nextLong()),
                timeout));
  }
}

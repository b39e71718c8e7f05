package dev.recall.edge;

import dev.recall.failure.Failure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.LongStream;

/**
 * What is measured of the requests of a port, under the names of OpenTelemetry's conventions for
 * HTTP. Thread-safe.
 */
public final class RequestMeters {

  private static final Duration[] BUCKETS =
      LongStream.of(
              250,
              500,
              1_000,
              2_500,
              5_000,
              10_000,
              25_000,
              50_000,
              100_000,
              250_000,
              500_000,
              1_000_000,
              2_500_000,
              5_000_000,
              10_000_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private static final int STATUSES = 600;

  private final String port;
  private final MeterRegistry registry;
  private final Map<Failure, Counter> problems = new ConcurrentHashMap<>();

  RequestMeters(String port, MeterRegistry registry) {
    this.port = port;
    this.registry = registry;
  }

  /** A request was answered with this failure. */
  void problem(Failure failure) {
    problems.computeIfAbsent(failure, this::counter).increment();
  }

  private Counter counter(Failure failure) {
    return Counter.builder("recall.problems")
        .description("Requests that were answered with a problem, by its type")
        .tag("port", port)
        .tag("type", failure.urn())
        .register(registry);
  }

  /**
   * The requests of a route.
   *
   * @param route its path, with names for what changes from one request to the next
   */
  public Route route(String method, String route) {
    return new Route(method, route);
  }

  /** What is measured of a route's requests. */
  public final class Route {

    private final String method;
    private final String route;
    private final AtomicReferenceArray<Timer> byStatus = new AtomicReferenceArray<>(STATUSES);

    private Route(String method, String route) {
      this.method = method;
      this.route = route;
    }

    void answered(int status, long nanos) {
      Timer timer = byStatus.get(status);
      if (timer == null) {
        timer = timer(status);
        byStatus.set(status, timer);
      }
      timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(int status) {
      return Timer.builder("http.server.request.duration")
          .description("From a request's head to the end of its answer")
          .tag("port", port)
          .tag("http.request.method", method)
          .tag("http.route", route)
          .tag("http.response.status_code", Integer.toString(status))
          .serviceLevelObjectives(BUCKETS)
          .register(registry);
    }
  }
}

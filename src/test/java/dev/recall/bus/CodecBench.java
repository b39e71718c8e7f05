package dev.recall.bus;

import dev.recall.api.CacheApi;
import dev.recall.api.CacheApi.Get;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import dev.recall.form.Form;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Times one request and its reply, as records that stay in the process and as JSON. */
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class CodecBench {

  private static final Get GET = new Get("fib", "10");
  private static final Result RESULT =
      new Result(
          "fib",
          "10",
          "55",
          Result.digest("55"),
          new CacheStatus(Level.NEAR, 1000, 0, false, false, false));

  private static final int IN_FLIGHT = 64;

  private final LocalCodec localCodec = new LocalCodec();
  private final Vertx vertx = Vertx.vertx();
  private final Context caller = vertx.getOrCreateContext();
  private final Bus bus =
      new Bus(vertx, new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime));
  private final Requester<Get, Result> local =
      bus.requester(CacheApi.GET.local(), Duration.ofSeconds(1));
  private final Requester<Get, Result> cluster =
      bus.requester(CacheApi.GET.cluster(), Duration.ofSeconds(1));

  /** Serves both addresses. */
  @Setup
  public void serve() {
    Bus.register(vertx);
    bus.serve(CacheApi.GET.local(), get -> Future.succeededFuture(RESULT)).await();
    bus.serve(CacheApi.GET.cluster(), get -> Future.succeededFuture(RESULT)).await();
  }

  /** Ends the event loops. */
  @TearDown
  public void close() {
    vertx.close().await();
  }

  /** Both messages as a local address carries them. */
  @Benchmark
  public Object recordsCarried() {
    localCodec.transform(GET);
    return localCodec.transform(RESULT);
  }

  /** Both messages written to bytes and read again, as between two nodes. */
  @Benchmark
  public Object jsonCarried() {
    carry(CacheApi.GET.cluster().request(), GET);
    return carry(CacheApi.GET.cluster().reply(), RESULT);
  }

  /** A hop there and back between two contexts over a local address. */
  @Benchmark
  @OperationsPerInvocation(IN_FLIGHT)
  public Object hopWithRecords() {
    return hops(local);
  }

  /** The same over a cluster-wide address; within one process the JSON is copied, not written. */
  @Benchmark
  @OperationsPerInvocation(IN_FLIGHT)
  public Object hopWithJson() {
    return hops(cluster);
  }

  // From an event loop, and many at a time: else waking the waiting thread is what is timed.
  private Object hops(Requester<Get, Result> requester) {
    Promise<Object> answered = Promise.promise();
    caller.runOnContext(
        go ->
            Future.all(Stream.generate(() -> requester.request(GET)).limit(IN_FLIGHT).toList())
                .onSuccess(answered::complete)
                .onFailure(answered::fail));
    return answered.future().await();
  }

  private static <T> T carry(Form<T> form, T message) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    Buffer wire = form.write(message, headers).toBuffer();
    return form.read(new JsonObject(wire), headers);
  }
}

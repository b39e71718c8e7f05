package dev.recall.state;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.api.LockApi;
import dev.recall.api.LockApi.Acquire;
import dev.recall.api.LockApi.Held;
import dev.recall.api.LockApi.Release;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.BusMeters;
import dev.recall.bus.BusParts;
import dev.recall.bus.Requester;
import dev.recall.redis.CommandCount;
import dev.recall.redis.MutingProxy;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.LockCaller;
import dev.recall.testing.LockCaller.Hold;
import dev.recall.testing.Node;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who waits for a lock: in which order, by what they are woken, and when they give up. */
class LockWaitIT {

  /** Longer than any test: a lock that is not released is not handed over. */
  private static final long LONG_MS = 60_000;

  /** What twenty hand-overs in a row cannot keep where each waits for the next look, 1 s later. */
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private static RedisProcess redis;
  private static MutingProxy proxy;
  private static RedisCli cli;
  private static Node first;
  private static Node second;

  @BeforeAll
  static void start() {
    redis = new RedisProcess();
    proxy = new MutingProxy(redis.port());
    try (RedisCli any = new RedisCli(redis.url())) {
      any.run("ACL", "SETUSER", "operator", "on", ">secret", "~*", "&*", "+@all");
    }
    cli = new RedisCli(redis.url().replace("//", "//operator:secret@"));
    first = Node.started("redis.url=" + proxy.url());
    second = Node.started("redis.url=" + redis.url());
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
    cli.close();
    proxy.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    cli.run("FLUSHALL");
  }

  @AfterEach
  void hearAgain() {
    proxy.mute(false);
    await().until(() -> trackers().count() == 2);
  }

  @Test
  void acquire_byManyOnOneNode_isServedInTheOrderTheyCame() {
    Hold holder = LockCaller.hold(lock(second).acquire(LONG_MS, 0));
    Queue<Integer> served = new ConcurrentLinkedQueue<>();
    Promise<Future<?>> asked = Promise.promise();

    // From one event loop, whose requests cannot overtake each other.
    first.vertx().runOnContext(loop -> asked.complete(thirtyTakeTurns(served)));
    Future<?> all = Node.await(asked.future());
    lock(second).release(holder.token());
    Node.await(all);

    assertThat(served).containsExactlyElementsOf(IntStream.range(0, 30).boxed().toList());
  }

  @Test
  void acquire_whenTheHolderReleases_isWokenByThePush() {
    long begun = System.nanoTime();

    handOver(20);

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(TEN_SECONDS);
  }

  @Test
  void acquire_whenThePushesAreCut_isServedAllTheSame() {
    trackers().forEach(id -> cli.run("CLIENT", "KILL", "ID", id));

    handOver(5);
  }

  @Test
  void acquire_whenThePushesAreSwallowedWithoutASign_isServedAllTheSame() {
    proxy.mute(true);

    handOver(2);
  }

  @Test
  void acquire_whenThePushesAreRefused_isServedAllTheSame() {
    cli.run("ACL", "SETUSER", "default", "-client");
    try {
      trackers().forEach(id -> cli.run("CLIENT", "KILL", "ID", id));

      handOver(3);
    } finally {
      cli.run("ACL", "SETUSER", "default", "+client");
    }
  }

  @Test
  void acquire_whenTheHolderOnlyRenews_goesOnWaiting() {
    Hold holder = LockCaller.hold(lock(second).acquire(LONG_MS, 0));
    CompletableFuture<HttpResponse<String>> waiting = waiting(first, 10_000);
    long asked = CommandCount.scripts(cli);

    assertThat(lock(second).renew(holder.token(), LONG_MS).statusCode()).isEqualTo(200);
    await().until(() -> CommandCount.scripts(cli) > asked + 1); // the waiter has looked again
    assertThat(waiting).isNotDone();
    lock(second).release(holder.token());

    assertThat(LockCaller.hold(waiting.join()).fence()).isEqualTo(holder.fence() + 1);
  }

  @Test
  void acquire_whenTheLockExpires_isServed() {
    Hold holder = LockCaller.hold(lock(second).acquire(700, 0));

    Hold next = LockCaller.hold(lock(first).acquire(LONG_MS, 10_000));

    assertThat(next.fence()).isEqualTo(holder.fence() + 1);
    assertProblem(lock(second).renew(holder.token(), LONG_MS), 412, "lock-lost");
  }

  @Test
  void acquire_whenTheLockIsBroken_isServed() {
    LockCaller.hold(lock(second).acquire(LONG_MS, 0));
    CompletableFuture<HttpResponse<String>> waiting = waiting(first, 10_000);

    assertThat(lock(second).breakIt().statusCode()).isEqualTo(204);

    assertThat(LockCaller.hold(waiting.join()).fence()).isEqualTo(2);
  }

  @Test
  void acquire_whenAllIsFlushed_isServed() {
    LockCaller.hold(lock(second).acquire(LONG_MS, 0));
    CompletableFuture<HttpResponse<String>> waiting = waiting(first, 10_000);

    cli.run("FLUSHALL");

    assertThat(waiting.join().statusCode()).isEqualTo(201);
  }

  @Test
  void acquire_whenTheWaitIsOver_is409AndTellsWhenToComeBack() {
    LockCaller.hold(lock(second).acquire(LONG_MS, 0));

    HttpResponse<String> answer = lock(first).acquire(LONG_MS, 300);

    assertProblem(answer, 409, "lock-held");
    assertThat(Integer.parseInt(answer.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(1, 60);
  }

  @Test
  void acquire_whenTheWaitOfOneInTheMiddleIsOver_is409AndTheOthersAreServed() {
    Hold holder = LockCaller.hold(lock(second).acquire(LONG_MS, 0));
    CompletableFuture<HttpResponse<String>> before = waiting(first, 15_000);
    assertProblem(lock(first).acquire(LONG_MS, 300), 409, "lock-held");

    lock(second).release(holder.token());
    holder = LockCaller.hold(before.join());
    CompletableFuture<HttpResponse<String>> after = waiting(first, 15_000);
    lock(first).release(holder.token());

    assertThat(LockCaller.hold(after.join()).fence()).isEqualTo(3);
  }

  @Test
  void acquire_whenTheCallerHungUp_doesNotKeepTheLock() throws Exception {
    Hold holder = LockCaller.hold(lock(second).acquire(LONG_MS, 0));
    long asked = CommandCount.scripts(cli);
    try (Socket gone = new Socket(InetAddress.getLoopbackAddress(), first.httpPort())) {
      gone.getOutputStream().write(request("{\"ttl_ms\":60000,\"wait_ms\":20000}"));
      await().until(() -> CommandCount.scripts(cli) > asked);
      gone.shutdownOutput();
      assertThat(gone.getInputStream().read()).as("the node has hung up, too").isEqualTo(-1);
    }

    lock(second).release(holder.token());

    Hold next = LockCaller.hold(lock(first).acquire(LONG_MS, 10_000));
    assertThat(next.fence()).as("the one that hung up never had it").isEqualTo(2);
  }

  private static Future<?> thirtyTakeTurns(Queue<Integer> served) {
    Duration patience = Duration.ofSeconds(20);
    Bus bus =
        new Bus(
            first.vertx(),
            new BusParts(new BusMeters(new SimpleMeterRegistry()), System::nanoTime));
    Requester<Acquire, Held> acquire = bus.requester(LockApi.ACQUIRE.local(), patience);
    Requester<Release, Removed> release = bus.requester(LockApi.RELEASE.local(), patience);
    List<Future<Removed>> all = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      int who = i;
      all.add(
          acquire
              .request(new Acquire("k", Duration.ofMillis(LONG_MS), patience))
              .compose(
                  held -> {
                    served.add(who);
                    return release.request(new Release("k", held.token()));
                  }));
    }
    return Future.all(all);
  }

  /** Hands the lock from one to the next, each of whom is waiting for it before it is released. */
  private static void handOver(int times) {
    Hold holder = LockCaller.hold(lock(second).acquire(LONG_MS, 0));
    for (int i = 0; i < times; i++) {
      CompletableFuture<HttpResponse<String>> waiting = waiting(first, 20_000);
      lock(second).release(holder.token());
      Hold next = LockCaller.hold(waiting.join());
      assertThat(next.fence()).isEqualTo(holder.fence() + 1);
      holder = next;
    }
    lock(second).release(holder.token());
  }

  /** One who waits, and has asked Redis in vain. */
  private static CompletableFuture<HttpResponse<String>> waiting(Node node, long waitMs) {
    long asked = CommandCount.scripts(cli);
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(() -> lock(node).acquire(LONG_MS, waitMs));
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> CommandCount.scripts(cli) > asked);
    return answer;
  }

  private static byte[] request(String body) {
    return ("POST /v1/locks/k HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static LockCaller lock(Node node) {
    return new LockCaller(node, "k");
  }

  /** The connections on which Redis tells of changes: one for each node. */
  private static Stream<String> trackers() {
    return Pattern.compile("(?m)^id=(\\d+) .*flags=\\w*t\\w* ")
        .matcher(cli.run("CLIENT", "LIST"))
        .results()
        .map(match -> match.group(1));
  }
}

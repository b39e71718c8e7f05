package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node, another application in its cluster, and clients there, each gone after its test. */
class OnNode {

  static Node node;
  static Vertx application;
  static RedisCli redis;

  final Way way;
  private final List<RecallClient> clients = new ArrayList<>();
  RecallClient client;

  OnNode(Way way) {
    this.way = way;
  }

  @BeforeAll
  @Timeout(180)
  static void start(@TempDir Path conf) throws IOException {
    redis = new RedisCli(SharedRedis.url());
    Cluster cluster = new Cluster(Files.createTempDirectory(conf, "cluster"));
    node =
        cluster.node(
            "redis.url=" + SharedRedis.url(),
            "computations.report.by=callers",
            "computations.report.ttl=60s",
            "computations.report.not-found-for=30s",
            "rate-limits.mails.limit=2/hour burst 3",
            "rate-limits.mails.groups=");
    application = cluster.application();
  }

  @AfterAll
  static void stop() {
    Node.await(application.close());
    node.close();
    redis.close();
  }

  @BeforeEach
  void empty() {
    Node.flush(redis, node);
    client = another(ClientOptions.DEFAULT);
  }

  @AfterEach
  void close() {
    clients.forEach(one -> Node.await(one.close()));
    clients.clear();
  }

  /** One more client, as another process might have it. */
  RecallClient another(ClientOptions options) {
    RecallClient one = way.client(application, node, options);
    clients.add(one);
    return one;
  }

  static <T> T got(Future<T> future) {
    return Node.await(future);
  }

  /** The failure that a future comes to, which must be this one. */
  static FailureException assertFails(Future<?> future, Failure failure) {
    Throwable cause = got(future.transform((result, why) -> Future.succeededFuture(why)));
    if (!(cause instanceof FailureException known)) {
      throw new AssertionError("it is no failure of the table", cause);
    }
    assertThat(known.failure()).as(known.detail()).isEqualTo(failure);
    return known;
  }
}

package dev.recall.client;

import static dev.recall.client.OnNode.got;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The only node goes while something is held of it, and more is asked. */
class NodeGoneIT {

  private static final ClientOptions HASTY = ClientOptions.DEFAULT.timeout(Duration.ofSeconds(1));

  @ParameterizedTest
  @Timeout(180)
  @EnumSource(Way.class)
  void client_whenTheNodeGoes_losesItsLockAndMakesResultsItself(Way way, @TempDir Path conf)
      throws IOException {
    Cluster cluster = new Cluster(conf);
    Node node =
        cluster.node(
            "redis.url=" + SharedRedis.url(),
            "computations.report.by=callers",
            "computations.report.ttl=60s");
    Vertx application = cluster.application();
    RecallClient client = way.client(application, node, HASTY);
    String name = UUID.randomUUID().toString();
    HeldLock held = got(client.lock(name, Duration.ofSeconds(3), Duration.ZERO));
    assertThat(made(client, name, "made")).isEqualTo("made");
    assertThat(made(client, name, "again")).isEqualTo("made");

    node.close();

    assertThat(made(client, name, "my own")).isEqualTo("my own");
    Throwable refused =
        got(
            client
                .counters()
                .add(name)
                .transform((sum, failure) -> Future.succeededFuture(failure)));
    assertThat(refused)
        .isInstanceOfSatisfying(
            FailureException.class,
            failure ->
                assertThat(failure.failure())
                    .isIn(Failure.NO_SERVER, Failure.TIMED_OUT, Failure.OUTCOME_UNKNOWN));
    got(held.lost());
    assertThat(held.isLost()).isTrue();
    got(client.close());
    got(application.close());
  }

  private static String made(RecallClient client, String input, String result) {
    return got(client.remember("report", input, () -> Future.succeededFuture(result)));
  }
}

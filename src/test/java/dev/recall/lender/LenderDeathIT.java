package dev.recall.lender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.client.NamedLender;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import dev.recall.testing.NodeProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One of two lenders is killed while both work: processes of their own, without and with the
 * client.
 */
class LenderDeathIT {

  private static final int ASKED = 200;

  @ParameterizedTest
  @ValueSource(classes = {PriceLender.class, NamedLender.class})
  @Timeout(180)
  void get_whenALenderIsKilledAtWork_isAnsweredByTheOtherWithoutAnError(
      Class<?> program, @TempDir Path conf) throws Exception {
    try (RedisCli redis = new RedisCli(SharedRedis.url())) {
      redis.run("FLUSHALL");
      Cluster cluster = new Cluster(conf);
      try (Node node = cluster.node("redis.url=" + SharedRedis.url());
          NodeProcess first = lender(program, "first", conf);
          NodeProcess second = lender(program, "second", conf)) {
        second.says("lending second");
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < ASKED; i++) {
          all.add(node.getAsync("/v1/results/price/" + i));
          if (i == ASKED / 2) {
            await().until(() -> all.stream().anyMatch(CompletableFuture::isDone));
            first.kill();
          }
        }

        assertThat(all)
            .allSatisfy(
                answer ->
                    assertThat(answer.join().statusCode()).as(answer.join().body()).isEqualTo(200));
        assertThat(all).anySatisfy(answer -> assertThat(answer.join().body()).startsWith("first"));
        assertThat(all).anySatisfy(answer -> assertThat(answer.join().body()).startsWith("second"));
      }
    }
  }

  private static NodeProcess lender(Class<?> program, String instance, Path conf) throws Exception {
    return NodeProcess.onJvm("-Xmx128m")
        .main(program.getName(), System.getProperty("java.class.path"))
        .begun(instance, conf.toString())
        .says("lending " + instance);
  }
}

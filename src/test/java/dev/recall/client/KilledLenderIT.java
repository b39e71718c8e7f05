package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One of two applications that lend by the client is killed while both work. */
class KilledLenderIT {

  private static final int ASKED = 100;

  @Test
  @Timeout(180)
  void lend_whenOneOfTwoIsKilledAtWork_isAnsweredByTheOtherWithoutAnError(@TempDir Path conf)
      throws IOException {
    try (RedisCli redis = new RedisCli(SharedRedis.url())) {
      redis.run("FLUSHALL");
      Cluster cluster = new Cluster(conf);
      try (Node node = cluster.node("redis.url=" + SharedRedis.url());
          NodeProcess first = lender("first", conf);
          NodeProcess second = lender("second", conf)) {
        first.says("lending first");
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
        assertThat(all).anySatisfy(answer -> assertThat(answer.join().body()).startsWith("second"));
      }
    }
  }

  private static NodeProcess lender(String name, Path conf) throws IOException {
    return NodeProcess.onJvm("-Xmx128m")
        .main(NamedLender.class.getName(), System.getProperty("java.class.path"))
        .begun(name, conf.toString());
  }
}

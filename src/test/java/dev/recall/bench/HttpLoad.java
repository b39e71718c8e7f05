package dev.recall.bench;

import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * Measures Recall under load, in rounds that ask the bare server and each kind of route one after
 * another, so that what else the machine does falls on all of them. The result in Redis is that of
 * a second Recall, with a Redis of its own, that keeps no near copies.
 */
public final class HttpLoad {

  private static final int CREATED = 201;
  private static final String NO_NEAR_COPIES = "--cache.near.max-bytes=0B";

  private HttpLoad() {}

  /**
   * Prints its figures as Markdown, after about five minutes.
   *
   * @throws IOException afterwards, where anything but 2xx was answered
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Effort effort = Effort.asked();
    LoadTable table = new LoadTable();
    try (DataDirectory data = new DataDirectory();
        DataDirectory otherData = new DataDirectory();
        NodeProcess bare = BareServer.started();
        NodeProcess recall = Benchmarks.node(data);
        NodeProcess withoutNear = Benchmarks.node(otherData, NO_NEAR_COPIES)) {
      measure(rows(bare, recall, withoutNear), effort, table);
      table.resident(ResidentMemory.megabytes(recall.pid()));
    }
    for (int i = 0; i < effort.rounds(); i++) {
      try (DataDirectory data = new DataDirectory()) {
        long begun = System.nanoTime();
        NodeProcess recall = Benchmarks.node(data);
        table.start(Duration.ofNanos(System.nanoTime() - begun));
        recall.close();
      }
    }
    System.out.println(table.markdown());
    if (!table.refusedRoutes().isEmpty()) {
      throw new IOException("not all answers were 2xx: " + table.refusedRoutes());
    }
  }

  private static List<Row> rows(NodeProcess bare, NodeProcess recall, NodeProcess withoutNear)
      throws IOException, InterruptedException {
    return List.of(
        new Row(LoadTable.BARE, bare.at("/"), Program.READ),
        new Row(LoadTable.NEAR, recall.at("/cache/calculate/10"), Program.READ),
        new Row(LoadTable.REDIS, withoutNear.at("/cache/calculate/10"), Program.READ),
        new Row("counter", recall.at("/counter/bench"), Program.READ),
        new Row("counter, POST", recall.at("/v1/counters/bench"), Program.ADD),
        new Row("document read", created(recall.at("/v1/state/session/bench")), Program.READ),
        new Row("compare-and-set", recall.at("/v1/state/session"), Program.COMPARE_AND_SET),
        new Row("lock and release, pairs", recall.at("/v1/locks"), Program.LOCK_AND_RELEASE));
  }

  private static void measure(List<Row> rows, Effort effort, LoadTable table)
      throws IOException, InterruptedException {
    LoadGenerator generator = LoadGenerator.best();
    for (Row row : rows) {
      table.warmUp(row, generator.load(row, effort.warmUp()));
    }
    for (int round = 0; round < effort.rounds(); round++) {
      for (Row row : rows) {
        table.add(row, generator.load(row, effort.measured()));
      }
    }
  }

  private static URI created(URI document) throws IOException, InterruptedException {
    int status =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(document)
                    .headers("content-type", "application/json", "if-none-match", "*")
                    .PUT(BodyPublishers.ofString(Replacer.DOCUMENT))
                    .build(),
                BodyHandlers.discarding())
            .statusCode();
    if (status != CREATED) {
      throw new IOException("the document was not created: " + status);
    }
    return document;
  }
}

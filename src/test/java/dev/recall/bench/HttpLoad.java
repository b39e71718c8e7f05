package dev.recall.bench;

import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;

/**
 * Measures Recall under load, in rounds that ask the bare server and each kind of route one after
 * another, so that what else the machine does falls on all of them. The result in Redis is that of
 * a second Recall, with a Redis of its own, that keeps no near copies.
 */
public final class HttpLoad {

  private static final int CREATED = 201;
  private static final String NEAR = "near hit";
  private static final String REDIS = "Redis hit"; // one GET and PTTL each
  private static final String NO_NEAR_COPIES = "--cache.near.max-bytes=0B";

  private HttpLoad() {}

  /**
   * Prints its figures as Markdown, after about five minutes.
   *
   * @throws IOException afterwards, where anything but 2xx was answered
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Effort effort = Effort.asked();
    LoadTable table;
    long residentMegabytes;
    try (DataDirectory data = new DataDirectory();
        DataDirectory otherData = new DataDirectory();
        NodeProcess bare = BareServer.started();
        NodeProcess recall = Benchmarks.node(data);
        NodeProcess withoutNear = Benchmarks.node(otherData, NO_NEAR_COPIES)) {
      table = LoadTable.measured(rows(bare, recall, withoutNear), effort);
      residentMegabytes = ResidentMemory.megabytes(recall.pid());
    }
    System.out.println(table.markdown());
    System.out.printf(
        Locale.ROOT,
        "Near hit / Redis hit: %.2f. First answer %.0f ms after the start; %d MB resident after"
            + " the load.%n",
        table.ratio(NEAR, REDIS),
        starts(effort).percentile(50),
        residentMegabytes);
    table.requireAllAnswered();
  }

  private static Times starts(Effort effort) throws IOException {
    Times starts = new Times();
    for (int i = 0; i < effort.rounds(); i++) {
      try (DataDirectory data = new DataDirectory()) {
        long begun = System.nanoTime();
        NodeProcess recall = Benchmarks.node(data);
        starts.add(begun, System.nanoTime());
        recall.close();
      }
    }
    return starts;
  }

  private static List<Row> rows(NodeProcess bare, NodeProcess recall, NodeProcess withoutNear)
      throws IOException, InterruptedException {
    return List.of(
        new Row(LoadTable.BARE, bare.at("/"), Program.READ),
        new Row(NEAR, recall.at("/cache/calculate/10"), Program.READ),
        new Row(REDIS, withoutNear.at("/cache/calculate/10"), Program.READ),
        new Row("counter", recall.at("/counter/bench"), Program.READ),
        new Row("counter, POST", recall.at("/v1/counters/bench"), Program.ADD),
        new Row("document read", created(recall.at("/v1/state/session/bench")), Program.READ),
        new Row("compare-and-set", recall.at("/v1/state/session"), Program.COMPARE_AND_SET),
        new Row("lock and release, pairs", recall.at("/v1/locks"), Program.LOCK_AND_RELEASE));
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

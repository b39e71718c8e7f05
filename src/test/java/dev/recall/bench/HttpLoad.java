package dev.recall.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures Recall under load, in rounds that ask the bare server, a near copy, a result in Redis
 * and a counter one after another, so that what else the machine does falls on all of them. The
 * result in Redis is that of a second Recall, with a Redis of its own, that keeps no near copies.
 */
public final class HttpLoad {

  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration MEASURED = Duration.ofSeconds(5);
  private static final int ROUNDS = 5;
  private static final int STARTS = 5;
  private static final String ANY_MANAGEMENT_PORT = "--management.port=0";
  private static final String NO_NEAR_COPIES = "--cache.near.max-bytes=0B";

  private HttpLoad() {}

  /** Prints its figures as Markdown, after about three minutes. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    LoadGenerator generator = LoadGenerator.best();
    LoadTable table = new LoadTable();
    try (DataDirectory data = new DataDirectory();
        DataDirectory otherData = new DataDirectory();
        ServerProcess bare = ServerProcess.bare();
        ServerProcess recall = ServerProcess.recall(data.path(), ANY_MANAGEMENT_PORT);
        ServerProcess withoutNear =
            ServerProcess.recall(otherData.path(), ANY_MANAGEMENT_PORT, NO_NEAR_COPIES)) {
      Map<String, URI> routes = new LinkedHashMap<>();
      routes.put(LoadTable.BARE, bare.at("/"));
      routes.put(LoadTable.NEAR, recall.at("/cache/calculate/10"));
      routes.put(LoadTable.REDIS, withoutNear.at("/cache/calculate/10"));
      routes.put("counter", recall.at("/counter/bench"));
      for (URI route : routes.values()) {
        generator.load(route, WARM_UP);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Map.Entry<String, URI> route : routes.entrySet()) {
          table.add(route.getKey(), generator.load(route.getValue(), MEASURED));
        }
      }
      table.resident(recall.residentMegabytes());
    }
    for (int i = 0; i < STARTS; i++) {
      try (DataDirectory data = new DataDirectory();
          ServerProcess recall = ServerProcess.recall(data.path(), ANY_MANAGEMENT_PORT)) {
        table.start(recall.start());
      }
    }
    System.out.println(table.markdown());
  }
}

package dev.recall.bench;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Measures Recall under load, in rounds that ask the bare server, a cached result and a counter one
 * after another, so that what else the machine does falls on all of them.
 */
public final class HttpLoad {

  private static final Duration WARM_UP = Duration.ofSeconds(8);
  private static final Duration MEASURED = Duration.ofSeconds(5);
  private static final int ROUNDS = 5;
  private static final int STARTS = 5;

  private HttpLoad() {}

  /** Prints its figures as Markdown, after about two minutes. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    LoadGenerator generator = LoadGenerator.best();
    LoadTable table = new LoadTable();
    try (DataDirectory data = new DataDirectory();
        ServerProcess bare = ServerProcess.bare();
        ServerProcess recall = ServerProcess.recall(data.path())) {
      Map<String, URI> routes = new LinkedHashMap<>();
      routes.put(LoadTable.BARE, bare.at("/"));
      routes.put("cached result", recall.at("/cache/calculate/10"));
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
          ServerProcess recall = ServerProcess.recall(data.path())) {
        table.start(recall.start());
      }
    }
    System.out.println(table.markdown());
  }
}

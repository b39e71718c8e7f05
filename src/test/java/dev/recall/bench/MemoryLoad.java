package dev.recall.bench;

import dev.recall.config.ConfDirectory;
import dev.recall.config.Settings;
import dev.recall.config.read.SettingsLoader;
import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Measures the memory of a Recall that is asked for many more results than its near cache may hold.
 */
public final class MemoryLoad {

  /** All inputs have as many digits, so that all near copies weigh the same. */
  private static final int FIRST = 1_000_000;

  private static final int RESULTS = 1_000_000;
  private static final int WARM_UP = 20_000;
  private static final int AGAIN = 100_000;

  private MemoryLoad() {}

  /** Prints its figures as Markdown, after about a minute. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try (DataDirectory data = new DataDirectory();
        NodeProcess recall = Benchmarks.node(data, "--fib.max-n=10000000")) {
      StoredResults.store(data.path(), FIRST, RESULTS);
      Meters meters = new Meters(recall.managementPort());
      ManyClient client = new ManyClient(recall.at("/v1/cache/fib"));
      client.ask(FIRST, WARM_UP);
      MemoryTable.Memory before = memory(recall, meters);
      client.ask(FIRST, RESULTS);
      client.ask(FIRST + RESULTS - AGAIN, AGAIN);
      double hits = nearHits(meters);
      client.ask(FIRST + RESULTS - AGAIN, AGAIN);
      hits = nearHits(meters) - hits;
      MemoryTable table = new MemoryTable(before, memory(recall, meters), characters());
      System.out.println(table.markdown());
      System.out.printf(
          Locale.ROOT,
          "%d results asked, the last %d three times, %.0f of them near hits at last.%n",
          RESULTS,
          AGAIN,
          hits);
      System.out.printf(
          Locale.ROOT,
          "The bound is %d near bytes; %.0f evictions by size, %.0f by age, %.0f by distrust.%n",
          settings().cache().near().maxBytes(),
          evictions(meters, "size"),
          evictions(meters, "expired"),
          evictions(meters, "unheard"));
    }
  }

  // What is resident is asked first: the histogram comes with a full collection.
  private static MemoryTable.Memory memory(NodeProcess recall, Meters meters)
      throws IOException, InterruptedException {
    long residentMegabytes = ResidentMemory.megabytes(recall.pid());
    double nearBytes = meters.value("recall_cache_near_bytes");
    HeapHistogram heap = HeapHistogram.of(recall.pid());
    return new MemoryTable.Memory(
        residentMegabytes,
        heap.bytes(),
        heap.instances("dev.recall.cache.NearCache$Copy"),
        nearBytes);
  }

  private static int characters() {
    String input = String.valueOf(FIRST);
    return StoredResults.key(FIRST).length() + input.length();
  }

  private static double nearHits(Meters meters) throws IOException, InterruptedException {
    return meters.value("recall_cache_hits_total{level=\"near\"}");
  }

  private static double evictions(Meters meters, String cause)
      throws IOException, InterruptedException {
    return meters.value("recall_cache_evictions_total{cause=\"" + cause + "\"}");
  }

  private static Settings settings() {
    return new SettingsLoader().load(new ConfDirectory(Path.of("conf")), System.getenv(), Map.of());
  }
}

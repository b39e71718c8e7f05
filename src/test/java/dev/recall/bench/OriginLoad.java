package dev.recall.bench;

import dev.recall.bench.TimedClient.Answer;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.NodeProcess;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures Recall in front of an origin, beside nginx in front of the same one, where it is
 * installed: hits, misses and crowds; and its library for Python beside the same by hand. All take
 * turns, so that what else the machine does falls on all of them.
 */
public final class OriginLoad {

  private static final String RECALL = "Recall";
  private static final String NGINX = "nginx";
  private static final int CROWD = 64;
  private static final String AT_ONCE = SlowOrigin.after(0);
  private static final String SOON = SlowOrigin.after(5);
  private static final String LATE = SlowOrigin.after(50);

  private final SlowOrigin origin;
  private final Effort effort;

  private OriginLoad(SlowOrigin origin, Effort effort) {
    this.origin = origin;
    this.effort = effort;
  }

  /** Who answers for the origin. */
  private record Front(String name, URI root) {

    URI at(String computation, String input) {
      return root.resolve(computation + "/" + input);
    }
  }

  /**
   * Prints its figures as Markdown, after about four minutes.
   *
   * @throws IOException where something is not answered as it should be
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Effort effort = Effort.asked();
    try (SlowOrigin origin = new SlowOrigin();
        RedisProcess redis = new RedisProcess();
        DataDirectory data = new DataDirectory();
        NodeProcess bare = BareServer.started();
        NodeProcess recall = node(data, redis, origin)) {
      OriginLoad load = new OriginLoad(origin, effort);
      Front ours = new Front(RECALL, recall.at("/v1/results/"));
      Optional<Nginx> nginx = Nginx.before(origin);
      if (nginx.isEmpty()) {
        System.out.println("nginx is not installed: its rows are left out.\n");
        load.measure(bare, recall, List.of(ours));
      } else {
        try (Nginx running = nginx.get()) {
          load.measure(bare, recall, List.of(ours, new Front(NGINX, running.root())));
        }
      }
      PythonLoad.run(recall, redis, effort);
    }
  }

  private static NodeProcess node(DataDirectory data, RedisProcess redis, SlowOrigin origin)
      throws IOException {
    Stream<String> origins =
        Stream.of(AT_ONCE, SOON, LATE)
            .flatMap(
                name ->
                    Stream.of(
                        "--computations." + name + ".url=" + origin.root() + name + "/{input}",
                        "--computations." + name + ".ttl=10m"));
    Stream<String> others = Stream.of("--redis.url=" + redis.url());
    return Benchmarks.node(
        data,
        Stream.of(others, origins, PythonLoad.settings())
            .flatMap(settings -> settings)
            .toArray(String[]::new));
  }

  private void measure(NodeProcess bare, NodeProcess recall, List<Front> fronts)
      throws IOException, InterruptedException {
    hits(bare, recall, fronts);
    try (TimedClient client = new TimedClient(CROWD)) {
      misses(client, fronts);
      crowds(client, fronts);
    }
  }

  private void hits(NodeProcess bare, NodeProcess recall, List<Front> fronts)
      throws IOException, InterruptedException {
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(LoadTable.BARE, bare.at("/"), Program.READ));
    for (Front front : fronts) {
      rows.add(new Row(front.name() + ", hit", front.at(AT_ONCE, "hit"), Program.READ));
    }
    rows.add(new Row("Recall, POST of a lease", PythonLoad.known(recall), Program.LEASE));
    LoadTable table = LoadTable.measured(rows, effort);
    System.out.println(table.markdown());
    if (fronts.size() > 1) {
      double ratio = table.ratio(rows.get(1).name(), rows.get(2).name());
      System.out.printf(Locale.ROOT, "%s / %s: %.2f.%n%n", RECALL, NGINX, ratio);
    }
    table.requireAllAnswered();
  }

  // One after another, each time for another input.
  private void misses(TimedClient client, List<Front> fronts)
      throws IOException, InterruptedException {
    List<Front> all =
        Stream.concat(Stream.of(new Front("origin alone", origin.root())), fronts.stream())
            .toList();
    for (Front front : all) {
      warmUp(client, front);
    }
    List<Times> times = all.stream().map(front -> new Times()).toList();
    for (int i = 0; i < effort.handOvers(); i++) {
      for (int j = 0; j < all.size(); j++) {
        Answer answer = client.ask(List.of(all.get(j).at(SOON, "miss-" + i))).get(0);
        times.get(j).add(answer.asked(), answer.answered());
      }
    }
    System.out.println("| a miss | times | p50 ms | p99 ms | added at p50, ms |");
    System.out.println("|---|---:|---:|---:|---:|");
    for (int j = 0; j < all.size(); j++) {
      Times these = times.get(j);
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.2f | %.2f | %.2f |%n",
          all.get(j).name(),
          these.count(),
          these.percentile(50),
          these.percentile(99),
          these.percentile(50) - times.get(0).percentile(50));
    }
    System.out.println();
  }

  // What only a load makes the JVM compile.
  private void warmUp(TimedClient client, Front front) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    for (int i = 0; System.nanoTime() - begun < effort.warmUp().toNanos(); i++) {
      String name = "warm-" + i + "-";
      client.ask(IntStream.range(0, CROWD).mapToObj(j -> front.at(AT_ONCE, name + j)).toList());
    }
  }

  private void crowds(TimedClient client, List<Front> fronts)
      throws IOException, InterruptedException {
    List<Crowds> crowds = fronts.stream().map(front -> new Crowds()).toList();
    for (int i = 0; i < effort.crowds(); i++) {
      for (int j = 0; j < fronts.size(); j++) {
        int before = origin.asked();
        URI target = fronts.get(j).at(LATE, "crowd-" + i);
        List<Answer> answers = client.ask(Collections.nCopies(CROWD, target));
        crowds.get(j).add(answers, origin.asked() - before);
      }
    }
    System.out.println(Crowds.HEADING);
    for (int j = 0; j < fronts.size(); j++) {
      System.out.println(crowds.get(j).row(fronts.get(j).name()));
    }
    System.out.println();
  }
}

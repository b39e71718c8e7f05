package dev.recall.client;

import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** An application of its own that lends prices by the client, 20 ms each, until it is killed. */
public final class NamedLender {

  private static final long WORK_MS = 20;

  private NamedLender() {}

  /** Lends under the name of the last argument but one, in the cluster of the last. */
  public static void main(String[] arguments) throws IOException {
    String name = arguments[arguments.length - 2];
    Vertx vertx = Cluster.described(Path.of(arguments[arguments.length - 1])).application();
    JsonObject definition =
        new JsonObject().put("ttl", "60s").put("timeout", "8s").put("max-in-flight", 1000);
    Node.await(
        RecallClient.overBus(vertx)
            .lend(
                "price",
                definition,
                input ->
                    vertx.timer(WORK_MS, TimeUnit.MILLISECONDS).map(due -> name + " " + input)));
    System.out.println("lending " + name);
  }
}

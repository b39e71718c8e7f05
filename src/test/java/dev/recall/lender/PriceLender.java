package dev.recall.lender;

import dev.recall.testing.Cluster;
import dev.recall.testing.Node;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;

/** An application of its own that lends prices, 20 ms each, until it is killed. */
public final class PriceLender {

  private static final long WORK_MS = 20;

  private PriceLender() {}

  /** Lends as the instance that the last argument but one names, in the cluster of the last. */
  public static void main(String[] arguments) throws IOException {
    String instance = arguments[arguments.length - 2];
    String address = "recall.v1.compute.price." + instance;
    Vertx vertx = Cluster.described(Path.of(arguments[arguments.length - 1])).application();
    Node.await(
        vertx
            .eventBus()
            .<JsonObject>consumer(
                address,
                message -> {
                  String input = message.body().getString("input");
                  JsonObject answer =
                      new JsonObject()
                          .put("computation", "price")
                          .put("input", input)
                          .put("result", instance + " " + input);
                  vertx.setTimer(WORK_MS, done -> message.reply(answer));
                })
            .completion());
    JsonObject announcement =
        new JsonObject()
            .put("name", "price")
            .put(
                "definition",
                new JsonObject().put("ttl", "60s").put("timeout", "4s").put("max-in-flight", 1000))
            .put("instance", instance)
            .put("address", address);
    Node.await(vertx.eventBus().request("recall.v1.computations.lend", announcement));
    vertx.setPeriodic(
        3_000, heartbeat -> vertx.eventBus().request("recall.v1.computations.lend", announcement));
    System.out.println("lending " + instance);
  }
}

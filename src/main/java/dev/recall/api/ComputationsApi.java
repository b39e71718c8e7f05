package dev.recall.api;

import dev.recall.bus.Form;
import dev.recall.bus.Service;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Which computations there are. */
public final class ComputationsApi {

  /** All that a node knows. */
  public static final Service<Ask, Computations> LIST =
      Service.named("cache.computations", Ask.FORM, Computations.FORM);

  private ComputationsApi() {}

  /** Asks for them. */
  public record Ask() {
    static final Form<Ask> FORM = Form.request(ask -> new JsonObject(), json -> new Ask());
  }

  /**
   * One of them.
   *
   * @param name what callers call it
   * @param ttlMs how long its results are remembered, in milliseconds
   */
  public record Known(String name, long ttlMs) {}

  /**
   * All of them.
   *
   * @param known in the order of names
   */
  public record Computations(List<Known> known) {
    static final Form<Computations> FORM =
        Form.json(
            all -> {
              JsonArray array = new JsonArray();
              for (Known one : all.known) {
                array.add(new JsonObject().put("name", one.name).put("ttl_ms", one.ttlMs));
              }
              return new JsonObject().put("computations", array);
            },
            json ->
                new Computations(
                    json.objects("computations").stream()
                        .map(one -> new Known(one.text("name"), one.integer("ttl_ms", 0)))
                        .toList()));
  }
}

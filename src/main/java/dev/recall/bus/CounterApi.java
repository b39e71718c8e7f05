package dev.recall.bus;

import io.vertx.core.json.JsonObject;

/** What the counters are asked and answer. */
public final class CounterApi {

  /** Adds to a counter. */
  public static final Service<Add, Value> ADD = Service.named("counter.add", Add.FORM, Value.FORM);

  private CounterApi() {}

  /**
   * Adds to a counter, which begins at 0 and lives on for its TTL from now.
   *
   * @param id a {@link KeyName}
   * @param by what to add, of any sign
   */
  public record Add(String id, long by) {
    static final Form<Add> FORM =
        Form.json(
            add -> new JsonObject().put("id", add.id).put("by", add.by),
            json -> new Add(json.text("id"), json.integer("by", 1)));

    /**
     * @throws FailureException {@link Failure#INVALID} where the id is no key name
     */
    public Add {
      KeyName.require("id", id);
    }
  }

  /**
   * A counter after the addition.
   *
   * @param id its name
   * @param value exact
   */
  public record Value(String id, long value) {
    static final Form<Value> FORM =
        Form.json(
            value -> new JsonObject().put("id", value.id).put("value", value.value),
            json -> new Value(json.text("id"), json.integer("value", 0)));
  }
}

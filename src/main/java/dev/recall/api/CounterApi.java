package dev.recall.api;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.bus.Form;
import dev.recall.bus.JsonReader;
import dev.recall.bus.KeyName;
import dev.recall.bus.Service;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/** What the counters are asked and answer. */
public final class CounterApi {

  /** Adds to a counter. */
  public static final Service<Add, Value> ADD = Service.named("counter.add", Add.FORM, Value.FORM);

  /** Reads a counter; one that is not there is 0. */
  public static final Service<Get, Value> GET = Service.named("counter.get", Get.FORM, Value.FORM);

  /** Forgets a counter. */
  public static final Service<Delete, Removed> DELETE =
      Service.named("counter.delete", Delete.FORM, Removed.FORM);

  private CounterApi() {}

  /**
   * Adds to a counter, which begins at 0.
   *
   * @param id a {@link KeyName}
   * @param by what to add, of any sign
   * @param ttl how long it lives from now, in whole seconds up to 365 days; else as long as the
   *     settings say
   * @param idempotencyKey a {@link KeyName}: asked again with the same, it is not added again, and
   *     the first answer is given
   */
  public record Add(String id, long by, Optional<Duration> ttl, Optional<String> idempotencyKey) {
    static final Form<Add> FORM =
        Form.request(
            add -> {
              JsonObject json = new JsonObject().put("id", add.id).put("by", add.by);
              add.ttl.ifPresent(ttl -> json.put("ttl", ttl.toSeconds()));
              add.idempotencyKey.ifPresent(key -> json.put("idempotency_key", key));
              return json;
            },
            Add::read);

    /** What a message asks; every fault of it is noted. */
    public static Add read(JsonReader json) {
      return new Add(
          json.keyName("id"),
          json.integer("by", 1),
          json.optionalSeconds("ttl"),
          json.optionalKeyName("idempotency_key"));
    }

    /**
     * @throws FailureException {@link Failure#INVALID} where a name is no key name
     */
    public Add {
      KeyName.require("id", id);
      idempotencyKey.ifPresent(key -> KeyName.require("idempotency_key", key));
    }

    /** Counts one visit. */
    public static Add one(String id) {
      return new Add(id, 1, Optional.empty(), Optional.empty());
    }
  }

  /**
   * Reads a counter.
   *
   * @param id a {@link KeyName}
   */
  public record Get(String id) {
    static final Form<Get> FORM =
        Form.request(
            get -> new JsonObject().put("id", get.id), json -> new Get(json.keyName("id")));

    /**
     * @throws FailureException {@link Failure#INVALID} where the id is no key name
     */
    public Get {
      KeyName.require("id", id);
    }
  }

  /**
   * Forgets a counter.
   *
   * @param id a {@link KeyName}
   */
  public record Delete(String id) {
    static final Form<Delete> FORM =
        Form.request(
            ask -> new JsonObject().put("id", ask.id), json -> new Delete(json.keyName("id")));

    /**
     * @throws FailureException {@link Failure#INVALID} where the id is no key name
     */
    public Delete {
      KeyName.require("id", id);
    }
  }

  /**
   * A counter as it is now.
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

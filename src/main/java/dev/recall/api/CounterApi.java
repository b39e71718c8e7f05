package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Form;
import dev.recall.form.KeyName;
import dev.recall.form.View;
import java.time.Duration;
import java.util.List;
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
    /** How it is written. */
    public static final Form<Add> FORM =
        Form.of(
                Add::new,
                Fields.COUNTER_ID.of(Add::id),
                Fields.BY.of(Add::by),
                Fields.TTL.of(Add::ttl),
                Fields.IDEMPOTENCY_KEY.of(Add::idempotencyKey))
            .exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where a name is no key name
     */
    public Add {
      Fields.COUNTER_ID.require(id);
      Fields.IDEMPOTENCY_KEY.require(idempotencyKey);
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
    /** How it is written. */
    public static final Form<Get> FORM = Form.of(Get::new, Fields.COUNTER_ID.of(Get::id)).exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the id is no key name
     */
    public Get {
      Fields.COUNTER_ID.require(id);
    }
  }

  /**
   * Forgets a counter.
   *
   * @param id a {@link KeyName}
   */
  public record Delete(String id) {
    /** How it is written. */
    public static final Form<Delete> FORM =
        Form.of(Delete::new, Fields.COUNTER_ID.of(Delete::id)).exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the id is no key name
     */
    public Delete {
      Fields.COUNTER_ID.require(id);
    }
  }

  /**
   * A counter as it is now.
   *
   * @param id its name
   * @param value exact
   */
  public record Value(String id, long value) {
    /** How it is written. */
    public static final Form<Value> FORM =
        Form.of(Value::new, Fields.COUNTER_ID.of(Value::id), Fields.VALUE.of(Value::value));

    /** As the tutorial shows it: a user and his visits. */
    public static final View<Value> VISITS =
        new View<>(
            List.of(
                Fields.COUNTER_ID.named("user_id").of(Value::id),
                Fields.VALUE.named("visits").of(Value::value)));
  }
}

package dev.recall.api;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.bus.Form;
import dev.recall.bus.KeyName;
import dev.recall.bus.Service;
import io.vertx.core.json.JsonObject;

/** What the rate limits are asked and answer. */
public final class RateApi {

  /** Takes some of what a caller is allowed; {@link Failure#NO_SUCH_RATE_LIMIT}. */
  public static final Service<Take, Taken> TAKE = Service.named("rate.take", Take.FORM, Taken.FORM);

  private RateApi() {}

  /**
   * Takes some of what a caller is allowed.
   *
   * @param limit one of the settings
   * @param caller a {@link KeyName}: whose share
   * @param cost how much, from 1 to the burst of the limit
   */
  public record Take(String limit, String caller, int cost) {
    static final Form<Take> FORM =
        Form.request(
            take ->
                new JsonObject()
                    .put("limit", take.limit)
                    .put("caller", take.caller)
                    .put("cost", take.cost),
            json ->
                new Take(
                    json.text("limit"),
                    json.keyName("caller"),
                    (int) json.integer("cost", 1, Integer.MAX_VALUE, 1)));

    /**
     * @throws FailureException {@link Failure#INVALID} where the caller is no key name
     */
    public Take {
      KeyName.require("caller", caller);
    }
  }

  /**
   * What came of it.
   *
   * @param allowed whether it was taken
   * @param remaining how much could be taken now
   * @param resetMs how long it takes until all of it can be taken again, in milliseconds
   * @param retryAfterMs how long it takes until it would be allowed, in milliseconds; 0 where it
   *     was
   */
  public record Taken(boolean allowed, long remaining, long resetMs, long retryAfterMs) {
    static final Form<Taken> FORM =
        Form.json(
            taken ->
                new JsonObject()
                    .put("allowed", taken.allowed)
                    .put("remaining", taken.remaining)
                    .put("reset_ms", taken.resetMs)
                    .put("retry_after_ms", taken.retryAfterMs),
            json ->
                new Taken(
                    json.flag("allowed"),
                    json.integer("remaining", 0),
                    json.integer("reset_ms", 0),
                    json.integer("retry_after_ms", 0)));
  }
}

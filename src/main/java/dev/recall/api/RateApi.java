package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Form;
import dev.recall.form.KeyName;

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
    /** How it is written. */
    public static final Form<Take> FORM =
        Form.of(
                Take::new,
                Fields.LIMIT.of(Take::limit),
                Fields.CALLER.of(Take::caller),
                Fields.COST.of(Take::cost))
            .exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the caller is no key name
     */
    public Take {
      Fields.CALLER.require(caller);
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
    /** How it is written. */
    public static final Form<Taken> FORM =
        Form.of(
            Taken::new,
            Fields.ALLOWED.of(Taken::allowed),
            Fields.REMAINING.of(Taken::remaining),
            Fields.RESET_MS.of(Taken::resetMs),
            Fields.RETRY_AFTER_MS.of(Taken::retryAfterMs));
  }
}

package dev.recall.api;

import dev.recall.bus.Address;
import dev.recall.failure.Failure;
import dev.recall.form.Form;
import java.util.OptionalLong;

/** What the workers of any node are asked and answer. */
public final class ComputeApi {

  private ComputeApi() {}

  /**
   * A computation on this node; where there may be others, it is refused as {@link
   * Failure#OVERLOADED} unless a worker is free.
   */
  public static Address.Local<Ask, Answer> here(String computation) {
    return new Address.Local<>("recall.local.compute." + computation);
  }

  /** A computation on any node, where it may wait for a worker. */
  public static Address.Cluster<Ask, Answer> of(String computation) {
    return new Address.Cluster<>("recall.v1.compute." + computation, Ask.FORM, Answer.FORM);
  }

  /** A result that this node asks an origin for. */
  public static final Address.Local<Ordered, Made> ORIGIN =
      new Address.Local<>("recall.local.origin");

  /**
   * Asks for a result of an origin.
   *
   * @param computation its name
   * @param input in canonical form
   * @param caller who waits for it; empty: nobody knows
   */
  public record Ordered(String computation, String input, String caller) {}

  /**
   * A result as its maker has made it.
   *
   * @param result exact
   * @param ttlMs how long it may be used at most, in milliseconds, where its maker says so; 0: only
   *     now
   */
  public record Made(String result, OptionalLong ttlMs) {

    /** One that may be used as long as its computation says. */
    public Made(String result) {
      this(result, OptionalLong.empty());
    }

    /** Whether it may be remembered. */
    public boolean isToBeKept() {
      return ttlMs.isEmpty() || ttlMs.getAsLong() > 0;
    }
  }

  /**
   * Asks for a computation.
   *
   * @param input what to compute from, as its caller wrote it
   * @param caller who waits for it, since workers are shared between callers; empty: nobody knows
   */
  public record Ask(String input, String caller) {
    /** How it is written. */
    public static final Form<Ask> FORM =
        Form.of(Ask::new, Fields.INPUT.of(Ask::input), Fields.CALLING.of(Ask::caller)).exactly();

    /** Waited for by nobody knows whom. */
    public Ask(String input) {
      this(input, "");
    }
  }

  /**
   * A result.
   *
   * @param computation its name
   * @param input what it was computed from, in canonical form
   * @param result exact
   */
  public record Answer(String computation, String input, String result) {
    /** How it is written. */
    public static final Form<Answer> FORM =
        Form.of(
            Answer::new,
            Fields.COMPUTATION.of(Answer::computation),
            Fields.INPUT.of(Answer::input),
            Fields.RESULT.of(Answer::result));
  }
}

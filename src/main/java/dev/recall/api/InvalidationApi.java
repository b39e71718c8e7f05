package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.form.Form;

/** How results are forgotten. */
public final class InvalidationApi {

  /** Forgets one result, on every node, and whatever is being computed for it now. */
  public static final Service<Delete, Removed> DELETE =
      Service.named("cache.delete", Delete.FORM, Removed.FORM);

  /** Forgets all results of a computation. */
  public static final Service<Clear, Removed> CLEAR =
      Service.named("cache.clear", Clear.FORM, Removed.FORM);

  private InvalidationApi() {}

  /**
   * Which result.
   *
   * @param computation a name, like {@code fib}
   * @param input what it is computed from, as its caller wrote it
   */
  public record Delete(String computation, String input) {
    /** How it is written. */
    public static final Form<Delete> FORM =
        Form.of(
                Delete::new,
                Fields.COMPUTATION.of(Delete::computation),
                Fields.INPUT.of(Delete::input))
            .exactly();
  }

  /**
   * Of which computation.
   *
   * @param computation a name, like {@code fib}
   */
  public record Clear(String computation) {
    /** How it is written. */
    public static final Form<Clear> FORM =
        Form.of(Clear::new, Fields.COMPUTATION.of(Clear::computation)).exactly();
  }
}

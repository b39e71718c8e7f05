package dev.recall.api;

import dev.recall.form.Form;

/**
 * It is gone.
 *
 * @param removed how many there were
 */
public record Removed(long removed) {
  /** How it is written. */
  public static final Form<Removed> FORM =
      Form.of(Removed::new, Fields.REMOVED.of(Removed::removed));
}

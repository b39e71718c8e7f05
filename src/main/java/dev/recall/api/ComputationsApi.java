package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.form.Field;
import dev.recall.form.Form;
import java.util.List;
import java.util.Locale;

/** Which computations there are. */
public final class ComputationsApi {

  /** All that a node knows. */
  public static final Service<Ask, Computations> LIST =
      Service.named("cache.computations", Ask.FORM, Computations.FORM);

  private ComputationsApi() {}

  /** Who makes results. */
  public enum Maker {
    /** A class of the program. */
    CLASS,
    /** An origin, asked over HTTP. */
    URL,
    /** Those who ask for them. */
    CALLERS,
    /** Another application, asked over the event bus. */
    LENT;

    /** The word callers see. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Asks for them. */
  public record Ask() {
    /** How it is written. */
    public static final Form<Ask> FORM = Form.<Ask>of(Ask::new).exactly();
  }

  /**
   * One of them.
   *
   * @param name what callers call it
   * @param ttlMs how long its results are remembered, in milliseconds
   */
  public record Known(String name, long ttlMs) {
    static final Form<Known> FORM =
        Form.of(
            Known::new,
            Fields.COMPUTATION_NAME.of(Known::name),
            Fields.RESULT_TTL_MS.of(Known::ttlMs));
  }

  /**
   * All of them.
   *
   * @param known in the order of names
   */
  public record Computations(List<Known> known) {
    /** How it is written. */
    public static final Form<Computations> FORM =
        Form.of(
            Computations::new, Field.objects("computations", Known.FORM).of(Computations::known));
  }
}

package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.failure.Failure;
import dev.recall.form.Field;
import dev.recall.form.Form;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which computations there are. */
public final class ComputationsApi {

  /** All that a node knows. */
  public static final Service<Ask, Computations> LIST =
      Service.named("cache.computations", Ask.FORM, Computations.FORM);

  /**
   * Defines a computation for all nodes, or changes a definition; {@link Failure#DEFINED_ELSEWHERE}
   * where the name is taken, {@link Failure#INVALID} with every fault.
   */
  public static final Service<Define, Defined> DEFINE =
      Service.named("computations.define", Define.FORM, Defined.FORM);

  /** Ends a computation that was defined so, and forgets its results. */
  public static final Service<End, Removed> END =
      Service.named("computations.end", End.FORM, Removed.FORM);

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
   * @param by the word of a {@link Maker}
   * @param mediaType what its results are
   * @param version where it has one
   * @param url where it is asked for
   */
  public record Known(
      String name,
      long ttlMs,
      String by,
      String mediaType,
      Optional<String> version,
      Optional<String> url) {
    /** How it is written. */
    public static final Form<Known> FORM =
        Form.of(
            Known::new,
            Fields.COMPUTATION_NAME.of(Known::name),
            Fields.RESULT_TTL_MS.of(Known::ttlMs),
            Fields.MAKER.of(Known::by),
            Fields.MEDIA_TYPE.of(Known::mediaType),
            Fields.COMPUTATION_VERSION.of(Known::version),
            Fields.URL.of(Known::url));
  }

  /**
   * Defines a computation.
   *
   * @param definition with the names and units of the settings
   */
  public record Define(String name, JsonObject definition) {
    /** How it is written. */
    public static final Form<Define> FORM =
        Form.of(
                Define::new,
                Fields.COMPUTATION_NAME.of(Define::name),
                Fields.DEFINITION.of(Define::definition))
            .exactly();
  }

  /** That it is defined, and whether it was not before. */
  public record Defined(String name, boolean created) {
    /** How it is written. */
    public static final Form<Defined> FORM =
        Form.of(
            Defined::new,
            Fields.COMPUTATION_NAME.of(Defined::name),
            Fields.CREATED.of(Defined::created));
  }

  /** Ends a computation. */
  public record End(String name) {
    /** How it is written. */
    public static final Form<End> FORM =
        Form.of(End::new, Fields.COMPUTATION_NAME.of(End::name)).exactly();
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

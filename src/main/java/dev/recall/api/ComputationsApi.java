package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.bus.Topic;
import dev.recall.failure.Failure;
import dev.recall.form.Field;
import dev.recall.form.Form;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
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

  /** How often a lender tells that it is there. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(3);

  /** How long a lender is asked that is not heard of. */
  public static final Duration SILENCE = Duration.ofSeconds(10);

  /**
   * Lends a computation to all nodes, for {@link #SILENCE}; {@link Failure#DEFINED_ELSEWHERE} where
   * the name is taken, or lent otherwise.
   */
  public static final Service<Lend, Lent> LEND =
      Service.named("computations.lend", Lend.FORM, Lent.FORM);

  /** That something is lent, as the node that was told tells all others. */
  public static final Topic<Lend> LENT = new Topic<>("recall.v1.computations.lent", Lend.FORM);

  private ComputationsApi() {}

  /**
   * Lends a computation, or tells that it still is.
   *
   * @param definition with the names and units of the settings, without a maker
   * @param instance of the lender: each has another
   * @param address where this one answers, {@code recall.v1.compute.<name>} or below it; else all
   *     lenders answer there
   * @param gone whether the lender ends
   */
  public record Lend(
      String name, JsonObject definition, String instance, Optional<String> address, boolean gone) {
    /** How it is written. */
    public static final Form<Lend> FORM =
        Form.of(
                Lend::new,
                Fields.COMPUTATION_NAME.of(Lend::name),
                Fields.DEFINITION.of(Lend::definition),
                Fields.INSTANCE.of(Lend::instance),
                Fields.ADDRESS.of(Lend::address),
                Fields.GONE.of(Lend::gone))
            .exactly();

    /** Where it is asked. */
    public String asked() {
      return address.orElseGet(() -> ComputeApi.of(name).name());
    }
  }

  /** That it is lent, and how often that is to be told, in milliseconds. */
  public record Lent(String name, long heartbeatMs) {
    /** How it is written. */
    public static final Form<Lent> FORM =
        Form.of(
            Lent::new,
            Fields.COMPUTATION_NAME.of(Lent::name),
            Fields.HEARTBEAT_MS.of(Lent::heartbeatMs));
  }

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

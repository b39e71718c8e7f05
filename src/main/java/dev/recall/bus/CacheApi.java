package dev.recall.bus;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;

/** What the cache is asked and answers. */
public final class CacheApi {

  /** The result of a computation, for the verticles of this process. */
  public static final Address<Get, Result> GET_LOCAL = Address.local("recall.local.cache.get");

  /** The same, for every application in the cluster. */
  public static final Address<Get, Result> GET =
      Address.cluster("recall.v1.cache.get", Get.FORM, Result.FORM);

  private CacheApi() {}

  /**
   * Asks for a result.
   *
   * @param computation a name, like {@code fib}
   * @param input what it is computed from, as its caller wrote it
   */
  public record Get(String computation, String input) {
    static final Form<Get> FORM =
        Form.json(
            get -> new JsonObject().put("computation", get.computation).put("input", get.input),
            json -> new Get(json.text("computation"), json.text("input")));
  }

  /**
   * A result.
   *
   * @param computation its name
   * @param input what it was computed from, in canonical form
   * @param result exact
   * @param source whether this very request caused the computation
   */
  public record Result(String computation, String input, String result, Source source) {
    static final Form<Result> FORM =
        Form.json(
            result ->
                new JsonObject()
                    .put("computation", result.computation)
                    .put("input", result.input)
                    .put("result", result.result),
            (result, headers) -> headers.add("source", result.source.word),
            json ->
                new Result(
                    json.text("computation"),
                    json.text("input"),
                    json.text("result"),
                    Source.of(json.header("source").orElse(""))));

    /** The same result, as whoever waited for another's computation sees it. */
    public Result remembered() {
      return new Result(computation, input, result, Source.CACHE);
    }
  }

  /** Where a result came from. */
  public enum Source {
    /** Computed for this request; {@code database} is the tutorial's word for it. */
    COMPUTED("database"),
    /** Remembered, or computed for another request at the same time. */
    CACHE("cache");

    private final String word;

    Source(String word) {
      this.word = word;
    }

    /** The word callers see. */
    public String word() {
      return word;
    }

    static Source of(String word) {
      return Arrays.stream(values())
          .filter(source -> source.word.equals(word))
          .findFirst()
          .orElseThrow(() -> Failure.INVALID.because("source must be database or cache"));
    }
  }
}

package dev.recall.api;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.bus.Form;
import dev.recall.bus.JsonReader;
import dev.recall.bus.Service;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What the cache is asked and answers for many inputs of one computation at once. */
public final class CacheManyApi {

  /** The most inputs of one request. */
  public static final int MAX_INPUTS = 1000;

  /** The results, in the order of the inputs. */
  public static final Service<GetMany, Answers> GET_MANY =
      Service.named("cache.get-many", GetMany.FORM, Answers.FORM);

  private CacheManyApi() {}

  /**
   * Asks for results.
   *
   * @param computation a name, like {@code fib}
   * @param inputs at most {@link #MAX_INPUTS}, each as its caller wrote it
   * @param caller who asks; within this process only, else empty
   */
  public record GetMany(String computation, List<String> inputs, String caller) {
    static final Form<GetMany> FORM =
        Form.request(
            get ->
                new JsonObject()
                    .put("computation", get.computation)
                    .put("inputs", new JsonArray(get.inputs)),
            GetMany::read);

    /** What a message asks; every fault of it is noted. */
    public static GetMany read(JsonReader json) {
      return new GetMany(json.text("computation"), json.texts("inputs"));
    }

    /**
     * @throws FailureException {@link Failure#INVALID} where there are too many
     */
    public GetMany {
      if (inputs.size() > MAX_INPUTS) {
        throw FailureException.invalid(
            "inputs", "inputs must have at most " + MAX_INPUTS + " entries");
      }
    }

    /** Asked by nobody knows whom. */
    public GetMany(String computation, List<String> inputs) {
      this(computation, inputs, "");
    }

    /** The same, asked by somebody. */
    public GetMany by(String whom) {
      return new GetMany(computation, inputs, whom);
    }
  }

  /**
   * One answer for each input.
   *
   * @param answers in the order of the inputs
   */
  public record Answers(List<Answer> answers) {
    static final Form<Answers> FORM =
        Form.json(
            all ->
                new JsonObject()
                    .put("results", new JsonArray(all.answers.stream().map(Answer::json).toList())),
            json -> new Answers(json.objects("results").stream().map(Answer::of).toList()));
  }

  /** A result, or why there is none. */
  public sealed interface Answer {

    /** How it is written in JSON on the bus. */
    JsonObject json();

    /** How many characters of it are not the same for each answer. */
    int length();

    private static Answer of(JsonReader json) {
      return json.has("error") ? Refused.of(json) : Answered.of(json);
    }
  }

  /**
   * A result.
   *
   * @param input in canonical form
   * @param result exact
   * @param source {@code database} where this very request caused the computation
   */
  public record Answered(String input, String result, String source) implements Answer {
    @Override
    public JsonObject json() {
      return new JsonObject().put("input", input).put("result", result).put("source", source);
    }

    @Override
    public int length() {
      return input.length() + result.length();
    }

    private static Answered of(JsonReader json) {
      return new Answered(json.text("input"), json.text("result"), json.text("source"));
    }
  }

  /**
   * No result.
   *
   * @param input as its caller wrote it
   * @param failure why
   */
  public record Refused(String input, FailureException failure) implements Answer {
    @Override
    public JsonObject json() {
      JsonObject error =
          new JsonObject().put("code", failure.failure().code()).put("detail", failure.detail());
      return new JsonObject().put("input", input).put("error", error);
    }

    @Override
    public int length() {
      return input.length() + failure.detail().length();
    }

    private static Refused of(JsonReader json) {
      JsonReader error = json.object("error");
      Failure failure = Failure.of((int) error.integer("code", 0));
      return new Refused(json.text("input"), failure.because(error.text("detail")));
    }
  }
}

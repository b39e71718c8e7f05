package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Field;
import dev.recall.form.Form;
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
    /** How it is written. */
    public static final Form<GetMany> FORM =
        Form.of(
                GetMany::new,
                Fields.COMPUTATION.of(GetMany::computation),
                Fields.INPUTS.of(GetMany::inputs))
            .exactly();

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
    /** How it is written. */
    public static final Form<Answers> FORM =
        Form.of(Answers::new, Field.objects("results", Answer.FORM).of(Answers::answers));
  }

  /** A result, or why there is none. */
  public sealed interface Answer {

    /** How it is written. */
    Form<Answer> FORM =
        Form.either("error", Refused.class, Refused.FORM, Answered.class, Answered.FORM);

    /** How many characters of it are not the same for each answer. */
    int length();
  }

  /**
   * A result.
   *
   * @param input in canonical form
   * @param result exact
   * @param source {@code database} where this very request caused the computation
   */
  public record Answered(String input, String result, String source) implements Answer {
    /** How it is written. */
    public static final Form<Answered> FORM =
        Form.of(
            Answered::new,
            Fields.INPUT.of(Answered::input),
            Fields.RESULT.of(Answered::result),
            Fields.SOURCE.of(Answered::source));

    @Override
    public int length() {
      return input.length() + result.length();
    }
  }

  /**
   * No result.
   *
   * @param input as its caller wrote it
   * @param failure why
   */
  public record Refused(String input, FailureException failure) implements Answer {
    private static final Form<FailureException> ERROR =
        Form.of(
            (code, detail) -> Failure.of(code.intValue()).because(detail),
            Fields.CODE.of(error -> (long) error.failure().code()),
            Fields.DETAIL.of(FailureException::detail));

    /** How it is written. */
    public static final Form<Refused> FORM =
        Form.of(
            Refused::new,
            Fields.INPUT.of(Refused::input),
            Field.object("error", ERROR).of(Refused::failure));

    @Override
    public int length() {
      return input.length() + failure.detail().length();
    }
  }
}

package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.recall.api.CacheManyApi.Answer;
import dev.recall.api.CacheManyApi.Answered;
import dev.recall.api.CacheManyApi.Answers;
import dev.recall.api.CacheManyApi.GetMany;
import dev.recall.api.CacheManyApi.Refused;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Form;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheManyApiTest {

  private static final Answered FOUND = new Answered("10", "55", "cache");

  private static Refused refused(Failure failure) {
    return new Refused("-1", failure.because("must be \"a\" number €"));
  }

  private static <T> void assertInvalid(Form<T> form, String body) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> Wire.read(form, body, Map.of()))
        .returns(Failure.INVALID, FailureException::failure);
  }

  @Test
  void getMany_whenSent_isReadAsItWas() {
    GetMany get = new GetMany("fib", List.of("10", "", "010 \"€\"", "10"));

    assertThat(Wire.of(GetMany.FORM, get).readAs(GetMany.FORM)).isEqualTo(get);
  }

  @Test
  void getMany_whenWritten_hasTheAgreedFields() {
    assertThat(Wire.of(GetMany.FORM, new GetMany("fib", List.of("10", "11"))))
        .isEqualTo(new Wire("{\"computation\":\"fib\",\"inputs\":[\"10\",\"11\"]}", Map.of()));
  }

  @Test
  void getMany_whenThereIsNoInput_isReadAsItWas() {
    GetMany get = new GetMany("fib", List.of());

    assertThat(Wire.of(GetMany.FORM, get).readAs(GetMany.FORM)).isEqualTo(get);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"computation\":\"fib\"}",
        "{\"inputs\":[\"1\"]}",
        "{\"computation\":1,\"inputs\":[\"1\"]}",
        "{\"computation\":\"fib\",\"inputs\":null}",
        "{\"computation\":\"fib\",\"inputs\":\"1\"}",
        "{\"computation\":\"fib\",\"inputs\":{\"0\":\"1\"}}",
        "{\"computation\":\"fib\",\"inputs\":[1]}",
        "{\"computation\":\"fib\",\"inputs\":[\"1\",null]}",
        "{\"computation\":\"fib\",\"inputs\":[[\"1\"]]}"
      })
  void getMany_whenAFieldIsMissingOrOfTheWrongType_isInvalid(String body) {
    assertInvalid(GetMany.FORM, body);
  }

  @Test
  void getMany_whenThereAreAThousandInputs_isAllowed() {
    assertThat(new GetMany("fib", Collections.nCopies(1_000, "1")).inputs()).hasSize(1_000);
  }

  @Test
  void getMany_whenThereAreMoreThanAThousandInputs_isInvalid() {
    List<String> inputs = Collections.nCopies(1_001, "1");

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> new GetMany("fib", inputs))
        .returns(Failure.INVALID, FailureException::failure)
        .returns("inputs must have at most 1000 entries", FailureException::detail);
  }

  @Test
  void getMany_whenMoreThanAThousandInputsAreReceived_isInvalid() {
    String inputs = String.join(",", Collections.nCopies(1_001, "\"1\""));

    assertInvalid(GetMany.FORM, "{\"computation\":\"fib\",\"inputs\":[" + inputs + "]}");
  }

  @Test
  void answers_whenWritten_haveAResultOrAnErrorEach() {
    assertThat(
            Wire.of(
                Answers.FORM,
                new Answers(List.of(FOUND, new Refused("-1", Failure.INVALID.because("no"))))))
        .isEqualTo(
            new Wire(
                "{\"results\":[{\"input\":\"10\",\"result\":\"55\",\"source\":\"cache\"},"
                    + "{\"input\":\"-1\",\"error\":{\"code\":42200,\"detail\":\"no\"}}]}",
                Map.of()));
  }

  @Test
  void answers_whenSent_areReadInTheirOrder() {
    List<Answer> answers =
        List.of(FOUND, new Answered("9", "34", "database"), new Answered("10", "55", "cache"));

    assertThat(Wire.of(Answers.FORM, new Answers(answers)).readAs(Answers.FORM).answers())
        .isEqualTo(answers);
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void answers_whenAnInputIsRefused_tellTheSameFailure(Failure failure) {
    Answers answers = new Answers(List.of(FOUND, refused(failure)));

    assertThat(Wire.of(Answers.FORM, answers).readAs(Answers.FORM).answers().get(1))
        .asInstanceOf(type(Refused.class))
        .returns("-1", Refused::input)
        .returns(failure, refused -> refused.failure().failure())
        .returns("must be \"a\" number €", refused -> refused.failure().detail());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"results\":{}}",
        "{\"results\":[\"55\"]}",
        "{\"results\":[null]}",
        "{\"results\":[{}]}",
        "{\"results\":[{\"input\":\"10\",\"source\":\"cache\"}]}",
        "{\"results\":[{\"input\":\"10\",\"result\":55,\"source\":\"cache\"}]}",
        "{\"results\":[{\"input\":\"10\",\"result\":\"55\"}]}",
        "{\"results\":[{\"input\":\"10\",\"error\":null}]}",
        "{\"results\":[{\"input\":\"10\",\"error\":{\"code\":42200}}]}",
        "{\"results\":[{\"input\":\"10\",\"error\":{\"code\":\"42200\",\"detail\":\"no\"}}]}",
        "{\"results\":[{\"error\":{\"code\":42200,\"detail\":\"no\"}}]}"
      })
  void answers_whenAFieldIsMissingOrOfTheWrongType_areInvalid(String body) {
    assertInvalid(Answers.FORM, body);
  }

  @Test
  void getMany_isServedUnderItsName() {
    assertThat(CacheManyApi.GET_MANY.cluster().name()).isEqualTo("recall.v1.cache.get-many");
  }
}

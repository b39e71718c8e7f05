package dev.recall.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.failure.FailureException.Fault;
import dev.recall.form.Form;
import java.util.List;
import java.util.Map;

/** What was told to be wrong with a message. */
record Faults(List<Fault> found) {

  static <T> Faults of(Form<T> form, String body) {
    FailureException refusal =
        catchThrowableOfType(FailureException.class, () -> Wire.read(form, body, Map.of()));
    assertThat(refusal).as("the refusal of %s", body).isNotNull();
    assertThat(refusal.failure()).isEqualTo(Failure.INVALID);
    return new Faults(refusal.faults());
  }

  /** Each of these fields once, in any order, and no other. */
  void areIn(String... fields) {
    assertThat(found)
        .extracting(fault -> fault.loc().get(fault.loc().size() - 1))
        .containsExactlyInAnyOrder(fields);
  }
}

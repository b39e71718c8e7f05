package dev.recall.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.recall.spi.Computation;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComputationsTest {

  /** Has a name; found by the service loader where a test registers it. */
  public static final class Named implements Computation {

    private final String name;

    /** As the service loader makes it. */
    public Named() {
      this("found");
    }

    Named(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Duration ttl() {
      return Duration.ofSeconds(1);
    }

    @Override
    public String canonical(String input) {
      return input;
    }

    @Override
    public String compute(String input) {
      return input;
    }
  }

  static String[] allowedNames() {
    return new String[] {"a", "fib", "fib-2", "0", "-", "a".repeat(64)};
  }

  static String[] malformedNames() {
    return new String[] {"", "Fib", "fib:2", "fib 2", "fib_2", "é", "fib\n", "a".repeat(65)};
  }

  @ParameterizedTest
  @MethodSource("allowedNames")
  void new_whenANameIsAllowed_hasTheComputation(String name) {
    Computation computation = new Named(name);

    assertThat(new Computations(computation).byName()).containsEntry(name, computation);
  }

  @ParameterizedTest
  @MethodSource("malformedNames")
  void new_whenANameIsMalformed_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Computations(new Named(name)))
        .withMessage("a computation cannot be named '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"counter", "lease", "recall"})
  void new_whenItsKeysWouldBeThoseOfSomethingElse_isRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Computations(new Named(name)))
        .withMessage("a computation cannot be named '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"counters", "lease-2", "recal"})
  void new_whenItsNameOnlyResemblesATakenOne_hasTheComputation(String name) {
    assertThat(new Computations(new Named(name)).byName()).containsKey(name);
  }

  @Test
  void new_whenTwoHaveOneName_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Computations(new Named("a"), new Named("b"), new Named("a")))
        .withMessage("two computations are named a");
  }

  @Test
  void new_whenAServiceIsRegistered_findsIt(@TempDir Path classes) throws IOException {
    Path services = Files.createDirectories(classes.resolve("META-INF/services"));
    Files.writeString(services.resolve(Computation.class.getName()), Named.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);

      assertThat(new Computations(new Named("a")).byName()).containsKeys("a", "found");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void byName_whenThereAreSeveral_isInTheOrderOfNames() {
    Computations computations =
        new Computations(
            new Named("d"), new Named("b"), new Named("e"), new Named("a"), new Named("c"));

    assertThat(List.copyOf(computations.byName().keySet()))
        .containsSubsequence("a", "b", "c", "d", "e")
        .isSorted();
  }
}

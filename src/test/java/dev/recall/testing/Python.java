package dev.recall.testing;

import java.io.IOException;
import java.util.Optional;
import java.util.stream.Stream;

/** The Python of this machine. */
public final class Python {

  private Python() {}

  /**
   * The first one that has some modules; the system's may be hidden by another one.
   *
   * @param modules as after {@code import}
   */
  public static Optional<String> with(String modules) {
    return Stream.of("python3", "/usr/bin/python3").filter(one -> has(one, modules)).findFirst();
  }

  private static boolean has(String python, String modules) {
    try {
      return new ProcessBuilder(python, "-c", "import " + modules)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }
}

package dev.recall.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shop of the page "Remember a SQL query": FastAPI and SQLite, under uvicorn. */
@Timeout(ClientTrial.LONGEST_SECONDS + 60)
class DatabaseExampleIT {

  @TempDir private Path dir;

  @Test
  void shop_onRealNodes_passesItsTests() throws Exception {
    String python = pythonOfTheShop();
    try (ClientTrial trial = new ClientTrial(dir)) {
      trial.fetch("recall.py");
      trial.passes(
          Map.of("PYTHONPATH", dir.toString(), "PYTHONUNBUFFERED", "1"),
          python,
          "-B",
          "-W",
          "error",
          "src/test/python/test_shop.py",
          "-v");
    }
  }

  /** The first Python that has what the shop needs; the system's may be hidden by another one. */
  private static String pythonOfTheShop() {
    return Stream.of("python3", "/usr/bin/python3")
        .filter(DatabaseExampleIT::hasWhatTheShopNeeds)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "this test needs a python3 with fastapi, httpx and uvicorn:"
                        + " apt-get install python3-fastapi python3-httpx python3-uvicorn"));
  }

  private static boolean hasWhatTheShopNeeds(String python) {
    try {
      return new ProcessBuilder(python, "-c", "import fastapi, httpx, uvicorn")
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

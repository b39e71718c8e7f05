package dev.recall.clients;

import dev.recall.testing.Python;
import java.nio.file.Path;
import java.util.Map;
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

  private static String pythonOfTheShop() {
    return Python.with("fastapi, httpx, uvicorn")
        .orElseThrow(
            () ->
                new AssertionError(
                    "this test needs a python3 with fastapi, httpx and uvicorn:"
                        + " apt-get install python3-fastapi python3-httpx python3-uvicorn"));
  }
}

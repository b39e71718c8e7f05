package dev.recall.clients;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client library for Python. */
@Timeout(ClientTrial.LONGEST_SECONDS + 60)
class PythonClientIT {

  @TempDir private Path dir;

  @Test
  void recallPy_onRealNodes_passesItsTests() throws Exception {
    try (ClientTrial trial = new ClientTrial(dir)) {
      trial.fetch("recall.py");
      trial.passes(
          Map.of("PYTHONPATH", dir.toString(), "PYTHONUNBUFFERED", "1"),
          "python3",
          "-B",
          "-W",
          "error",
          "src/test/python/test_recall.py",
          "-v");
    }
  }
}

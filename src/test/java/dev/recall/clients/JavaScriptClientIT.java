package dev.recall.clients;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client library for JavaScript, in Node. */
@Timeout(ClientTrial.LONGEST_SECONDS + 60)
class JavaScriptClientIT {

  @TempDir private Path dir;

  @Test
  void recallJs_onRealNodes_passesItsTests() throws Exception {
    try (ClientTrial trial = new ClientTrial(dir)) {
      trial.fetch("recall.js");
      // Node tells a module by its name.
      Path module = Files.move(dir.resolve("recall.js"), dir.resolve("recall.mjs"));
      trial.passes(
          Map.of("RECALL_MODULE", module.toString()),
          "node",
          "--test",
          "src/test/javascript/recall.test.mjs");
    }
  }
}

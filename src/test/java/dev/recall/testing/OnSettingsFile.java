package dev.recall.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import dev.recall.config.Settings;
import dev.recall.config.read.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** A directory of configuration for each test, where a recall.yaml is written and read. */
public class OnSettingsFile {

  protected static final SettingsLoader LOADER = new SettingsLoader();
  protected static final Map<String, String> NONE = Map.of();

  @TempDir protected Path conf;

  protected Settings load(String yaml, Map<String, String> environment, Map<String, String> flags)
      throws IOException {
    Files.writeString(conf.resolve("recall.yaml"), yaml);
    return LOADER.load(new ConfDirectory(conf), environment, flags);
  }

  /** What is wrong with them. */
  protected List<String> faults(
      String yaml, Map<String, String> environment, Map<String, String> flags) {
    BadSettings bad = catchThrowableOfType(BadSettings.class, () -> load(yaml, environment, flags));
    assertThat(bad).describedAs("'%s' must be refused", yaml).isNotNull();
    return bad.faults();
  }
}

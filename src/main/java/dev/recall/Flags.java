package dev.recall;

import dev.recall.config.read.SettingsLoader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The flags of the process: one for each setting, {@code --conf} and {@code --help}. */
final class Flags {

  private final SettingsLoader loader;

  Flags(SettingsLoader loader) {
    this.loader = loader;
  }

  /** What reads {@code --conf} and {@code --help}; to it, settings are unmatched arguments. */
  CommandLine commandLine() {
    CommandSpec spec = CommandSpec.create().name("./run.sh");
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Print this.").build());
    spec.addOption(
        OptionSpec.builder("--conf")
            .type(String.class)
            .paramLabel("DIR")
            .description("Where recall.yaml, cluster.xml and redis.conf are (default: conf).")
            .build());
    spec.usageMessage()
        .synopsisHeading("Usage: ")
        .customSynopsis("./run.sh [--cluster] [--conf=DIR] [--SETTING=VALUE ...]")
        .description("Starts one node of Recall. Every setting is a flag: --http.port=9000.%n")
        .footer(loader.defaultsText().replace("%", "%%").split("\n"))
        .width(125)
        .footerHeading("%nThe settings and their defaults:%n%n");
    return new CommandLine(spec)
        .setUnmatchedArgumentsAllowed(true)
        .setPosixClusteredShortOptionsAllowed(false);
  }

  /**
   * The settings given, by path, those among them that do not exist: the loader tells of these with
   * all the other faults.
   *
   * @throws ParameterException without repeating a value, since it may be a secret
   */
  Map<String, String> settings(ParseResult parsed) {
    Map<String, String> settings = new LinkedHashMap<>();
    Deque<String> arguments = new ArrayDeque<>(parsed.unmatched());
    while (!arguments.isEmpty()) {
      String flag = arguments.remove();
      if (!flag.startsWith("--")) {
        throw misuse(parsed, "an argument is no flag: flags begin with --");
      }
      int equals = flag.indexOf('=');
      String path = equals < 0 ? flag.substring(2) : flag.substring(2, equals);
      String text;
      if (equals >= 0) {
        text = flag.substring(equals + 1);
      } else if (!arguments.isEmpty() && !arguments.element().startsWith("--")) {
        text = arguments.remove();
      } else if (path.equals("cluster")) {
        text = "true";
      } else {
        throw misuse(parsed, "--" + path + " has no value");
      }
      if (settings.put(path, text) != null) {
        throw misuse(parsed, "--" + path + " is given twice");
      }
    }
    return settings;
  }

  /** The directory given; null where none is. */
  @Nullable String conf(ParseResult parsed) {
    String directory = parsed.matchedOptionValue("--conf", null);
    if (directory != null && directory.startsWith("--")) {
      throw misuse(parsed, "--conf has no value");
    }
    return directory;
  }

  private static ParameterException misuse(ParseResult parsed, String message) {
    return new ParameterException(parsed.commandSpec().commandLine(), message);
  }
}

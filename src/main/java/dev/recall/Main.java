package dev.recall;

import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import dev.recall.config.Settings;
import dev.recall.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The process: arguments, signals, exit code. */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final long STOP_SECONDS = 60;
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private static volatile int exitCode;
  private static volatile boolean stopping;

  private Main() {}

  /** Runs a node until a signal ends it. */
  public static void main(String[] arguments) {
    SettingsLoader loader = new SettingsLoader();
    CommandLine commandLine = commandLine(loader);
    try {
      ParseResult parsed = commandLine.parseArgs(arguments);
      if (parsed.isUsageHelpRequested()) {
        commandLine.usage(System.out);
      } else {
        run(loader, parsed);
      }
    } catch (ParameterException misuse) {
      System.err.println(misuse.getMessage() + " (--help lists what there is)");
      System.exit(MISUSED);
    }
  }

  private static CommandLine commandLine(SettingsLoader loader) {
    CommandSpec spec = CommandSpec.create().name("./run.sh");
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Print this.").build());
    spec.addOption(
        OptionSpec.builder("--conf")
            .type(String.class)
            .paramLabel("DIR")
            .description("Where recall.yaml, cluster.xml and redis.conf are (default: conf).")
            .build());
    for (String path : loader.paths()) {
      OptionSpec.Builder option =
          OptionSpec.builder("--" + path).type(String.class).paramLabel("VALUE").hidden(true);
      if (path.equals("cluster")) {
        option.arity("0..1").fallbackValue("true");
      }
      spec.addOption(option.build());
    }
    spec.usageMessage()
        .synopsisHeading("Usage: ")
        .customSynopsis("./run.sh [--cluster] [--conf=DIR] [--SETTING=VALUE ...]")
        .description("Starts one node of Recall. Every setting is a flag: --http.port=9000.%n")
        .footer(loader.defaultsText().replace("%", "%%").split("\n"))
        .width(125)
        .footerHeading("%nThe settings and their defaults:%n%n");
    return new CommandLine(spec).setUnmatchedArgumentsAllowed(true);
  }

  private static void run(SettingsLoader loader, ParseResult parsed) {
    Map<String, String> flags = new LinkedHashMap<>();
    for (String path : loader.paths()) {
      if (parsed.hasMatchedOption("--" + path)) {
        flags.put(path, parsed.matchedOptionValue("--" + path, ""));
      }
    }
    // The loader tells of these with all the other faults; their values may be secrets.
    parsed
        .unmatched()
        .forEach(unknown -> flags.put(unknown.replaceFirst("^--", "").replaceFirst("=.*", ""), ""));
    try {
      ConfDirectory conf = conf(parsed);
      Settings settings = loader.load(conf, System.getenv(), flags);
      start(settings, conf);
    } catch (BadSettings bad) {
      fail(bad);
    }
  }

  private static ConfDirectory conf(ParseResult parsed) {
    String named =
        parsed.matchedOptionValue("--conf", System.getenv(SettingsLoader.DIRECTORY_VARIABLE));
    if (named == null) {
      return new ConfDirectory(Path.of("conf"));
    }
    if (!Files.isDirectory(Path.of(named))) {
      throw new BadSettings("--conf: " + named + " is no directory");
    }
    return new ConfDirectory(Path.of(named));
  }

  private static void start(Settings settings, ConfDirectory conf) {
    VertxFactory.create(settings.cluster(), conf)
        .compose(
            vertx -> {
              Application application = new Application(vertx, settings, conf);
              Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(application)));
              return application
                  .start()
                  .onSuccess(
                      up -> {
                        if (!stopping) {
                          System.out.println(Banner.of(application, settings));
                        }
                      });
            })
        .onFailure(Main::fail);
  }

  private static void fail(Throwable failure) {
    if (stopping) {
      return;
    }
    if (failure instanceof BadSettings bad) {
      bad.faults().forEach(fault -> System.err.println("recall: " + fault));
    } else {
      LOG.error("recall: cannot start", failure);
    }
    exitCode = FAILED;
    // Not on this thread: it may be an event loop that the shutdown hook needs.
    new Thread(() -> System.exit(FAILED), "recall-exit").start();
  }

  private static void stop(Application application) {
    stopping = true;
    try {
      application
          .stop()
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      LOG.error("The node did not stop cleanly", failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    // A process ended by SIGTERM would else exit with 143, as if it had been killed.
    Runtime.getRuntime().halt(exitCode);
  }
}

package dev.recall;

import ch.qos.logback.classic.LoggerContext;
import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import dev.recall.config.Deadlines;
import dev.recall.config.Settings;
import dev.recall.config.read.SettingsLoader;
import dev.recall.logging.OutOfMemoryFilter;
import dev.recall.logging.RepetitionFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The process: arguments, signals, exit code. */
public final class Main {

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private static volatile int exitCode;
  private static volatile boolean stopping;

  private Main() {}

  /** Runs a node until a signal ends it. */
  public static void main(String[] arguments) {
    watchErrors();
    SettingsLoader loader = new SettingsLoader();
    Flags flags = new Flags(loader);
    CommandLine commandLine = flags.commandLine();
    try {
      ParseResult parsed = commandLine.parseArgs(arguments);
      if (parsed.isUsageHelpRequested()) {
        commandLine.usage(System.out);
      } else {
        run(loader, flags.conf(parsed), flags.settings(parsed));
      }
    } catch (ParameterException misuse) {
      System.err.println(misuse.getMessage() + " (--help lists what there is)");
      System.exit(MISUSED);
    }
  }

  /** What is thrown to nobody is logged; what repeats is logged once; no memory is the end. */
  private static void watchErrors() {
    ((LoggerContext) LoggerFactory.getILoggerFactory())
        .getLogger(Logger.ROOT_LOGGER_NAME)
        .iteratorForAppenders()
        .forEachRemaining(
            appender -> {
              appender.addFilter(
                  new OutOfMemoryFilter(error -> die("out of memory: " + error.getMessage())));
              appender.addFilter(new RepetitionFilter());
            });
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, thrown) -> LOG.error("Uncaught in {}", thread.getName(), thrown));
  }

  private static void run(
      SettingsLoader loader, @Nullable String directory, Map<String, String> flags) {
    try {
      ConfDirectory conf = conf(directory);
      Settings settings = loader.load(conf, System.getenv(), flags);
      start(settings, conf);
    } catch (BadSettings bad) {
      fail(bad);
    }
  }

  private static ConfDirectory conf(@Nullable String directory) {
    String named = directory == null ? System.getenv(SettingsLoader.DIRECTORY_VARIABLE) : directory;
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
              Application application = new Application(vertx, settings, conf, Main::die);
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

  /** Ends a process that cannot go on. Nothing is awaited: what it would need may be gone. */
  private static synchronized void die(String why) {
    try {
      System.err.println("recall: " + why + "; the process ends");
    } finally {
      Runtime.getRuntime().halt(FAILED);
    }
  }

  private static void stop(Application application) {
    stopping = true;
    try {
      application
          .stop()
          .toCompletionStage()
          .toCompletableFuture()
          .get(Deadlines.STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failed) {
      LOG.error("The node did not stop cleanly", failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    // A process ended by SIGTERM would else exit with 143, as if it had been killed.
    Runtime.getRuntime().halt(exitCode);
  }
}

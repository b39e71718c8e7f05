package dev.recall.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project with its own POM, {@code src/test/maven/squares}, which depends on vertx-core and the
 * packaged client alone: Maven builds it, without a network, and its tests ask a node.
 */
class ClientProjectIT extends RunningNode {

  private static final long LONGEST_SECONDS = 240;
  private static final Path PROJECT = Path.of("src/test/maven/squares");

  @Test
  @Timeout(LONGEST_SECONDS + 60)
  void test_ofAProjectThatHasTheClientAlone_passes(@TempDir Path dir) throws Exception {
    Path project = copied(dir.resolve("project"));
    Path repository = repository(dir.resolve("repository"));
    Path output = dir.resolve("output");

    Process maven =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of(
                            Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                            "-o",
                            "-q",
                            "-B",
                            "-Dmaven.repo.local=" + repository,
                            "-Drecall.url=http://127.0.0.1:" + node.httpPort(),
                            "test"),
                        versions().stream())
                    .toList())
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = maven.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS);
    maven.descendants().forEach(ProcessHandle::destroyForcibly);
    int exitCode = maven.destroyForcibly().waitFor();

    assertThat(ended).as(Files.readString(output)).isTrue();
    assertThat(exitCode).as(Files.readString(output)).isZero();
    assertThat(project.resolve("target/surefire-reports/shop.SquaresTest.txt"))
        .content()
        .contains("Tests run: 3, Failures: 0, Errors: 0, Skipped: 0");
    assertThat(redis.run("GET", "squares:7")).isEqualTo("49");
  }

  private static List<String> versions() {
    return List.of(System.getProperty("recall.versions").split(" "));
  }

  private static Path copied(Path project) throws IOException {
    try (Stream<Path> all = Files.walk(PROJECT)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path copy = project.resolve(PROJECT.relativize(file));
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    return project;
  }

  /** The repository of this build, and the client in it, which is not installed there. */
  private static Path repository(Path repository) throws IOException {
    Path own = Path.of(System.getProperty("maven.repository"));
    Path group = Files.createDirectories(repository.resolve("dev/recall/recall"));
    link(own, repository, "dev");
    link(own.resolve("dev"), repository.resolve("dev"), "recall");
    String version =
        versions().stream()
            .filter(each -> each.startsWith("-Drecall.version="))
            .findFirst()
            .orElseThrow()
            .replaceFirst(".*=", "");
    Path installed = Files.createDirectory(group.resolve(version));
    Path jar = Path.of(System.getProperty("recall.client.jar"));
    Files.copy(jar, installed.resolve("recall-" + version + "-client.jar"));
    Files.copy(
        jar.resolveSibling("published-pom.xml"), installed.resolve("recall-" + version + ".pom"));
    return repository;
  }

  private static void link(Path from, Path to, String but) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (Stream<Path> all = Files.list(from)) {
      for (Path each : all.filter(one -> !one.endsWith(but)).toList()) {
        Files.createSymbolicLink(to.resolve(each.getFileName()), each);
      }
    }
  }
}

package dev.recall.http;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client libraries, fetched from a node whose other routes ask for a token. */
class ClientRoutesIT extends RunningNode {

  ClientRoutesIT() {
    super("http.tokens.a.secret=a-012345678901234", "http.tokens.a.scopes=read");
  }

  @ParameterizedTest
  @CsvSource({
    "recall.py, text/x-python; charset=utf-8",
    "recall.js, text/javascript; charset=utf-8"
  })
  void get_withoutAToken_answersTheFile(String name, String type) throws IOException {
    HttpResponse<String> answer = node.get("/clients/" + name);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(Files.readString(Path.of("src/main/resources/dev/recall/clients", name)));
    assertThat(header(answer, "content-type")).isEqualTo(type);
    assertThat(header(answer, "cache-control")).isEqualTo("no-cache");
    assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(answer, "etag")).matches("\"[0-9a-f]{16}\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"recall.py", "recall.js"})
  void get_whenTheCallerHasIt_is304(String name) {
    String tag = header(node.get("/clients/" + name), "etag");

    HttpResponse<String> answer = node.get("/clients/" + name, "If-None-Match", tag);

    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(header(answer, "etag")).isEqualTo(tag);
    assertThat(answer.body()).isEmpty();
    assertThat(node.get("/clients/" + name, "If-None-Match", "\"0\"").statusCode()).isEqualTo(200);
  }

  @Test
  void head_always_answersTheHeadersOfGet() {
    HttpResponse<String> head = node.send("HEAD", "/clients/recall.js", "");

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().map()).isEqualTo(node.get("/clients/recall.js").headers().map());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"})
  void file_byAnotherVerb_is405(String verb) {
    HttpResponse<String> answer = node.send(verb, "/clients/recall.py", "");

    assertProblem(answer, 405, "method-not-allowed");
    assertThat(header(answer, "allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void get_withABody_isAnsweredAllTheSame() {
    assertThat(node.send("GET", "/clients/recall.py", "x".repeat(100_000)).statusCode())
        .isEqualTo(200);
    assertThat(node.get("/clients/recall.py").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/clients", "/clients/", "/clients/recall.rb", "/clients/..%2Frecall.py"})
  void path_ofNoFile_is404(String path) {
    assertProblem(node.get(path), 404, "no-such-route");
  }
}

package dev.recall.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.IntStream;

/** Asks for the results of many inputs, {@value #INPUTS} with each request. */
final class ManyClient {

  private static final int INPUTS = 1_000;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI target;

  ManyClient(URI target) {
    this.target = target;
  }

  /**
   * Asks for each input once.
   *
   * @param count of inputs from the first one on, a multiple of {@value #INPUTS}
   * @throws IOException where one of them has no result
   */
  void ask(int first, int count) throws IOException, InterruptedException {
    for (int next = first; next < first + count; next += INPUTS) {
      List<String> inputs =
          IntStream.range(next, next + INPUTS).mapToObj(Integer::toString).toList();
      String body = new JsonObject().put("inputs", new JsonArray(inputs)).encode();
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(target)
                  .header("content-type", "application/json")
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      if (answer.statusCode() != 200 || answer.body().contains("\"error\"")) {
        throw new IOException("status " + answer.statusCode() + ": " + answer.body());
      }
    }
  }
}

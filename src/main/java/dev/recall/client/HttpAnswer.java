package dev.recall.client;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** An answer over HTTP. */
record HttpAnswer(int status, MultiMap headers, Buffer body) {

  private static final int CREATED = 201;
  private static final int REFUSED = 300; // a redirect, too, is no answer of Recall

  boolean isRefusal() {
    return status >= REFUSED;
  }

  boolean isCreated() {
    return status == CREATED;
  }

  String text() {
    return body.toString(StandardCharsets.UTF_8);
  }

  /**
   * Its fields.
   *
   * @throws DecodeException where it is no JSON object
   */
  JsonObject json() {
    return new JsonObject(body);
  }

  /**
   * The version in its ETag.
   *
   * @throws NumberFormatException where it has none
   */
  long version() {
    return Long.parseLong(String.valueOf(headers.get("etag")).replace("\"", ""));
  }

  /** What it says of itself, as a failure: a problem of Recall, or of something before it. */
  FailureException refusal() {
    JsonObject problem;
    try {
      problem = json();
    } catch (DecodeException | ClassCastException notOfRecall) {
      problem = new JsonObject();
    }
    Optional<Failure> known =
        problem.getValue("type") instanceof String type ? Failure.of(type) : Optional.empty();
    String detail = String.valueOf(problem.getValue("detail", "HTTP " + status));
    return known
        .map(failure -> failure.because(detail))
        .orElseGet(
            () ->
                Failure.ORIGIN_FAILED.because(
                    "something else than Recall, or a later one, answered: " + detail))
        .retryAfter(retryAfter());
  }

  private Duration retryAfter() {
    String seconds = headers.get("retry-after");
    return seconds != null && seconds.matches("[0-9]{1,9}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : Duration.ZERO;
  }
}

package dev.recall.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Takes and releases locks, and notes when. */
final class LockClient {

  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A lock that is ours, and when its request was sent and answered. */
  record Hold(URI lock, String token, long asked, long answered) {}

  /** When a release was sent and answered. */
  record Release(long asked, long answered) {}

  /**
   * Takes a lock.
   *
   * @return failed where it is not to be had in time
   */
  CompletableFuture<Hold> acquire(URI lock, long ttlMs, long waitMs) {
    String body = new JsonObject().put("ttl_ms", ttlMs).put("wait_ms", waitMs).encode();
    long asked = System.nanoTime();
    return http.sendAsync(
            HttpRequest.newBuilder(lock)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .thenApply(
            answer -> {
              long answered = System.nanoTime();
              require(answer, CREATED);
              String token = new JsonObject(answer.body()).getString("token");
              return new Hold(lock, token, asked, answered);
            });
  }

  /** Releases a lock, and fails where it was not held. */
  Release release(Hold held) {
    long asked = System.nanoTime();
    return http.sendAsync(
            HttpRequest.newBuilder(held.lock())
                .header("if-match", "\"" + held.token() + "\"")
                .DELETE()
                .build(),
            BodyHandlers.ofString())
        .thenApply(
            answer -> {
              long answered = System.nanoTime();
              require(answer, NO_CONTENT);
              return new Release(asked, answered);
            })
        .join();
  }

  private static void require(HttpResponse<String> answer, int status) {
    if (answer.statusCode() != status) {
      throw new CompletionException(
          new IOException(answer.request().method() + " " + answer.uri() + ": " + answer.body()));
    }
  }
}

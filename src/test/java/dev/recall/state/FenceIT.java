package dev.recall.state;

import static dev.recall.testing.ProblemAssertions.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.RunningNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents written under a lock: a holder that was overtaken writes no more. */
class FenceIT extends RunningNode {

  private static final String DOCUMENT = "/v1/state/config/k";

  private String tag = "none";

  @Test
  void put_withTheFenceOfTheHolder_isWritten() {
    long fence = acquired("l");

    assertThat(put("l;" + fence).statusCode()).isEqualTo(201);
    assertThat(put("l;" + fence).statusCode()).isEqualTo(200);
  }

  @Test
  void put_withANewerFence_isWrittenAndShutsOutTheOlder() {
    long older = acquired("l");
    put("l;" + older);
    long newer = acquired("l");

    assertThat(put("l;" + newer).statusCode()).isEqualTo(200);
    HttpResponse<String> overtaken = put("l;" + older);

    assertProblem(overtaken, 412, "stale-fence");
    assertThat(header(node.get(DOCUMENT), "etag")).isEqualTo(tag);
  }

  @Test
  void put_withAnOlderFenceBeforeTheNewerHasWritten_isWritten() {
    long older = acquired("l");
    acquired("l");

    assertThat(put("l;" + older).statusCode()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"l;0", "l;2", "l;999999999999999999", "other;1"})
  void put_withAFenceNobodyHas_is412AndWritesNothing(String fence) {
    acquired("l");

    assertProblem(put(fence), 412, "stale-fence");
    assertThat(redis.number("EXISTS", "state:config:k")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "l", "l;", ";", "1", "l;x", "l;-1", "l;+1", "l;1.5", "l; 1", "l;1;", "l,1", "l;1e0"
      })
  void put_whenTheFenceIsNoNumber_is400AndWritesNothing(String fence) {
    acquired("l");

    assertProblem(put(fence), 400, "malformed");
    assertThat(redis.number("EXISTS", "state:config:k")).isZero();
  }

  @Test
  void put_whenTheLockIsNoName_is422() {
    assertProblem(put(";1"), 422, "invalid");
    assertProblem(put("a%00b;1"), 422, "invalid");
    assertProblem(put("%FF;1"), 422, "invalid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%3Bb", "%C3%A9", "a%20b", "%25", "%F0%9F%98%80", "%3B1"})
  void put_whenTheNameIsEscaped_isOfThatLock(String escaped) {
    long fence = acquired(escaped);

    assertThat(put(escaped + ";" + fence).statusCode()).isEqualTo(201);
    assertProblem(put(escaped + ";" + (fence + 1)), 412, "stale-fence");
  }

  @Test
  void put_whenItIsRefused_acceptsNoFence() {
    long older = acquired("l");
    put("l;" + older);
    long newer = acquired("l");

    assertProblem(
        node.sendJson("PUT", DOCUMENT, "1", "If-Match", "\"7\"", "Lock-Fence", "l;" + newer),
        412,
        "stale-version");

    assertThat(put("l;" + older).statusCode()).isEqualTo(200);
  }

  @Test
  void put_whenTheLocksNameIsUnescaped_checksThatLockAndNoOther() throws IOException {
    acquired("A");

    assertThat(put("%C5%81;1").statusCode()).isEqualTo(412);
    assertThat(unescaped("\u0141;1")).contains("412");
  }

  // The client of the JDK sends no bytes beyond ASCII in a header.
  private String unescaped(String fence) throws IOException {
    String request =
        "PUT /v1/state/config/k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIf-None-Match: *\r\n"
            + "Content-Type: application/json\r\nContent-Length: 2\r\nLock-Fence: "
            + fence
            + "\r\n\r\n{}";
    return node.exchange(request);
  }

  @Test
  void put_whenTheLockIsNoName_saysThatItIsTheHeader() {
    for (String fence : List.of(";1", "a%00b;1", "%FF;1")) {
      assertThat(faultsOf(put(fence))).containsExactly("header lock-fence");
    }
    assertThat(put("%zz;1").body()).contains("a percent sign in lock-fence");
  }

  /** The fence of a holder, whose time is over at once. */
  private long acquired(String escapedName) {
    String path = "/v1/locks/" + escapedName;
    JsonObject held = new JsonObject(node.send("POST", path, "").body());
    node.send("DELETE", path, "");
    return held.getLong("fence");
  }

  private HttpResponse<String> put(String fence) {
    boolean isNew = redis.number("EXISTS", "state:config:k") == 0;
    HttpResponse<String> answer =
        node.sendJson(
            "PUT",
            DOCUMENT,
            "{}",
            isNew ? "If-None-Match" : "If-Match",
            isNew ? "*" : tag,
            "Lock-Fence",
            fence);
    if (answer.statusCode() < 300) {
      tag = header(answer, "etag");
    }
    return answer;
  }
}

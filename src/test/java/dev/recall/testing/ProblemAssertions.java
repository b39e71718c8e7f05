package dev.recall.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;

/** What every refusal over HTTP must be. */
public final class ProblemAssertions {

  private ProblemAssertions() {}

  /** A problem of the status and type, with all its members. */
  public static void assertProblem(HttpResponse<String> answer, int status, String type) {
    JsonObject problem = new JsonObject(answer.body());
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(problem.getString("type")).isEqualTo("urn:recall:" + type);
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("title")).isNotBlank();
    assertThat(problem.getString("detail")).isNotBlank();
    assertThat(problem.getString("instance")).startsWith("/");
  }
}

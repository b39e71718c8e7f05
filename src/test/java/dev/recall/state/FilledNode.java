package dev.recall.state;

import static dev.recall.testing.ProblemAssertions.assertProblem;

import dev.recall.redis.RedisContents;
import dev.recall.testing.RunningNode;
import dev.recall.testing.StateContents;
import dev.recall.testing.StateRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;

/** A running node whose Redis holds one of each kind of state. */
class FilledNode extends RunningNode {

  @BeforeEach
  void fill() {
    StateContents.fill(redis);
  }

  /** A request that is refused, and leaves all as it was. */
  void assertRefused(StateRequest request, int status, String type) {
    RedisContents before = RedisContents.of(redis);

    HttpResponse<String> answer = request.sentTo(node);

    assertProblem(answer, status, type);
    before.assertUnchanged(redis);
  }
}

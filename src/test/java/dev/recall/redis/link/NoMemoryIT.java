package dev.recall.redis.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import dev.recall.testing.StateContents;
import dev.recall.testing.StateRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Redis without memory left still does what needs none. */
class NoMemoryIT {

  @ParameterizedTest
  @EnumSource(names = {"SESSION_DELETE_VERSION", "LOCK_RELEASE", "LOCK_RENEW"})
  void request_thatNeedsNoMemory_isDoneWhenRedisHasNone(StateRequest request) {
    try (RedisProcess redis = new RedisProcess();
        RedisCli cli = new RedisCli(redis.url());
        Node node = Node.started("redis.url=" + redis.url())) {
      StateContents.fill(cli);
      cli.run("CONFIG", "SET", "maxmemory", "1");

      assertThat(request.sentTo(node).statusCode()).isBetween(200, 204);
    }
  }
}

package dev.recall.cache;

import static dev.recall.cache.CacheLoop.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheStatus;
import dev.recall.api.CacheStatus.Level;
import dev.recall.cache.CacheLoop.Computing;
import dev.recall.redis.MutingProxy;
import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import io.vertx.core.Future;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node does about what Redis tells, and where Redis tells nothing. */
class InvalidationFeedIT {

  private static final RedisCli REDIS = new RedisCli(SharedRedis.url());
  private static final MutingProxy PROXY = new MutingProxy(URI.create(SharedRedis.url()).getPort());

  private CacheLoop loop;

  @BeforeEach
  void start() {
    PROXY.mute(false);
    REDIS.run("FLUSHALL");
    loop = CacheLoop.at(PROXY.url());
  }

  @AfterEach
  void stop() {
    loop.close();
  }

  @AfterAll
  static void close() {
    PROXY.close();
    REDIS.close();
  }

  private static void write(String text) {
    REDIS.run("SET", "made:x", text, "PX", "30000");
  }

  private void keepNear() {
    write("there");
    loop.hear(REDIS);
    answer(loop.get("x"));
    awaitNear();
  }

  private void awaitNear() {
    await().until(() -> answer(loop.get("x")).status().level() == Level.NEAR);
  }

  @Test
  void changed_whenSomebodyElseWrites_dropsTheNearCopy() {
    keepNear();

    write("newer");
    loop.hear(REDIS);

    assertThat(answer(loop.get("x")).result()).isEqualTo("newer");
  }

  @Test
  void changed_whenSomebodyElseRemoves_dropsTheNearCopy() {
    keepNear();

    REDIS.run("DEL", "made:x");
    loop.hear(REDIS);

    assertThat(loop.parts().near().get("made:x")).isNull();
  }

  @Test
  void changed_whenAnotherKeyIsWritten_leavesTheNearCopy() {
    keepNear();

    REDIS.run("SET", "made:y", "there");
    loop.hear(REDIS);

    await().until(() -> loop.parts().near().get("made:x") != null);
  }

  @Test
  void changed_whileTheResultIsComputed_forgetsTheFlight() throws Exception {
    Future<Result> before = loop.get("x");
    Computing computing = loop.computing();

    write("newer");

    await().until(() -> loop.parts().flights().size() == 0);
    computing.end("older");
    assertThat(answer(before).status().stored()).isFalse();
  }

  @Test
  void changed_whenALeaseIsGivenBack_wakesWhoWaitsForIt() throws Exception {
    REDIS.run("SET", "lease:{made:x}", "of-another-node");
    REDIS.run("CONFIG", "RESETSTAT");
    Future<Result> waiting = loop.get("x");
    await().until(() -> REDIS.run("INFO", "commandstats").contains("cmdstat_set:calls=1,"));
    assertThat(loop.begun()).isZero();

    REDIS.run("DEL", "lease:{made:x}");
    loop.computing().end("made");

    assertThat(answer(waiting).result()).isEqualTo("made");
  }

  @Test
  void allChanged_whenRedisIsEmptied_dropsEveryNearCopyAndForgetsEveryFlight() throws Exception {
    keepNear();
    Future<Result> before = loop.get("y");
    Computing computing = loop.computing();

    REDIS.run("FLUSHALL");

    await().until(() -> loop.parts().flights().size() == 0);
    await().until(() -> loop.parts().near().get("made:x") == null);
    computing.end("older");
    assertThat(answer(before).status().stored()).isFalse();
  }

  @Test
  void lost_whenNothingIsHeard_answersFromRedisAndSaysSo() {
    keepNear();

    PROXY.mute(true);
    await().until(() -> loop.parts().near().isBypassed());
    write("newer");

    Result result = answer(loop.get("x"));
    assertThat(result.result()).isEqualTo("newer");
    assertThat(result.status())
        .returns(Level.REDIS, CacheStatus::level)
        .returns(false, CacheStatus::stored)
        .returns(true, CacheStatus::degraded);
  }

  @Test
  void proved_whenChangesAreHeardOfAgain_keepsNearCopiesAgain() {
    keepNear();
    PROXY.mute(true);
    await().until(() -> loop.parts().near().isBypassed());

    PROXY.mute(false);

    awaitNear();
    assertThat(answer(loop.get("x")).status().degraded()).isFalse();
  }

  @Test
  void prefixes_whenThereAreComputations_areThoseOfItsResultsAndLeases() {
    assertThat(loop.parts().feed().prefixes())
        .containsExactly("called:", "lease:{called:", "made:", "lease:{made:");
  }
}

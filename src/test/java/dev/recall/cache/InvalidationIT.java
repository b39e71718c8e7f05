package dev.recall.cache;

import static dev.recall.cache.CacheLoop.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.recall.api.CacheApi.Result;
import dev.recall.api.InvalidationApi.Clear;
import dev.recall.api.InvalidationApi.Delete;
import dev.recall.cache.CacheLoop.Computing;
import dev.recall.redis.MutingProxy;
import dev.recall.redis.bundled.SharedRedis;
import io.vertx.core.Future;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Results that are forgotten, at rest and while they are computed. */
class InvalidationIT extends OnOneLoop {

  private long delete(String input) {
    Delete delete = new Delete(CacheLoop.COMPUTATION, input);
    return answer(loop.ask(engine -> engine.invalidation().delete(delete))).removed();
  }

  private long clear() {
    Clear clear = new Clear(CacheLoop.COMPUTATION);
    return answer(loop.ask(engine -> engine.invalidation().clear(clear))).removed();
  }

  private void keepNear() {
    REDIS.run("SET", "made:x", "there", "PX", "30000");
    loop.hear(REDIS);
    answer(loop.get("x"));
    await().until(() -> loop.parts().near().get("made:x") != null);
  }

  /** What was asked before is answered and not remembered, and what is asked after is. */
  private void assertForgottenWhile(Runnable forgetting) throws Exception {
    Future<Result> before = loop.get("x");
    Computing older = loop.computing();

    forgetting.run();
    Future<Result> after = loop.get("x");
    Computing newer = loop.computing();
    older.end("older");
    assertThat(answer(before))
        .returns("older", Result::result)
        .returns(false, result -> result.status().stored());
    newer.end("newer");

    assertThat(answer(after))
        .returns("newer", Result::result)
        .returns(true, result -> result.status().stored());
    assertThat(REDIS.run("GET", "made:x")).isEqualTo("newer");
  }

  @Test
  void delete_whenThereIsOne_removesItAndItsNearCopy() {
    keepNear();

    assertThat(delete("x")).isEqualTo(1);

    assertThat(REDIS.number("EXISTS", "made:x")).isZero();
    assertThat(loop.parts().near().get("made:x")).isNull();
  }

  @Test
  void delete_whenThereIsAnother_leavesThat() {
    REDIS.run("SET", "made:y", "there");

    assertThat(delete("x")).isZero();

    assertThat(REDIS.number("EXISTS", "made:y")).isEqualTo(1);
  }

  @Test
  void delete_whileItIsComputed_letsTheNextStartAfresh() throws Exception {
    assertForgottenWhile(() -> delete("x"));
  }

  @Test
  void delete_whenRedisHasNotToldOfIt_hasForgottenTheNearCopyAndTheFlight() throws Exception {
    loop.close();
    try (MutingProxy silent = new MutingProxy(URI.create(SharedRedis.url()).getPort())) {
      loop = CacheLoop.at(silent.url());
      keepNear();
      Future<Result> before = loop.get("y");
      Computing computing = loop.computing();
      silent.mute(true);

      delete("x");
      delete("y");

      assertThat(loop.parts().near().bytes()).isZero();
      assertThat(loop.parts().flights().size()).isZero();
      computing.end("older");
      assertThat(answer(before).status().stored()).isFalse();
    }
  }

  @Test
  void delete_whenThereIsNoSuchComputation_saysSo() {
    Delete delete = new Delete("other", "x");

    assertThatThrownBy(() -> answer(loop.ask(engine -> engine.invalidation().delete(delete))))
        .hasMessage("there is no computation other");
  }

  @Test
  void clear_whenThereAreManyResults_removesThemAllAndNothingElse() {
    REDIS.run("EVAL", "for i = 1, 2500 do redis.call('SET', 'made:' .. i, i) end return 1", "0");
    REDIS.run("SET", "other:1", "stays");

    assertThat(clear()).isEqualTo(2_500);

    assertThat(REDIS.run("KEYS", "*")).isEqualTo("[other:1]");
  }

  @Test
  void clear_whenThereIsANearCopy_removesIt() {
    keepNear();

    assertThat(clear()).isEqualTo(1);

    assertThat(loop.parts().near().get("made:x")).isNull();
  }

  @Test
  void clear_whileOneIsComputed_letsTheNextStartAfresh() throws Exception {
    assertForgottenWhile(() -> assertThat(clear()).isZero());
  }

  @Test
  void clear_whenThereIsNoSuchComputation_saysSo() {
    Clear clear = new Clear("other");

    assertThatThrownBy(() -> answer(loop.ask(engine -> engine.invalidation().clear(clear))))
        .hasMessage("there is no computation other");
  }
}

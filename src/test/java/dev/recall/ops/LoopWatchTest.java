package dev.recall.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopWatchTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final LoopWatch watch = new LoopWatch(vertx, told::add);

  @AfterEach
  void stop() {
    watch.close();
    vertx.close().await();
  }

  @Test
  void look_whenAnEventLoopHasEnded_tells() {
    var unused = ((VertxInternal) vertx).nettyEventLoopGroup().next().shutdownGracefully();
    await().until(() -> told.contains("an event loop has ended"));
  }

  @Test
  void look_whenTheLoopThatAcceptsHasEnded_tells() {
    var unused = ((VertxInternal) vertx).acceptorEventLoopGroup().shutdownGracefully();
    await().until(() -> told.contains("an event loop has ended"));
  }

  @Test
  void look_afterItIsClosed_saysNothingOfLoopsThatEnd() {
    watch.close();
    var ended = ((VertxInternal) vertx).nettyEventLoopGroup().next().shutdownGracefully();
    await().until(ended::isDone);
    assertThat(told).isEmpty();
  }
}

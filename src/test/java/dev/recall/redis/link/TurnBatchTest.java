package dev.recall.redis.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a turn whose connection goes away between two of its replies. */
class TurnBatchTest {

  private final Vertx vertx = Vertx.vertx();
  private final TurnBatch turn = new TurnBatch(0);

  /** Held: a client that nobody holds is closed by the garbage collector. */
  private @Nullable Redis client;

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+OK\r\n", "+OK\r\n+QUEUED\r\n", "+OK\r\n+QUEUED\r\n+QUEUED\r\n"})
  void sendOn_whenTheConnectionIsLostInTheTransaction_settlesNoWrite(String answered) {
    CommandGroup one = group(CommandGroup.Kind.WRITE);
    CommandGroup other = group(CommandGroup.Kind.WRITE);

    assertThat(turn.sendOn(serverThatAnswers(answered), new Way()).otherwiseEmpty().await())
        .isNull();

    assertThat(turn.unsettled()).containsExactly(one, other);
  }

  @Test
  void sendOn_whenTheConnectionIsLostAmongReads_settlesNone() {
    CommandGroup one = group(CommandGroup.Kind.READ);
    CommandGroup other = group(CommandGroup.Kind.READ);

    assertThat(turn.sendOn(serverThatAnswers("+1\r\n"), new Way()).otherwiseEmpty().await())
        .isNull();

    assertThat(turn.unsettled()).containsExactly(one, other);
  }

  private CommandGroup group(CommandGroup.Kind kind) {
    CommandGroup group =
        new CommandGroup(
            kind,
            List.of(Request.cmd(Command.INCR).arg("k")),
            Promise.promise(),
            new Refusals(System::nanoTime, new SimpleMeterRegistry()));
    turn.add(group);
    return group;
  }

  /** A connection to one that answers so much to whatever comes after the greeting, and closes. */
  private RedisConnection serverThatAnswers(String answer) {
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(
                socket ->
                    socket.handler(
                        sent -> {
                          if (sent.toString().contains("ping")) {
                            socket.write("+OK\r\n");
                          } else {
                            socket.write(answer);
                            socket.close();
                          }
                        }))
            .listen(0, "127.0.0.1")
            .await();
    String url = "redis://127.0.0.1:" + server.actualPort();
    client =
        Redis.createClient(
            vertx, new RedisOptions().setConnectionString(url).setProtocolNegotiation(false));
    return client.connect().await();
  }
}

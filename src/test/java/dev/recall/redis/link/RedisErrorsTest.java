package dev.recall.redis.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.redis.client.impl.types.ErrorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "LOADING Redis is loading the dataset in memory | Redis is loading its data",
        "READONLY You can't write against a read only replica. | Redis is a read-only replica",
        "MASTERDOWN Link with MASTER is down | Redis has lost its master",
        "NOREPLICAS Not enough good replicas to write. | Redis has too few replicas",
        "OOM command not allowed when used memory > 'maxmemory'. | Redis has no memory left",
        "MISCONF Redis is configured to save RDB snapshots | Redis cannot write to its disk",
        "BUSY Redis is busy running a script. | Redis is busy with a script",
        "NOAUTH Authentication required. | Redis asks for a password",
        "WRONGPASS invalid username-password pair | Redis refuses the password",
        "NOPERM this user has no permissions | Redis denies this user the command or its key",
        "ERR The user executing the script can't run this | Redis denies this user the command or its key",
        "ERR unknown command 'FOO', with args | Redis does not know the command",
        "ERR max number of clients reached | Redis has as many clients as it admits",
        "CROSSSLOT Keys in request don't hash | Redis runs in cluster mode, where keys used together need one slot",
        "ERR [3] OOM command not allowed | Redis has no memory left",
        "OOM | Redis has no memory left"
      })
  void asFailure_whenTheServerWillNotServeNow_isUnavailable(String reply, String detail) {
    assertThat(RedisErrors.asFailure(reply))
        .returns(Failure.REDIS_UNAVAILABLE, FailureException::failure)
        .returns(detail, FailureException::detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ERR increment or decrement would overflow | COUNTER_OVERFLOW",
        "ERR [0] increment or decrement would overflow | COUNTER_OVERFLOW",
        "ERR value is not an integer or out of range | WRONG_TYPE",
        "ERR [12] value is not an integer or out of range | WRONG_TYPE",
        "WRONGTYPE Operation against a key holding the wrong kind of value | WRONG_TYPE",
        "ERR [1] WRONGTYPE Operation against a key | WRONG_TYPE",
        "BUSYGROUP Consumer Group name already exists | INTERNAL",
        "ERR the word OOM means nothing here | INTERNAL",
        "'' | INTERNAL"
      })
  void asFailure_whenTheCommandIsTheFault_saysWhichFault(String reply, Failure failure) {
    assertThat(RedisErrors.asFailure(reply).failure()).isEqualTo(failure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ERR syntax error\nwith more", "ERR [4] ERR syntax error\nwith more"})
  void asFailure_whenTheReplyIsUnknown_repeatsItsFirstLine(String reply) {
    assertThat(RedisErrors.asFailure(reply).detail()).isEqualTo("Redis answered: ERR syntax error");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NOAUTH Authentication required. | true",
        "WRONGPASS invalid username-password pair | true",
        "NOPERM this user has no permissions | true",
        "ERR AUTH <password> called without any password configured for the default user | true",
        "LOADING Redis is loading the dataset in memory | false",
        "ERR NOAUTH | false"
      })
  void refusesUs_whenTheReplyIsAboutWhoWeAre_holds(String reply, boolean refuses) {
    assertThat(RedisErrors.refusesUs(reply)).isEqualTo(refuses);
  }

  @Test
  void asFailure_whenItIsKnownWhatWasRefused_saysWhat() {
    String reply = RedisErrors.answering("NOPERM no permissions", "GET on state:*");

    assertThat(RedisErrors.asFailure(reply).detail())
        .isEqualTo("Redis denies this user the command or its key: GET on state:*");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "ERR unknown command 'EVALSHA'; true",
        "NOPERM this user has no permissions to run the 'evalsha' command; true",
        "NOPERM this user has no permissions to access one of the keys; false",
        "NOSCRIPT No matching script; false"
      },
      delimiter = ';')
  void isOfCommand_whenNotItsKeysAreRefused_holds(String reply, boolean ofCommand) {
    assertThat(RedisErrors.isOfCommand(reply, "evalsha")).isEqualTo(ofCommand);
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECTION_CLOSED, true",
    "ERR [3] CONNECTION_CLOSED, true",
    "ERR [0] java.net.SocketException: Connection reset, true",
    "ERR [1] io.netty.channel.StacklessClosedChannelException, true",
    "ERR CONNECTION_CLOSED, false",
    "ERR [2] EXECABORT Transaction discarded because of previous errors., false",
    "ERR [1] unknown command 'a.b.C', false",
    "ERR, false"
  })
  void isLostConnection_whenNoServerSaidIt_holds(String reply, boolean lost) {
    assertThat(RedisErrors.isLostConnection(ErrorType.create(reply))).isEqualTo(lost);
  }

  @ParameterizedTest
  @CsvSource({
    "READONLY You cannot, true",
    "ERR [0] READONLY You cannot, true",
    "ERR READONLY, false"
  })
  void isReadOnly_whenTheServerIsAReplica_holds(String reply, boolean readOnly) {
    assertThat(RedisErrors.isReadOnly(reply)).isEqualTo(readOnly);
  }

  @ParameterizedTest
  @CsvSource({
    "NOSCRIPT No matching script., true",
    "ERR [1] NOSCRIPT No, true",
    "ERR NOSCRIPT, false"
  })
  void isUnknownScript_whenTheServerLacksIt_holds(String reply, boolean unknown) {
    assertThat(RedisErrors.isUnknownScript(reply)).isEqualTo(unknown);
  }
}

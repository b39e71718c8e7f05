package dev.recall.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RedisKeysTest {

  @Test
  void result_whenTakenOfFibonacci_isTheKeyOfTheTutorial() {
    assertThat(RedisKeys.result("fib", "10")).isEqualTo("fib:10");
  }

  @Test
  void counter_whenTakenOfAnyName_endsWithTheNameAsItIs() {
    assertThat(RedisKeys.counter("a:{b} *")).isEqualTo("counter:a:{b} *");
  }
}

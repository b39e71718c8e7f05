package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {

  @ParameterizedTest
  @CsvSource({
    "100/minute burst 20,            100,     PT1M, 20",
    "100/minute,                     100,     PT1M, 100",
    "1/second burst 1,               1,       PT1S, 1",
    "1/hour burst 1000000,           1,       PT1H, 1000000",
    "1000000/day,                    1000000, P1D,  1000000",
    "007/day burst 03,               7,       P1D,  3"
  })
  void new_whenTheTextIsARate_hasItsNumbers(String text, int count, Duration period, int burst) {
    assertThat(new Rate(text)).isEqualTo(new Rate(count, period, burst));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "100",
        "minute",
        "/minute",
        "100/",
        "100/week",
        "100/minutes",
        "100/Minute",
        "100 / minute",
        "100/minute 20",
        "100/minute burst",
        "100/minute  burst 20",
        "100/minute burst20",
        " 100/minute",
        "100/minute burst 20 ",
        "-1/minute",
        "1.5/minute",
        "0/minute",
        "1000001/minute",
        "9999999999/minute",
        "100/minute burst 0",
        "100/minute burst 1000001",
        "100/minute burst 9999999999",
        "\u0663/minute"
      })
  void new_whenTheTextIsNoRate_saysHowToWriteOne(String text) {
    assertThatThrownBy(() -> new Rate(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "must be a rate like 100/minute or 100/minute burst 20, of a second, minute, hour or"
                + " day, with numbers from 1 to 1000000");
  }

  @Test
  void new_whenThePeriodIsNoneOfTheFour_isRefused() {
    assertThatThrownBy(() -> new Rate(1, Duration.ofSeconds(2), 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "1/second,        1_000_000",
    "4/second,        250_000",
    "7/second,        142_858",
    "100000/second,   10",
    "100/minute,      600_000",
    "1/hour,          3_600_000_000",
    "1/day,           86_400_000_000",
    "1000000/day,     86_400",
    "999999/day,      86_401"
  })
  void intervalMicros_whenItIsNotWhole_isRoundedUp(String text, String micros) {
    assertThat(new Rate(text).intervalMicros()).isEqualTo(Long.parseLong(micros.replace("_", "")));
  }

  @Test
  void intervalMicros_whateverTheBurst_isTheSame() {
    assertThat(new Rate("10/minute burst 1").intervalMicros())
        .isEqualTo(new Rate("10/minute burst 500").intervalMicros());
  }
}

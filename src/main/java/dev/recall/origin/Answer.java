package dev.recall.origin;

import dev.recall.api.ComputeApi.Made;
import dev.recall.config.Definition;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** What an origin's answer says: a result, that there is none, or why not (RFC 9110, RFC 9111). */
final class Answer {

  /** How long an origin that fails is not asked again for the same input. */
  static final Duration FAILED_FOR = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,15}");

  private final Definition definition;
  private final HttpClientResponse response;
  private final InstantSource clock;

  /**
   * What a response says.
   *
   * @param clock for an origin that has none
   */
  Answer(Definition definition, HttpClientResponse response, InstantSource clock) {
    this.definition = definition;
    this.response = response;
    this.clock = clock;
  }

  /**
   * Refuses an answer that has no result, by its head.
   *
   * @throws FailureException {@link Failure#NO_SUCH_RESULT}, {@link Failure#TRY_LATER} or {@link
   *     Failure#ORIGIN_FAILED}, with the time for which that is to be remembered
   */
  void requireResult() {
    int status = response.statusCode();
    if (status == 404 || status == 410) {
      throw Failure.NO_SUCH_RESULT
          .because("the origin answers " + status)
          .retryAfter(definition.notFound());
    }
    Duration pause = retryAfter();
    if ((status == 429 || status == 503) && !pause.isZero()) {
      throw Failure.TRY_LATER.because("the origin answers " + status).retryAfter(pause);
    }
    if (status != 200) {
      throw failed("the origin answers " + status);
    }
    String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw failed("the origin answers in an encoding that was not asked for");
    }
    requireType();
    String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (length != null && SECONDS.matcher(length).matches()) {
      requireLength(Long.parseLong(length));
    }
  }

  private void requireType() {
    String given = response.getHeader(HttpHeaders.CONTENT_TYPE);
    String[] parts = String.valueOf(given).toLowerCase(Locale.ROOT).split(";", -1);
    String declared = definition.type().split(";", 2)[0].strip();
    if (given == null || !parts[0].strip().equals(declared)) {
      throw failed("the origin does not answer " + declared);
    }
    for (int i = 1; i < parts.length; i++) {
      String parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=")
          && !parameter.equals("charset=utf-8")
          && !parameter.equals("charset=us-ascii")) {
        throw failed("the origin does not answer in UTF-8");
      }
    }
  }

  /**
   * Refuses a body that is too long.
   *
   * @throws FailureException {@link Failure#ORIGIN_FAILED}
   */
  void requireLength(long bytes) {
    if (bytes > definition.bytes()) {
      throw failed(
          "the origin answers more than the " + definition.bytes() + " bytes of max-bytes");
    }
  }

  /**
   * The result in its body, and how long it may be kept.
   *
   * @throws FailureException {@link Failure#ORIGIN_FAILED} where it is not UTF-8
   */
  Made result(Buffer body) {
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body.getBytes())).toString();
      return new Made(text, mayBeUsedMs());
    } catch (CharacterCodingException invalid) {
      throw failed("the origin does not answer in UTF-8");
    }
  }

  private OptionalLong mayBeUsedMs() {
    String all = String.join(",", response.headers().getAll(HttpHeaders.CACHE_CONTROL));
    OptionalLong maxAge = OptionalLong.empty();
    OptionalLong shared = OptionalLong.empty();
    for (String directive : all.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] pair = directive.strip().split("=", 2);
      String name = pair[0].strip();
      if (name.equals("no-store") || name.equals("no-cache") || name.equals("private")) {
        return OptionalLong.of(0);
      }
      String value = pair.length == 2 ? pair[1].strip().replace("\"", "") : "";
      if (SECONDS.matcher(value).matches()) {
        OptionalLong ms = OptionalLong.of(1000 * Long.parseLong(value));
        maxAge = name.equals("max-age") ? ms : maxAge;
        shared = name.equals("s-maxage") ? ms : shared;
      }
    }
    OptionalLong life = shared.isPresent() ? shared : maxAge;
    return life.isPresent() ? OptionalLong.of(Math.max(0, life.getAsLong() - ageMs())) : life;
  }

  /** How old it was already, where it comes from a cache that is before the origin. */
  private long ageMs() {
    String age = String.valueOf(response.getHeader(HttpHeaders.AGE));
    return SECONDS.matcher(age).matches() ? 1000 * Long.parseLong(age) : 0;
  }

  private Duration retryAfter() {
    String text = response.getHeader(HttpHeaders.RETRY_AFTER);
    if (text == null) {
      return Duration.ZERO;
    }
    Duration pause =
        SECONDS.matcher(text).matches() ? Duration.ofSeconds(Long.parseLong(text)) : until(text);
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  private Duration until(String date) {
    try {
      String now = response.getHeader(HttpHeaders.DATE);
      Instant from = now == null ? clock.instant() : instant(now);
      Duration wait = Duration.between(from, instant(date));
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException none) {
      return Duration.ZERO;
    }
  }

  private static Instant instant(String date) {
    return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
  }

  /** That the origin has failed: it is not asked again at once. */
  static FailureException failed(String why) {
    return Failure.ORIGIN_FAILED.because(why).retryAfter(FAILED_FOR);
  }
}

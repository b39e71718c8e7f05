package dev.recall.api;

import dev.recall.api.CacheApi.Result;
import dev.recall.bus.Service;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Field;
import dev.recall.form.Form;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How callers make results: whoever asks first gets a lease, makes the result where he is, and puts
 * it under that; all others wait for it.
 */
public final class LeaseApi {

  /** The longest wait for a result that somebody else makes. */
  public static final Duration MAX_WAIT = Fields.LONGEST_WAIT;

  /**
   * Asks for a result, or for the lease to make it; {@link Failure#LEASE_HELD} where somebody else
   * has that for longer than the wait, and there is no old result.
   */
  public static final Service<Take, Taken> TAKE =
      Service.named("cache.lease", Take.FORM, Taken.FORM);

  /** Stores a result; {@link Failure#LEASE_LOST} where it is not held with the token. */
  public static final Service<Put, Stored> PUT = Service.named("cache.put", Put.FORM, Stored.FORM);

  /** Lets a lease live on; {@link Failure#LEASE_LOST} where it is not held with the token. */
  public static final Service<Renew, Granted> RENEW =
      Service.named("cache.renew", Renew.FORM, Granted.FORM);

  /** Ends a lease without a result; {@link Failure#LEASE_LOST} as above. */
  public static final Service<Release, Removed> RELEASE =
      Service.named("cache.release", Release.FORM, Removed.FORM);

  private LeaseApi() {}

  /**
   * Asks for a result, or the lease of it.
   *
   * @param computation a name, of one that callers make
   * @param input what it is made from
   * @param ttl the life of the lease unless it is renewed, 100 ms to 10 min
   * @param maxWait how long to wait for somebody else's result, up to {@link #MAX_WAIT}
   * @param gone completed when whoever asks is there no more; within this process only
   */
  public record Take(
      String computation,
      String input,
      Duration ttl,
      Duration maxWait,
      Optional<Future<Void>> gone) {
    /** How it is written. */
    public static final Form<Take> FORM =
        Form.of(
                Take::new,
                Fields.COMPUTATION.of(Take::computation),
                Fields.INPUT.of(Take::input),
                Fields.LEASE_LIFE.of(Take::ttl),
                Fields.WAIT.of(Take::maxWait))
            .exactly();

    /** Somebody who stays there. */
    public Take(String computation, String input, Duration ttl, Duration maxWait) {
      this(computation, input, ttl, maxWait, Optional.empty());
    }

    /** The same, until whoever asks is gone. */
    public Take until(Future<Void> whenGone) {
      return new Take(computation, input, ttl, maxWait, Optional.of(whenGone));
    }
  }

  /** What comes of it: the lease, or the result. */
  public sealed interface Taken {
    /** How it is written. */
    Form<Taken> FORM = Form.either("token", Granted.class, Granted.FORM, Found.class, Found.FORM);
  }

  /**
   * A lease: whoever has it makes the result.
   *
   * @param token proves that it is held; for nobody else
   * @param expiresInMs how long it lives unless it is renewed, in milliseconds
   */
  public record Granted(String computation, String input, String token, long expiresInMs)
      implements Taken {
    /** How it is written. */
    public static final Form<Granted> FORM =
        Form.of(
            Granted::new,
            Fields.COMPUTATION.of(Granted::computation),
            Fields.INPUT.of(Granted::input),
            Fields.TOKEN.of(Granted::token),
            Fields.EXPIRES_IN_MS.of(Granted::expiresInMs));
  }

  /** The result that somebody has made. */
  public record Found(Result result) implements Taken {
    /** How it is written. */
    public static final Form<Found> FORM = Form.of(Found::new, Result.FORM.of(Found::result));
  }

  /**
   * Stores a result.
   *
   * @param result exact
   * @param token of the lease it was made under; empty: whatever is there, and whoever makes it
   */
  public record Put(String computation, String input, String result, Optional<String> token) {
    /** How it is written. */
    public static final Form<Put> FORM =
        Form.of(
                Put::new,
                Fields.COMPUTATION.of(Put::computation),
                Fields.INPUT.of(Put::input),
                Fields.RESULT.of(Put::result),
                Fields.TOKEN.optional().of(Put::token))
            .exactly();
  }

  /** That it is stored, and for how many milliseconds it is fresh. */
  public record Stored(String computation, String input, long ttlMs) {
    /** How it is written. */
    public static final Form<Stored> FORM =
        Form.of(
            Stored::new,
            Fields.COMPUTATION.of(Stored::computation),
            Fields.INPUT.of(Stored::input),
            Fields.RESULT_TTL_MS.of(Stored::ttlMs));
  }

  /** Lets a lease live on, for so long from now. */
  public record Renew(String computation, String input, String token, Duration ttl) {
    /** How it is written. */
    public static final Form<Renew> FORM =
        Form.of(
                Renew::new,
                Fields.COMPUTATION.of(Renew::computation),
                Fields.INPUT.of(Renew::input),
                Fields.TOKEN.of(Renew::token),
                Fields.LEASE_LIFE.of(Renew::ttl))
            .exactly();
  }

  /** Why there is no result. */
  public enum Reason {
    /** Its maker failed, or does not want to: the next one may make it. */
    FAILED,
    /** There is none: that is the answer, for as long as the computation remembers it. */
    NOT_FOUND,
    /** It cannot be made now. */
    TRY_LATER;

    static final Field<Reason> FIELD =
        Field.text("reason").as(Reason::of, Reason::word).orElse(FAILED);

    /** The word callers write. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The reason that a word means.
     *
     * @throws FailureException {@link Failure#INVALID} where it means none
     */
    public static Reason of(String word) {
      return Arrays.stream(values())
          .filter(reason -> reason.word().equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  FailureException.invalid(
                      "reason", "reason must be failed, not-found or try-later"));
    }
  }

  /**
   * Ends a lease without a result.
   *
   * @param detail what those who wait are told, a sentence; empty: nothing but the reason
   * @param pause for how long it is not to be asked again, up to an hour; 0: as the reason tells
   */
  public record Release(
      String computation,
      String input,
      String token,
      Reason reason,
      String detail,
      Duration pause) {
    /** How it is written. */
    public static final Form<Release> FORM =
        Form.of(
                Release::new,
                Fields.COMPUTATION.of(Release::computation),
                Fields.INPUT.of(Release::input),
                Fields.TOKEN.of(Release::token),
                Reason.FIELD.of(Release::reason),
                Fields.DETAIL.orElse("").of(Release::detail),
                Fields.PAUSE.of(Release::pause))
            .exactly();
  }
}

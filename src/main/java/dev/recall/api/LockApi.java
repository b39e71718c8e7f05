package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Form;
import dev.recall.form.KeyName;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** What the locks are asked and answer. */
public final class LockApi {

  /** The longest life of a lock that is not renewed. */
  public static final Duration MAX_TTL = Fields.LONGEST_LIFE;

  /** The longest wait for a lock. */
  public static final Duration MAX_WAIT = Fields.LONGEST_WAIT;

  /**
   * Takes a lock; {@link Failure#LOCK_HELD} where somebody else has it for longer than the wait.
   */
  public static final Service<Acquire, Held> ACQUIRE =
      Service.named("lock.acquire", Acquire.FORM, Held.FORM);

  /** Lets a lock live on; {@link Failure#LOCK_LOST} where it is not held with the token. */
  public static final Service<Renew, Held> RENEW =
      Service.named("lock.renew", Renew.FORM, Held.FORM);

  /** Ends a lock; {@link Failure#LOCK_LOST} where it is not held with the token. */
  public static final Service<Release, Removed> RELEASE =
      Service.named("lock.release", Release.FORM, Removed.FORM);

  /** Ends a lock, whoever has it. */
  public static final Service<Break, Removed> BREAK =
      Service.named("lock.break", Break.FORM, Removed.FORM);

  private LockApi() {}

  /**
   * Takes a lock.
   *
   * @param name a {@link KeyName}
   * @param ttl its life unless it is renewed, 1 ms to {@link #MAX_TTL}
   * @param maxWait how long to wait for it, up to {@link #MAX_WAIT}
   * @param gone completed when whoever asks is there no more and wants it no more; within this
   *     process only
   */
  public record Acquire(String name, Duration ttl, Duration maxWait, Optional<Future<Void>> gone) {
    /** How it is written. */
    public static final Form<Acquire> FORM =
        Form.of(
                Acquire::new,
                Fields.LOCK_NAME.of(Acquire::name),
                Fields.LIFE.of(Acquire::ttl),
                Fields.WAIT.of(Acquire::maxWait))
            .exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the name is no key name
     */
    public Acquire {
      Fields.LOCK_NAME.require(name);
    }

    /** Somebody who stays there. */
    public Acquire(String name, Duration ttl, Duration maxWait) {
      this(name, ttl, maxWait, Optional.empty());
    }

    /** The same, until whoever asks is gone. */
    public Acquire until(Future<Void> whenGone) {
      return new Acquire(name, ttl, maxWait, Optional.of(whenGone));
    }
  }

  /**
   * Lets a lock live on.
   *
   * @param name a {@link KeyName}
   * @param token the one it is held with
   * @param ttl its life from now, 1 ms to {@link #MAX_TTL}
   */
  public record Renew(String name, String token, Duration ttl) {
    /** How it is written. */
    public static final Form<Renew> FORM =
        Form.of(
                Renew::new,
                Fields.LOCK_NAME.of(Renew::name),
                Fields.TOKEN.of(Renew::token),
                Fields.LIFE.of(Renew::ttl))
            .exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the name is no key name
     */
    public Renew {
      Fields.LOCK_NAME.require(name);
    }
  }

  /**
   * Ends a lock.
   *
   * @param name a {@link KeyName}
   * @param token the one it is held with
   */
  public record Release(String name, String token) {
    /** How it is written. */
    public static final Form<Release> FORM =
        Form.of(Release::new, Fields.LOCK_NAME.of(Release::name), Fields.TOKEN.of(Release::token))
            .exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the name is no key name
     */
    public Release {
      Fields.LOCK_NAME.require(name);
    }
  }

  /**
   * Ends a lock by force.
   *
   * @param name a {@link KeyName}
   */
  public record Break(String name) {
    /** How it is written. */
    public static final Form<Break> FORM =
        Form.of(Break::new, Fields.LOCK_NAME.of(Break::name)).exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the name is no key name
     */
    public Break {
      Fields.LOCK_NAME.require(name);
    }
  }

  /**
   * A lock that is held.
   *
   * @param name its name
   * @param token proves that it is held; for nobody else
   * @param fence higher than that of everybody who had it before
   * @param expiresInMs how long it lives unless it is renewed, in milliseconds
   */
  public record Held(String name, String token, long fence, long expiresInMs) {
    /** How it is written. */
    public static final Form<Held> FORM =
        Form.of(
            Held::new,
            Fields.LOCK_NAME.of(Held::name),
            Fields.TOKEN.of(Held::token),
            Fields.FENCE.of(Held::fence),
            Fields.EXPIRES_IN_MS.of(Held::expiresInMs));
  }
}

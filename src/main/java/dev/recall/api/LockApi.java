package dev.recall.api;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.bus.Form;
import dev.recall.bus.JsonReader;
import dev.recall.bus.KeyName;
import dev.recall.bus.Service;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/** What the locks are asked and answer. */
public final class LockApi {

  /** The longest life of a lock that is not renewed. */
  public static final Duration MAX_TTL = Duration.ofDays(1);

  /** The longest wait for a lock. */
  public static final Duration MAX_WAIT = Duration.ofSeconds(30);

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

  private static final long DEFAULT_TTL_MS = 10_000;

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
    static final Form<Acquire> FORM =
        Form.request(
            ask ->
                new JsonObject()
                    .put("name", ask.name)
                    .put("ttl_ms", ask.ttl.toMillis())
                    .put("wait_ms", ask.maxWait.toMillis()),
            Acquire::read);

    /** What a message asks; every fault of it is noted. */
    public static Acquire read(JsonReader json) {
      return new Acquire(
          json.keyName("name"),
          life(json),
          Duration.ofMillis(json.integer("wait_ms", 0, MAX_WAIT.toMillis(), 0)));
    }

    /**
     * @throws FailureException {@link Failure#INVALID} where the name is no key name
     */
    public Acquire {
      KeyName.require("name", name);
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
    static final Form<Renew> FORM =
        Form.request(
            ask ->
                new JsonObject()
                    .put("name", ask.name)
                    .put("token", ask.token)
                    .put("ttl_ms", ask.ttl.toMillis()),
            Renew::read);

    /** What a message asks; every fault of it is noted. */
    public static Renew read(JsonReader json) {
      return new Renew(json.keyName("name"), json.text("token"), life(json));
    }

    /**
     * @throws FailureException {@link Failure#INVALID} where the name is no key name
     */
    public Renew {
      KeyName.require("name", name);
    }
  }

  /**
   * Ends a lock.
   *
   * @param name a {@link KeyName}
   * @param token the one it is held with
   */
  public record Release(String name, String token) {
    static final Form<Release> FORM =
        Form.request(
            ask -> new JsonObject().put("name", ask.name).put("token", ask.token),
            json -> new Release(json.keyName("name"), json.text("token")));

    /**
     * @throws FailureException {@link Failure#INVALID} where the name is no key name
     */
    public Release {
      KeyName.require("name", name);
    }
  }

  /**
   * Ends a lock by force.
   *
   * @param name a {@link KeyName}
   */
  public record Break(String name) {
    static final Form<Break> FORM =
        Form.request(
            ask -> new JsonObject().put("name", ask.name), json -> new Break(json.keyName("name")));

    /**
     * @throws FailureException {@link Failure#INVALID} where the name is no key name
     */
    public Break {
      KeyName.require("name", name);
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
    static final Form<Held> FORM =
        Form.json(
            Held::json,
            json ->
                new Held(
                    json.text("name"),
                    json.text("token"),
                    json.integer("fence", 0),
                    json.integer("expires_in_ms", 0)));

    /** How it is written in JSON. */
    public JsonObject json() {
      return new JsonObject()
          .put("name", name)
          .put("token", token)
          .put("fence", fence)
          .put("expires_in_ms", expiresInMs);
    }
  }

  private static Duration life(JsonReader json) {
    return Duration.ofMillis(json.integer("ttl_ms", 1, MAX_TTL.toMillis(), DEFAULT_TTL_MS));
  }
}

package dev.recall.api;

import dev.recall.form.Field;
import dev.recall.form.Header;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Every field of the contract, once: its name, type and range, on the bus and over HTTP. It needs
 * no other class of the contract, whose messages are made of it.
 */
public final class Fields {

  // The cache.
  public static final Field<String> COMPUTATION = Field.text("computation");
  public static final Field<String> INPUT = Field.text("input");

  /** An input of a computation that is no class, which takes whatever can be a name. */
  public static final Field<String> RESULT_NAME = Field.keyName("input");

  static final Field<List<String>> INPUTS = Field.texts("inputs");
  static final Field<String> RESULT = Field.text("result");
  static final Field<String> SOURCE = Field.text("source");
  static final Field<Long> CODE = Field.integer("code").orElse(0L);
  static final Field<String> DETAIL = Field.text("detail");
  static final Header<String> CALLING = Header.text("caller");
  static final Header<Long> TTL_LEFT = Header.milliseconds("ttl");
  static final Header<Long> AGE = Header.milliseconds("age");
  static final Header<Boolean> STORED = Header.flag("stored");
  static final Header<Boolean> COLLAPSED = Header.flag("collapsed");
  static final Header<Boolean> DEGRADED = Header.flag("degraded");

  static final Field<Duration> LEASE_LIFE =
      Field.milliseconds("ttl_ms", Duration.ofMillis(100), Duration.ofMinutes(10))
          .orElse(Duration.ofSeconds(10));
  static final Field<Duration> PAUSE =
      Field.milliseconds("retry_after_ms", Duration.ZERO, Duration.ofHours(1))
          .orElse(Duration.ZERO);

  // Computations.
  static final Field<String> COMPUTATION_NAME = Field.text("name");
  static final Field<JsonObject> DEFINITION = Field.json("definition");
  static final Field<String> INSTANCE = Field.keyName("instance");
  static final Field<Optional<String>> ADDRESS = Field.text("address").optional();
  static final Field<Boolean> GONE = Field.flag("gone");
  static final Field<Long> HEARTBEAT_MS = Field.integer("heartbeat_ms").orElse(0L);
  static final Field<String> MAKER = Field.text("by").orElse("");
  static final Field<Optional<String>> COMPUTATION_VERSION = Field.text("version").optional();
  static final Field<Optional<String>> URL = Field.text("url").optional();
  static final Field<String> MEDIA_TYPE = Field.text("media_type").orElse("");
  static final Field<Long> RESULT_TTL_MS = Field.integer("ttl_ms").orElse(0L);

  // Counters.
  public static final Field<String> COUNTER_ID = Field.keyName("id");
  static final Field<Long> BY = Field.integer("by").orElse(1L);
  static final Field<Optional<Duration>> TTL = Field.seconds("ttl").optional();
  public static final Field<Optional<String>> IDEMPOTENCY_KEY =
      Field.keyName("idempotency_key").optional();
  static final Field<Long> VALUE = Field.integer("value").orElse(0L);

  // Documents.
  public static final Field<String> NAMESPACE = Field.text("namespace");
  public static final Field<String> KEY = Field.keyName("key");
  static final Field<String> DOCUMENT = Field.text("document");
  static final Field<OptionalLong> IF_VERSION = Field.optionalInteger("version");
  static final Field<Long> VERSION = Field.integer("version").orElse(0L);
  static final Field<Boolean> CREATED = Field.flag("created");

  /** The lock whose fence a write carries. */
  public static final Field<String> LOCK = Field.keyName("lock");

  static final Field<Optional<Long>> FENCE_NUMBER = Field.integer("fence").optional();

  // Locks.
  static final Duration LONGEST_LIFE = Duration.ofDays(1);
  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  public static final Field<String> LOCK_NAME = Field.keyName("name");
  public static final Field<String> TOKEN = Field.text("token");
  static final Field<Duration> LIFE =
      Field.milliseconds("ttl_ms", Duration.ofMillis(1), LONGEST_LIFE)
          .orElse(Duration.ofSeconds(10));
  static final Field<Duration> WAIT =
      Field.milliseconds("wait_ms", Duration.ZERO, LONGEST_WAIT).orElse(Duration.ZERO);
  static final Field<Long> FENCE = Field.integer("fence").orElse(0L);
  static final Field<Long> EXPIRES_IN_MS = Field.integer("expires_in_ms").orElse(0L);

  // Rate limits.
  public static final Field<String> LIMIT = Field.text("limit");
  public static final Field<String> CALLER = Field.keyName("caller");
  static final Field<Integer> COST =
      Field.integer("cost", 1, Integer.MAX_VALUE).as(Math::toIntExact, Long::valueOf).orElse(1);
  static final Field<Boolean> ALLOWED = Field.flag("allowed");
  static final Field<Long> REMAINING = Field.integer("remaining").orElse(0L);
  static final Field<Long> RESET_MS = Field.integer("reset_ms").orElse(0L);
  static final Field<Long> RETRY_AFTER_MS = Field.integer("retry_after_ms").orElse(0L);

  static final Field<Long> REMOVED = Field.integer("removed").orElse(0L);

  private Fields() {}
}

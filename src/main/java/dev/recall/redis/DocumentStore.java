package dev.recall.redis;

import dev.recall.api.DocumentApi.Fence;
import dev.recall.config.Settings.Namespace;
import dev.recall.failure.Failure;
import dev.recall.redis.link.CommandGroup;
import dev.recall.redis.link.RedisStore;
import dev.recall.redis.link.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Documents in Redis, each a hash of its text, its version and the time of its creation; one that
 * was deleted for good leaves a hash without a text. Each operation is one script, and so happens
 * as a whole or not at all. Failures are those of {@link RedisStore}, {@link Failure#WRONG_TYPE}
 * and {@link Failure#CORRUPT_DOCUMENT} where a key holds something else, which is left as it was.
 */
public final class DocumentStore {

  static final Script GET =
      new Script(DocumentStore.class, "numbers.lua", "document.lua", "document-get.lua");
  static final Script PUT =
      new Script(DocumentStore.class, "numbers.lua", "document.lua", "document-put.lua");
  static final Script DELETE =
      new Script(DocumentStore.class, "numbers.lua", "document.lua", "document-delete.lua");
  static final Script ROTATE =
      new Script(DocumentStore.class, "numbers.lua", "document.lua", "document-rotate.lua");

  private static final Buffer ZERO = Buffer.buffer("0");
  private static final Buffer NOTHING = Buffer.buffer();

  private final RedisStore redis;

  /** Documents in the Redis of a store that is open. */
  public DocumentStore(RedisStore redis) {
    this.redis = redis;
  }

  /** A document as it was found. */
  public record Found(String text, long version) {}

  /** A document as it was written: its version, and whether there was none before. */
  public record Written(long version, boolean created) {}

  /** A document, which lives on in a sliding namespace. */
  public Future<Optional<Found>> get(String namespace, String key, Namespace rules) {
    return redis
        .run(
            CommandGroup.Kind.READ, // a life renewed twice is as long
            GET,
            List.of(RedisKeys.document(namespace, key)),
            rules.sliding() ? RedisStore.millis(rules.ttl()) : ZERO,
            RedisStore.millis(rules.maxLife()))
        .map(
            reply ->
                Optional.ofNullable(reply)
                    .map(ScriptReply::of)
                    .map(pair -> new Found(pair.rest(), pair.first())));
  }

  /**
   * Writes a document.
   *
   * @param version the one it replaces; empty: there must be none, nor the trace of one
   * @return {@link Failure#STALE_VERSION} or {@link Failure#STALE_FENCE} where nothing was written
   */
  public Future<Written> put(
      String namespace,
      String key,
      Namespace rules,
      String text,
      OptionalLong version,
      Optional<Fence> fence) {
    List<String> keys = new ArrayList<>(List.of(RedisKeys.document(namespace, key)));
    fence.ifPresent(held -> keys.add(RedisKeys.fence(held.lock())));
    return redis
        .run(
            PUT,
            keys,
            Buffer.buffer(text),
            buffer(version),
            RedisStore.millis(rules.ttl()),
            RedisStore.millis(rules.maxLife()),
            fence.map(held -> Buffer.buffer(Long.toString(held.number()))).orElse(NOTHING))
        .map(ScriptReply::of)
        .map(pair -> new Written(pair.first(), pair.rest().equals("1")));
  }

  /**
   * Deletes a document, for good where the namespace says so.
   *
   * @param version the one it has; empty: any, or none, and whatever else is there
   * @return how many there were, 0 or 1; {@link Failure#STALE_VERSION} where it was not deleted
   */
  public Future<Long> delete(String namespace, String key, Namespace rules, OptionalLong version) {
    return redis
        .run(
            CommandGroup.Kind.NEEDS_NO_MEMORY,
            DELETE,
            List.of(RedisKeys.document(namespace, key)),
            buffer(version),
            rules.stayDeleted() ? RedisStore.millis(rules.maxLife()) : ZERO)
        .map(Response::toLong);
  }

  /**
   * Moves a document.
   *
   * @param version the one it has; empty: any
   * @return its new version; {@link Failure#NO_SUCH_DOCUMENT} or {@link Failure#STALE_VERSION}
   *     where it was not moved
   */
  public Future<Long> rotate(
      String namespace, String key, String newKey, Namespace rules, OptionalLong version) {
    return redis
        .run(
            ROTATE,
            List.of(RedisKeys.document(namespace, key), RedisKeys.document(namespace, newKey)),
            buffer(version),
            RedisStore.millis(rules.ttl()),
            RedisStore.millis(rules.maxLife()),
            Buffer.buffer(rules.stayDeleted() ? "1" : "0"))
        .map(Response::toLong);
  }

  private static Buffer buffer(OptionalLong version) {
    return version.isPresent() ? Buffer.buffer(Long.toString(version.getAsLong())) : NOTHING;
  }
}

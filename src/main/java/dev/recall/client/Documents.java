package dev.recall.client;

import dev.recall.api.DocumentApi.Create;
import dev.recall.api.DocumentApi.Delete;
import dev.recall.api.DocumentApi.Document;
import dev.recall.api.DocumentApi.Get;
import dev.recall.api.DocumentApi.Put;
import dev.recall.api.DocumentApi.Rotate;
import dev.recall.api.DocumentApi.Stored;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The documents of a namespace: JSON texts, kept as they are, each write of which says which
 * version it replaces.
 */
public final class Documents {

  private final Asker asker;
  private final String namespace;

  Documents(Asker asker, String namespace) {
    this.asker = asker;
    this.namespace = namespace;
  }

  /** Reads a document, which lives on where the namespace is sliding; empty: there is none. */
  public Future<Optional<Document>> get(String key) {
    return asker
        .ask(StateCalls.GET, () -> new Get(namespace, key))
        .map(Optional::of)
        .recover(
            failure ->
                FailureException.isOneOf(failure, Failure.NO_SUCH_DOCUMENT)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** Writes a document under a new key that nobody can guess. */
  public Future<Stored> create(String json) {
    return asker.ask(StateCalls.CREATE, () -> new Create(namespace, json));
  }

  /**
   * Writes a document where there is none.
   *
   * @return failed as {@link Failure#STALE_VERSION} where there is one
   */
  public Future<Stored> put(String key, String json) {
    return put(key, json, OptionalLong.empty(), Optional.empty());
  }

  /**
   * Replaces a document.
   *
   * @return failed as {@link Failure#STALE_VERSION} where it does not have this version
   */
  public Future<Stored> put(String key, String json, long version) {
    return put(key, json, OptionalLong.of(version), Optional.empty());
  }

  /**
   * Writes a document under a lock.
   *
   * @param version the one that it replaces; empty: there must be none
   * @return failed as above, or as {@link Failure#STALE_FENCE} where a newer holder of the lock has
   *     written
   */
  public Future<Stored> put(String key, String json, OptionalLong version, HeldLock lock) {
    return put(key, json, version, Optional.of(lock));
  }

  private Future<Stored> put(
      String key, String json, OptionalLong version, Optional<HeldLock> lock) {
    return asker.ask(
        StateCalls.PUT, () -> new Put(namespace, key, json, version, lock.map(HeldLock::asFence)));
  }

  /** Deletes a document, whatever its version is, and whether or not there is one. */
  public Future<Void> delete(String key) {
    return delete(key, OptionalLong.empty());
  }

  /**
   * Deletes a document.
   *
   * @return failed as {@link Failure#STALE_VERSION} where it does not have this version
   */
  public Future<Void> delete(String key, long version) {
    return delete(key, OptionalLong.of(version));
  }

  private Future<Void> delete(String key, OptionalLong version) {
    return asker.ask(StateCalls.DELETE, () -> new Delete(namespace, key, version));
  }

  /** Moves a document to a new key that nobody can guess. */
  public Future<Stored> rotate(String key) {
    return rotate(key, OptionalLong.empty());
  }

  /**
   * The same.
   *
   * @return failed as {@link Failure#STALE_VERSION} where it does not have this version
   */
  public Future<Stored> rotate(String key, long version) {
    return rotate(key, OptionalLong.of(version));
  }

  private Future<Stored> rotate(String key, OptionalLong version) {
    return asker.ask(StateCalls.ROTATE, () -> new Rotate(namespace, key, version));
  }
}

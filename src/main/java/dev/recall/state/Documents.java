package dev.recall.state;

import dev.recall.api.DocumentApi.Create;
import dev.recall.api.DocumentApi.Delete;
import dev.recall.api.DocumentApi.Document;
import dev.recall.api.DocumentApi.Get;
import dev.recall.api.DocumentApi.Put;
import dev.recall.api.DocumentApi.Rotate;
import dev.recall.api.DocumentApi.Stored;
import dev.recall.api.Removed;
import dev.recall.config.Settings.Namespace;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.JsonText;
import dev.recall.redis.DocumentStore;
import dev.recall.redis.DocumentStore.Found;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Documents with a version, in namespaces that say how long they live. */
final class Documents {

  private final DocumentStore store;
  private final Map<String, Namespace> namespaces;
  private final Supplier<String> newKey;

  /**
   * Documents in a store.
   *
   * @param newKey keys that nobody can guess
   */
  Documents(DocumentStore store, Map<String, Namespace> namespaces, Supplier<String> newKey) {
    this.store = store;
    this.namespaces = namespaces;
    this.newKey = newKey;
  }

  Future<Document> get(Get ask) {
    return store
        .get(ask.namespace(), ask.key(), rules(ask.namespace()))
        .map(found -> document(ask, found));
  }

  Future<Stored> put(Put ask) {
    Namespace rules = rules(ask.namespace());
    requireFit(rules, ask.document());
    return store
        .put(ask.namespace(), ask.key(), rules, ask.document(), ask.version(), ask.fence())
        .map(done -> new Stored(ask.namespace(), ask.key(), done.version(), done.created()));
  }

  Future<Stored> create(Create ask) {
    return put(
        new Put(
            ask.namespace(), newKey.get(), ask.document(), OptionalLong.empty(), Optional.empty()));
  }

  Future<Removed> delete(Delete ask) {
    return store
        .delete(ask.namespace(), ask.key(), rules(ask.namespace()), ask.version())
        .map(Removed::new);
  }

  Future<Stored> rotate(Rotate ask) {
    String key = newKey.get();
    return store
        .rotate(ask.namespace(), ask.key(), key, rules(ask.namespace()), ask.version())
        .map(version -> new Stored(ask.namespace(), key, version, true));
  }

  private Namespace rules(String namespace) {
    Namespace rules = namespaces.get(namespace);
    if (rules == null) {
      throw Failure.NO_SUCH_NAMESPACE.because("there is no namespace " + namespace);
    }
    return rules;
  }

  private static void requireFit(Namespace rules, String document) {
    if (document.getBytes(StandardCharsets.UTF_8).length > rules.maxBytes()) {
      throw Failure.BODY_TOO_LARGE.because(
          "a document here has at most " + rules.maxBytes() + " bytes");
    }
    JsonText.require("the document", document);
  }

  // Any program can write to Redis: what is no JSON is not passed on as if it were.
  private static Document document(Get ask, Optional<Found> found) {
    Found one =
        found.orElseThrow(
            () -> Failure.NO_SUCH_DOCUMENT.because("there is no document " + ask.key()));
    try {
      JsonText.require("the document", one.text());
    } catch (FailureException malformed) {
      throw Failure.CORRUPT_DOCUMENT.because(malformed.detail());
    }
    return new Document(one.text(), one.version());
  }
}

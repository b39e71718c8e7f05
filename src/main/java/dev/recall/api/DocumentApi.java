package dev.recall.api;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import dev.recall.bus.Form;
import dev.recall.bus.JsonReader;
import dev.recall.bus.KeyName;
import dev.recall.bus.Service;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the documents are asked and answer: sessions, permissions, profiles, configuration.
 *
 * <p>A document is a JSON text with a version. Every write says which version it replaces, and has
 * the next one; none is used twice for a key, also not after a delete, unless Redis loses writes.
 */
public final class DocumentApi {

  /** Reads a document; {@link Failure#NO_SUCH_DOCUMENT} where there is none. */
  public static final Service<Get, Document> GET =
      Service.named("state.get", Get.FORM, Document.FORM);

  /** Writes a document; {@link Failure#STALE_VERSION} where it is not what the writer saw. */
  public static final Service<Put, Stored> PUT = Service.named("state.put", Put.FORM, Stored.FORM);

  /** Writes a document under a new key that nobody can guess. */
  public static final Service<Create, Stored> CREATE =
      Service.named("state.create", Create.FORM, Stored.FORM);

  /** Deletes a document; {@link Failure#STALE_VERSION} where it is not what the caller saw. */
  public static final Service<Delete, Removed> DELETE =
      Service.named("state.delete", Delete.FORM, Removed.FORM);

  /** Moves a document to a new key that nobody can guess. */
  public static final Service<Rotate, Stored> ROTATE =
      Service.named("state.rotate", Rotate.FORM, Stored.FORM);

  private DocumentApi() {}

  /**
   * Reads a document, which lives on in a sliding namespace.
   *
   * @param namespace one of the settings
   * @param key a {@link KeyName}
   */
  public record Get(String namespace, String key) {
    static final Form<Get> FORM =
        Form.request(
            get -> new JsonObject().put("namespace", get.namespace).put("key", get.key),
            json -> new Get(json.text("namespace"), json.keyName("key")));

    /**
     * @throws FailureException {@link Failure#INVALID} where the key is no key name
     */
    public Get {
      KeyName.require("key", key);
    }
  }

  /**
   * Writes a document.
   *
   * @param namespace one of the settings
   * @param key a {@link KeyName}
   * @param document a JSON text, kept as it is
   * @param version the one that it replaces; empty: there must be no document yet
   * @param fence the writer's hold of a lock; it is refused where a newer one has written
   */
  public record Put(
      String namespace, String key, String document, OptionalLong version, Optional<Fence> fence) {
    static final Form<Put> FORM =
        Form.request(
            put -> {
              JsonObject json =
                  new JsonObject()
                      .put("namespace", put.namespace)
                      .put("key", put.key)
                      .put("document", put.document);
              put.version.ifPresent(version -> json.put("version", version));
              put.fence.ifPresent(fence -> json.put("lock", fence.lock).put("fence", fence.number));
              return json;
            },
            json ->
                new Put(
                    json.text("namespace"),
                    json.keyName("key"),
                    json.text("document"),
                    json.optionalInteger("version"),
                    Fence.read(json)));

    /**
     * @throws FailureException {@link Failure#INVALID} where the key is no key name
     */
    public Put {
      KeyName.require("key", key);
    }
  }

  /**
   * Who writes under a lock.
   *
   * @param lock its name, a {@link KeyName}
   * @param number the fence that came with it, 1 or more
   */
  public record Fence(String lock, long number) {

    /**
     * @throws FailureException {@link Failure#INVALID} where the lock is no key name
     */
    public Fence {
      KeyName.require("lock", lock);
    }

    private static Optional<Fence> read(JsonReader json) {
      Optional<String> lock = json.optionalKeyName("lock");
      OptionalLong number = json.optionalInteger("fence");
      if (lock.isPresent() != number.isPresent()) {
        throw FailureException.invalid(
            lock.isPresent() ? "fence" : "lock", "lock and fence go together");
      }
      return lock.map(name -> new Fence(name, number.getAsLong()));
    }
  }

  /**
   * Writes a document under a new key.
   *
   * @param namespace one of the settings
   * @param document a JSON text, kept as it is
   */
  public record Create(String namespace, String document) {
    static final Form<Create> FORM =
        Form.request(
            create ->
                new JsonObject()
                    .put("namespace", create.namespace)
                    .put("document", create.document),
            json -> new Create(json.text("namespace"), json.text("document")));
  }

  /**
   * Deletes a document.
   *
   * @param namespace one of the settings
   * @param key a {@link KeyName}
   * @param version the one that is deleted; empty: any, or none
   */
  public record Delete(String namespace, String key, OptionalLong version) {
    static final Form<Delete> FORM =
        Form.request(
            ask -> versioned(ask.namespace, ask.key, ask.version),
            json ->
                new Delete(
                    json.text("namespace"), json.keyName("key"), json.optionalInteger("version")));

    /**
     * @throws FailureException {@link Failure#INVALID} where the key is no key name
     */
    public Delete {
      KeyName.require("key", key);
    }
  }

  /**
   * Moves a document to a new key.
   *
   * @param namespace one of the settings
   * @param key the old one, a {@link KeyName}
   * @param version the one that is moved; empty: any
   */
  public record Rotate(String namespace, String key, OptionalLong version) {
    static final Form<Rotate> FORM =
        Form.request(
            ask -> versioned(ask.namespace, ask.key, ask.version),
            json ->
                new Rotate(
                    json.text("namespace"), json.keyName("key"), json.optionalInteger("version")));

    /**
     * @throws FailureException {@link Failure#INVALID} where the key is no key name
     */
    public Rotate {
      KeyName.require("key", key);
    }
  }

  /**
   * A document.
   *
   * @param document its JSON text, as it was written
   * @param version its version
   */
  public record Document(String document, long version) {
    static final Form<Document> FORM =
        Form.json(
            found -> new JsonObject().put("document", found.document).put("version", found.version),
            json -> new Document(json.text("document"), json.integer("version", 0)));
  }

  /**
   * A document is written.
   *
   * @param namespace where
   * @param key where
   * @param version the one it has now
   * @param created whether there was none before
   */
  public record Stored(String namespace, String key, long version, boolean created) {
    static final Form<Stored> FORM =
        Form.json(
            stored ->
                new JsonObject()
                    .put("namespace", stored.namespace)
                    .put("key", stored.key)
                    .put("version", stored.version)
                    .put("created", stored.created),
            json ->
                new Stored(
                    json.text("namespace"),
                    json.text("key"),
                    json.integer("version", 0),
                    json.flag("created")));
  }

  private static JsonObject versioned(String namespace, String key, OptionalLong version) {
    JsonObject json = new JsonObject().put("namespace", namespace).put("key", key);
    version.ifPresent(number -> json.put("version", number));
    return json;
  }
}

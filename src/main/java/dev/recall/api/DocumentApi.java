package dev.recall.api;

import dev.recall.bus.Service;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Form;
import dev.recall.form.KeyName;
import dev.recall.form.Part;
import dev.recall.form.View;
import java.util.List;
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
    /** How it is written. */
    public static final Form<Get> FORM =
        Form.of(Get::new, Fields.NAMESPACE.of(Get::namespace), Fields.KEY.of(Get::key)).exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the key is no key name
     */
    public Get {
      Fields.KEY.require(key);
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
    /** How it is written. */
    public static final Form<Put> FORM =
        Form.of(
                Put::new,
                Fields.NAMESPACE.of(Put::namespace),
                Fields.KEY.of(Put::key),
                Fields.DOCUMENT.of(Put::document),
                Fields.IF_VERSION.of(Put::version),
                Part.both(
                    Fields.LOCK.optional().of(put -> put.fence.map(Fence::lock)),
                    Fields.FENCE_NUMBER.of(put -> put.fence.map(Fence::number)),
                    Fence::of))
            .exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the key is no key name
     */
    public Put {
      Fields.KEY.require(key);
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
      Fields.LOCK.require(lock);
    }

    private static Optional<Fence> of(Optional<String> lock, Optional<Long> number) {
      if (lock.isPresent() != number.isPresent()) {
        throw FailureException.invalid(
            lock.isPresent() ? "fence" : "lock", "lock and fence go together");
      }
      return lock.map(name -> new Fence(name, number.orElseThrow()));
    }
  }

  /**
   * Writes a document under a new key.
   *
   * @param namespace one of the settings
   * @param document a JSON text, kept as it is
   */
  public record Create(String namespace, String document) {
    /** How it is written. */
    public static final Form<Create> FORM =
        Form.of(
                Create::new,
                Fields.NAMESPACE.of(Create::namespace),
                Fields.DOCUMENT.of(Create::document))
            .exactly();
  }

  /**
   * Deletes a document.
   *
   * @param namespace one of the settings
   * @param key a {@link KeyName}
   * @param version the one that is deleted; empty: any, or none
   */
  public record Delete(String namespace, String key, OptionalLong version) {
    /** How it is written. */
    public static final Form<Delete> FORM =
        Form.of(
                Delete::new,
                Fields.NAMESPACE.of(Delete::namespace),
                Fields.KEY.of(Delete::key),
                Fields.IF_VERSION.of(Delete::version))
            .exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the key is no key name
     */
    public Delete {
      Fields.KEY.require(key);
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
    /** How it is written. */
    public static final Form<Rotate> FORM =
        Form.of(
                Rotate::new,
                Fields.NAMESPACE.of(Rotate::namespace),
                Fields.KEY.of(Rotate::key),
                Fields.IF_VERSION.of(Rotate::version))
            .exactly();

    /**
     * @throws FailureException {@link Failure#INVALID} where the key is no key name
     */
    public Rotate {
      Fields.KEY.require(key);
    }
  }

  /**
   * A document.
   *
   * @param document its JSON text, as it was written
   * @param version its version
   */
  public record Document(String document, long version) {
    /** How it is written. */
    public static final Form<Document> FORM =
        Form.of(
            Document::new,
            Fields.DOCUMENT.of(Document::document),
            Fields.VERSION.of(Document::version));
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
    /** How it is written. */
    public static final Form<Stored> FORM =
        Form.of(
            Stored::new,
            Fields.NAMESPACE.of(Stored::namespace),
            Fields.KEY.of(Stored::key),
            Fields.VERSION.of(Stored::version),
            Fields.CREATED.of(Stored::created));

    /** As HTTP shows it, where the status tells whether it was created. */
    public static final View<Stored> VIEW =
        new View<>(
            List.of(
                Fields.NAMESPACE.of(Stored::namespace),
                Fields.KEY.of(Stored::key),
                Fields.VERSION.of(Stored::version)));
  }
}

package dev.recall.state;

import dev.recall.api.DocumentApi.Document;
import dev.recall.api.DocumentApi.Fence;
import dev.recall.config.Settings.Namespace;
import dev.recall.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the documents of one namespace do, in plain words: the specification that the engine is held
 * against. Of several reasons to refuse, it does not say which one is told.
 */
final class DocumentsModel {

  private final Namespace rules;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<String, Long> highest = new HashMap<>();
  private final Map<String, Fences> fences = new TreeMap<>();
  private Duration now = Duration.ZERO;

  DocumentsModel(Namespace rules) {
    this.rules = rules;
  }

  /** What a key holds, until when, or for ever; and since when, which a new version keeps. */
  record Entry(Content content, Duration created, Optional<Duration> until) {}

  sealed interface Content {}

  /** A document, or, if its text is no JSON, what another program has made of it. */
  record Live(String text, long version) implements Content {}

  /** All that is left of one that was deleted for good. */
  record Trace(long version) implements Content {}

  /** What another program has written: no hash. */
  record OtherType() implements Content {}

  /** What another program has written: a hash that is no document. */
  record Broken() implements Content {}

  /** Of a lock. */
  record Fences(long issued, long accepted) {}

  Set<Failure> reasonsAgainstGet(String key) {
    Content content = content(key).orElse(null);
    if (content == null || content instanceof Trace) {
      return Set.of(Failure.NO_SUCH_DOCUMENT);
    } else if (content instanceof Live live && live.text.equals(NOT_JSON)) {
      return Set.of(Failure.CORRUPT_DOCUMENT);
    }
    return reasonsAgainstAny(content);
  }

  /** The text that another program may have written. */
  static final String NOT_JSON = "{\"a\":";

  /** The document. */
  Document get(String key) {
    Live live = live(key);
    return new Document(live.text, live.version);
  }

  /** A document was read, whether or not it made sense: in a sliding namespace it lives on. */
  void read(String key) {
    if (rules.sliding() && content(key).orElse(null) instanceof Live live) {
      put(key, live, entry(key).created);
    }
  }

  Set<Failure> reasonsAgainstPut(
      String key, String text, OptionalLong version, Optional<Fence> fence) {
    Set<Failure> reasons = EnumSet.noneOf(Failure.class);
    Optional<Content> content = content(key);
    content.ifPresent(found -> reasons.addAll(reasonsAgainstAny(found)));
    if (text.equals(NOT_JSON)) {
      reasons.add(Failure.MALFORMED);
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > rules.maxBytes()) {
      reasons.add(Failure.BODY_TOO_LARGE);
    }
    if (version.isPresent() ? isStale(key, version) : content.isPresent()) {
      reasons.add(Failure.STALE_VERSION);
    }
    fence.filter(this::isStale).ifPresent(stale -> reasons.add(Failure.STALE_FENCE));
    return reasons;
  }

  /** A document was written and has this version. */
  void put(String key, String text, long version, Optional<Fence> fence) {
    Entry before = entries.get(key);
    put(key, new Live(text, version), before == null ? now : before.created);
    fence.ifPresent(
        one -> fences.put(one.lock(), new Fences(fences(one.lock()).issued, one.number())));
  }

  Set<Failure> reasonsAgainstDelete(String key, OptionalLong version) {
    if (version.isEmpty()) {
      return Set.of();
    }
    Set<Failure> reasons = EnumSet.noneOf(Failure.class);
    content(key).ifPresent(content -> reasons.addAll(reasonsAgainstAny(content)));
    if (isStale(key, version)) {
      reasons.add(Failure.STALE_VERSION);
    }
    return reasons;
  }

  /** Answers how many there were. */
  long delete(String key) {
    Entry before = entries.get(key);
    if (before == null || before.content instanceof Trace) {
      return 0;
    }
    entries.remove(key);
    leaveTrace(key, before);
    return 1;
  }

  Set<Failure> reasonsAgainstRotate(String key, OptionalLong version) {
    Content content = content(key).orElse(null);
    if (content == null || content instanceof Trace) {
      return Set.of(Failure.NO_SUCH_DOCUMENT);
    }
    Set<Failure> reasons = EnumSet.noneOf(Failure.class);
    reasons.addAll(reasonsAgainstAny(content));
    if (version.isPresent() && isStale(key, version)) {
      reasons.add(Failure.STALE_VERSION);
    }
    return reasons;
  }

  /** A document was moved. */
  void rotate(String key, String newKey, long version) {
    Entry before = entry(key);
    entries.remove(key);
    leaveTrace(key, before);
    put(newKey, new Live(((Live) before.content).text, version), before.created);
  }

  /** Another program writes, for a time or for ever. */
  void write(String key, Content content, Optional<Duration> ttl) {
    entries.put(key, new Entry(content, now, ttl.map(now::plus)));
    if (content instanceof Live live) {
      highest.merge(key, live.version, Math::max);
    }
  }

  /** Somebody has a lock now, and a fence. */
  long issue(String lock) {
    Fences before = fences(lock);
    fences.put(lock, new Fences(before.issued + 1, before.accepted));
    return before.issued + 1;
  }

  void pass(Duration time) {
    now = now.plus(time);
    entries
        .values()
        .removeIf(entry -> entry.until.filter(end -> end.compareTo(now) <= 0).isPresent());
  }

  Map<String, Entry> entries() {
    return entries;
  }

  Map<String, Fences> fences() {
    return fences;
  }

  Fences fences(String lock) {
    return fences.getOrDefault(lock, new Fences(0, 0));
  }

  Optional<Duration> left(Entry entry) {
    return entry.until.map(end -> end.minus(now));
  }

  /** The version of a document that is there. */
  OptionalLong version(String key) {
    return content(key).orElse(null) instanceof Live live
        ? OptionalLong.of(live.version)
        : OptionalLong.empty();
  }

  /** The highest version that a key has ever had, or 0. */
  long highest(String key) {
    return highest.getOrDefault(key, 0L);
  }

  private static Set<Failure> reasonsAgainstAny(Content content) {
    if (content instanceof OtherType) {
      return Set.of(Failure.WRONG_TYPE);
    }
    return content instanceof Broken ? Set.of(Failure.CORRUPT_DOCUMENT) : Set.of();
  }

  private boolean isStale(String key, OptionalLong version) {
    return !version(key).equals(version);
  }

  private boolean isStale(Fence fence) {
    Fences known = fences(fence.lock());
    return fence.number() < 1 || fence.number() > known.issued || fence.number() < known.accepted;
  }

  private void put(String key, Live live, Duration created) {
    Duration end = now.plus(rules.ttl());
    Duration last = created.plus(rules.maxLife());
    boolean ends = !rules.maxLife().isZero() && last.compareTo(end) < 0;
    entries.put(key, new Entry(live, created, Optional.of(ends ? last : end)));
    highest.merge(key, live.version, Math::max);
  }

  private void leaveTrace(String key, Entry before) {
    if (rules.stayDeleted() && before.content instanceof Live live) {
      entries.put(
          key,
          new Entry(
              new Trace(live.version),
              before.created,
              Optional.of(before.created.plus(rules.maxLife()))));
    }
  }

  private Live live(String key) {
    return (Live) entry(key).content;
  }

  private Entry entry(String key) {
    return Objects.requireNonNull(entries.get(key), key);
  }

  private Optional<Content> content(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::content);
  }
}

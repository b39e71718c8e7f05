package dev.recall.state;

import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Delete;
import dev.recall.api.CounterApi.Get;
import dev.recall.api.CounterApi.Value;
import dev.recall.api.Removed;
import dev.recall.failure.Failure;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What counters do, in plain words: the specification that the engine is held against. */
final class CountersModel {

  static final Duration DEFAULT_TTL = Duration.ofHours(24);

  private static final Duration ANSWERS_TTL = Duration.ofHours(24);

  /** What is in Redis, by key. */
  private final Map<String, Entry> entries = new TreeMap<>();

  private Duration now = Duration.ZERO;

  /** An entry, until a time, or for ever. */
  record Entry(Content content, Optional<Duration> until) {}

  /** What a key can hold. */
  sealed interface Content {}

  /** A string, hopefully of digits. */
  record Text(String text) implements Content {}

  /** The answer to a request with an idempotency key. */
  record Kept(Request request, long answer) implements Content {}

  /** What no counter is. */
  record OtherType() implements Content {}

  /** What must be the same for a request to be the same. */
  record Request(long by, Duration ttl) {}

  static String key(String id) {
    return "counter:" + id;
  }

  static String answerKey(String id, String idempotencyKey) {
    return "answer:" + id.length() + ":{counter:" + id + "}:" + idempotencyKey;
  }

  Answer<Value> add(Add ask) {
    Request request = new Request(ask.by(), ask.ttl().orElse(DEFAULT_TTL));
    Optional<String> answerKey = ask.idempotencyKey().map(key -> answerKey(ask.id(), key));
    Optional<Entry> before = answerKey.flatMap(this::find);
    if (before.isPresent()) {
      return repeated(ask, request, before.get().content);
    }
    Optional<Long> old = find(key(ask.id())).map(Entry::content).map(this::number).orElse(NONE_YET);
    if (old.isEmpty()) {
      return Answer.refused(Failure.WRONG_TYPE);
    }
    BigInteger sum = BigInteger.valueOf(old.get()).add(BigInteger.valueOf(ask.by()));
    if (sum.bitLength() > 63) {
      return Answer.refused(Failure.COUNTER_OVERFLOW);
    }
    put(key(ask.id()), new Text(sum.toString()), Optional.of(request.ttl));
    answerKey.ifPresent(
        key -> put(key, new Kept(request, sum.longValue()), Optional.of(ANSWERS_TTL)));
    return Answer.of(new Value(ask.id(), sum.longValue()));
  }

  private static final Optional<Long> NONE_YET = Optional.of(0L);

  private static Answer<Value> repeated(Add ask, Request request, Content before) {
    if (!(before instanceof Kept kept)) {
      return Answer.refused(Failure.WRONG_TYPE);
    }
    return kept.request.equals(request)
        ? Answer.of(new Value(ask.id(), kept.answer))
        : Answer.refused(Failure.IDEMPOTENCY_KEY_REUSED);
  }

  Answer<Value> get(Get ask) {
    return find(key(ask.id()))
        .map(Entry::content)
        .map(this::number)
        .orElse(NONE_YET)
        .map(number -> Answer.of(new Value(ask.id(), number)))
        .orElse(Answer.refused(Failure.WRONG_TYPE));
  }

  Answer<Removed> delete(Delete ask) {
    boolean found = find(key(ask.id())).isPresent();
    entries.remove(key(ask.id()));
    return Answer.of(new Removed(found ? 1 : 0));
  }

  /** Somebody writes to Redis. */
  void put(String key, Content content, Optional<Duration> ttl) {
    entries.put(key, new Entry(content, ttl.map(now::plus)));
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

  Optional<Duration> left(Entry entry) {
    return entry.until.map(end -> end.minus(now));
  }

  private Optional<Entry> find(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  // A number is written in one way only.
  private Optional<Long> number(Content content) {
    if (content instanceof Text text && text.text.matches("-?[0-9]+")) {
      BigInteger number = new BigInteger(text.text);
      if (number.bitLength() <= 63 && number.toString().equals(text.text)) {
        return Optional.of(number.longValue());
      }
    }
    return Optional.empty();
  }
}

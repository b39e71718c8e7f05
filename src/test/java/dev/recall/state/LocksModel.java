package dev.recall.state;

import dev.recall.api.LockApi.Held;
import dev.recall.api.Removed;
import dev.recall.failure.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What locks do, in plain words: the specification that the engine is held against. */
final class LocksModel {

  private final Map<String, Hold> holds = new TreeMap<>();
  private final Map<String, Long> fences = new TreeMap<>();
  private final Map<String, List<String>> tokens = new HashMap<>();
  private final Set<String> everGiven = new HashSet<>();
  private Duration now = Duration.ZERO;

  /** Who has a lock, until when; without a token and an end: another program. */
  record Hold(Optional<String> token, long fence, Optional<Duration> until) {}

  /** Why a lock cannot be had, where it cannot. */
  Optional<Failure> reasonAgainstAcquire(String name) {
    return holds.containsKey(name) ? Optional.of(Failure.LOCK_HELD) : Optional.empty();
  }

  /** Somebody has got a lock. */
  Held acquire(String name, String token, Duration ttl) {
    long fence = fences.merge(name, 1L, Long::sum);
    if (!everGiven.add(token)) {
      throw new AssertionError("a token was given twice");
    }
    tokens.computeIfAbsent(name, first -> new ArrayList<>()).add(token);
    holds.put(name, new Hold(Optional.of(token), fence, Optional.of(now.plus(ttl))));
    return new Held(name, token, fence, ttl.toMillis());
  }

  Answer<Held> renew(String name, String token, Duration ttl) {
    Hold hold = holds.get(name);
    if (hold == null || !hold.token.equals(Optional.of(token))) {
      return Answer.refused(Failure.LOCK_LOST);
    }
    holds.put(name, new Hold(hold.token, hold.fence, Optional.of(now.plus(ttl))));
    return Answer.of(new Held(name, token, hold.fence, ttl.toMillis()));
  }

  Answer<Removed> release(String name, String token) {
    Hold hold = holds.get(name);
    if (hold == null || !hold.token.equals(Optional.of(token))) {
      return Answer.refused(Failure.LOCK_LOST);
    }
    holds.remove(name);
    return Answer.of(new Removed(1));
  }

  Answer<Removed> breakLock(String name) {
    return Answer.of(new Removed(holds.remove(name) == null ? 0 : 1));
  }

  /** Its time is over. */
  void expire(String name) {
    holds.remove(name);
  }

  /** Another program writes to the key of a lock, for ever. */
  void occupy(String name) {
    holds.put(name, new Hold(Optional.empty(), 0, Optional.empty()));
  }

  void pass(Duration time) {
    now = now.plus(time);
    holds.values().removeIf(hold -> hold.until.filter(end -> end.compareTo(now) <= 0).isPresent());
  }

  /** The tokens a lock was ever held with, the last one at the end. */
  List<String> tokens(String name) {
    return tokens.getOrDefault(name, List.of());
  }

  Map<String, Hold> holds() {
    return holds;
  }

  Map<String, Long> fences() {
    return fences;
  }

  Optional<Duration> left(Hold hold) {
    return hold.until.map(end -> end.minus(now));
  }
}

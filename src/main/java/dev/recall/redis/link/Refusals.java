package dev.recall.redis.link;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.RequestImpl;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server refuses to do, though it answers: a command, for keys with a prefix, from the
 * first refusal until the same succeeds. Each is told in the log when it begins and when it ends,
 * and none of it has any caller's text. Thread-safe.
 */
final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  /** After which one that nobody has met again is not known to last. */
  private static final long FORGOTTEN_NS = TimeUnit.MINUTES.toNanos(10);

  /** Of some keys with a prefix and not of others: that one is served says nothing of the next. */
  private static final Set<String> OF_SOME_KEYS = Set.of("MOVED", "ASK");

  private final LongSupplier nanoTime;
  private final MeterRegistry registry;
  private final Map<String, Notice> notices = new ConcurrentHashMap<>();
  private final Map<String, Lasting> lasting = new ConcurrentHashMap<>();

  Refusals(LongSupplier nanoTime, MeterRegistry registry) {
    this.nanoTime = nanoTime;
    this.registry = registry;
  }

  private record Lasting(String code, long seen) {}

  /** The replies to commands, the refusals among them noted, each with what it answers. */
  List<Response> noted(List<Request> commands, List<Response> replies) {
    List<Response> told = replies;
    for (int i = 0; i < replies.size(); i++) {
      Response reply = replies.get(i);
      boolean isError = RedisErrors.isError(reply);
      if (!isError && lasting.isEmpty()) {
        continue;
      }
      String place = place(commands.get(i));
      Optional<String> code =
          isError ? RedisErrors.refusal(reply.toString()) : Optional.<String>empty();
      if (isError && RedisErrors.isAborted(reply.toString())) {
        continue; // it has not run, because of another
      }
      if (code.isEmpty()) {
        ended(place); // an error of another kind is an answer, too
        continue;
      }
      begun(place, code.get());
      told = told == replies ? new ArrayList<>(replies) : told;
      told.set(i, RedisErrors.reply(RedisErrors.answering(reply.toString(), place)));
    }
    return told;
  }

  /** Something is refused. */
  void begun(String place, String code) {
    registry
        .counter(
            "recall.redis.refused", "command", place.replaceFirst(" (on|\\().*", ""), "code", code)
        .increment();
    lasting.put(place, new Lasting(code, nanoTime.getAsLong()));
    notice(place).begin(RedisErrors.meaning(code) + ": " + place);
  }

  /** The same is done, now; one of some keys only lasts until nobody meets it any more. */
  void ended(String place) {
    Lasting one = lasting.get(place);
    if (one != null && !OF_SOME_KEYS.contains(one.code) && lasting.remove(place, one)) {
      notice(place).end("Redis no longer refuses " + place);
    }
  }

  /** How many last. */
  int count() {
    forgetOld();
    return lasting.size();
  }

  /** All that last, in a line, if any do. */
  Optional<String> summary() {
    forgetOld();
    String all =
        lasting.entrySet().stream()
            .map(one -> RedisErrors.meaning(one.getValue().code) + ": " + one.getKey())
            .sorted()
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? Optional.empty() : Optional.of(all);
  }

  /** A command and what the keys it names begin with. */
  static String place(Request request) {
    String command = request.command().toString().toUpperCase(Locale.ROOT);
    String keys =
        ((RequestImpl) request)
            .keys().stream().map(Refusals::prefix).distinct().collect(Collectors.joining(" "));
    return keys.isEmpty() ? command : command + " on " + keys;
  }

  private static String prefix(byte[] key) {
    String text = new String(key, StandardCharsets.UTF_8);
    int colon = text.indexOf(':');
    return colon < 0 ? text : text.substring(0, colon + 1) + "*";
  }

  private void forgetOld() {
    long now = nanoTime.getAsLong();
    lasting.forEach(
        (place, one) -> {
          if (now - one.seen > FORGOTTEN_NS && lasting.remove(place, one)) {
            notice(place).end("Nobody has asked again for " + place);
          }
        });
  }

  private Notice notice(String place) {
    return notices.computeIfAbsent(place, first -> new Notice(LOG, nanoTime));
  }
}

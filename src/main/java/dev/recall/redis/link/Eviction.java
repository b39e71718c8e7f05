package dev.recall.redis.link;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the server removes keys when its memory is full: then locks are two callers' at a time,
 * fences begin anew and documents are gone, without a word. Thread-safe.
 */
final class Eviction {

  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

  private static final Pattern LIMIT = Pattern.compile("(?m)^maxmemory:(\\d+)");
  private static final Pattern POLICY = Pattern.compile("(?m)^maxmemory_policy:([a-z-]+)");

  private final Notice notice;
  private volatile String policy = "";

  Eviction(LongSupplier nanoTime) {
    notice = new Notice(LOG, nanoTime);
  }

  /** What tells of it. */
  static Request question() {
    return Request.cmd(Command.INFO).arg("memory");
  }

  void answered(Response info) {
    String text = info.toString();
    Matcher limit = LIMIT.matcher(text);
    Matcher named = POLICY.matcher(text);
    boolean evicts =
        limit.find()
            && named.find()
            && !limit.group(1).equals("0")
            && !named.group(1).equals("noeviction");
    policy = evicts ? named.group(1) : "";
    if (evicts) {
      notice.begin(summary());
    } else {
      notice.end("Redis no longer removes keys when its memory is full");
    }
  }

  boolean isOn() {
    return !policy.isEmpty();
  }

  /** What is wrong, in a line. */
  String summary() {
    return "Redis removes keys when its memory is full (maxmemory-policy is "
        + policy
        + "): locks, fences and documents may go; it should be noeviction";
  }
}

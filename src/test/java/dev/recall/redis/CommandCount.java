package dev.recall.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many scripts the nodes have sent to Redis: by that a test knows that a caller has asked. */
public final class CommandCount {

  private static final Pattern SCRIPTS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

  private CommandCount() {}

  /** All scripts run by their hash since Redis was started. */
  public static long scripts(RedisCli redis) {
    Matcher calls = SCRIPTS.matcher(redis.run("INFO", "commandstats"));
    return calls.find() ? Long.parseLong(calls.group(1)) : 0;
  }
}

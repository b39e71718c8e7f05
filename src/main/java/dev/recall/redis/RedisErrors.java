package dev.recall.redis;

import dev.recall.bus.Failure;
import dev.recall.bus.FailureException;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the error replies of Redis mean to a caller. */
final class RedisErrors {

  /** What {@code batch()} and, up to Redis 6.2, a script put before the error itself. */
  private static final Pattern PREFIX =
      Pattern.compile(
          "^(ERR \\[\\d+] )?(ERR Error running script [^:]*: )?"
              + "(@user_script: ?\\d+: -?|EXECABORT [^:]*: )?");

  private static final Pattern CODE = Pattern.compile("^[A-Z_]+(?= |$)");

  /** What our own scripts refuse, each under its name, with the detail behind it. */
  private static final Map<String, Failure> OURS =
      Stream.of(
              Failure.IDEMPOTENCY_KEY_REUSED,
              Failure.NO_SUCH_DOCUMENT,
              Failure.CORRUPT_DOCUMENT,
              Failure.STALE_VERSION,
              Failure.STALE_FENCE,
              Failure.LOCK_LOST)
          .collect(Collectors.toMap(Failure::name, Function.identity()));

  /** Answers of a server that is alive but will not do this now. */
  private static final Map<String, String> REFUSALS =
      Map.of(
          "LOADING", "Redis is loading its data",
          "READONLY", "Redis is a read-only replica",
          "MASTERDOWN", "Redis has lost its master",
          "NOREPLICAS", "Redis has too few replicas",
          "OOM", "Redis has no memory left",
          "MISCONF", "Redis cannot write to its disk",
          "BUSY", "Redis is busy with a script",
          "NOAUTH", "Redis asks for a password",
          "WRONGPASS", "Redis refuses the password",
          "NOPERM", "Redis denies this user the command");

  private RedisErrors() {}

  /** The failure that an error reply means; nothing was changed by the command that got it. */
  static FailureException asFailure(String reply) {
    String error = plain(reply);
    String code = code(error);
    Failure ours = OURS.get(code);
    if (ours != null) {
      return ours.because(error.substring(code.length() + 1));
    }
    String refusal = REFUSALS.get(code);
    if (refusal != null) {
      return Failure.REDIS_UNAVAILABLE.because(refusal);
    }
    if (error.contains("overflow")) {
      return Failure.COUNTER_OVERFLOW.because("the counter would leave the range of 64 bits");
    }
    if (error.startsWith("WRONGTYPE") || error.contains("not an integer")) {
      return Failure.WRONG_TYPE.because("the key holds a value of another type");
    }
    return Failure.INTERNAL.because("Redis answered: " + error);
  }

  /** Whether a server refuses who we are, or the database we name: no waiting will mend that. */
  static boolean refusesUs(String reply) {
    return code(reply).matches("NOAUTH|WRONGPASS|NOPERM")
        || reply.contains("without any password")
        || reply.contains("DB index is out of range");
  }

  /** Whether a gathered error says that the transaction was refused before anything ran. */
  static boolean isAborted(String reply) {
    return reply.contains("EXECABORT");
  }

  /** Whether the client made this error up, for a command whose connection went away. */
  static boolean isLostConnection(String reply) {
    return reply.equals("CONNECTION_CLOSED");
  }

  /** Whether the server stopped being the master that its name promises. */
  static boolean isReadOnly(String reply) {
    return code(reply).equals("READONLY");
  }

  static boolean isUnknownScript(String reply) {
    return code(reply).equals("NOSCRIPT");
  }

  /** The first error of those gathered, beginning with its code. */
  static String plain(String reply) {
    return PREFIX.matcher(reply.lines().findFirst().orElse("")).replaceFirst("");
  }

  private static String code(String reply) {
    Matcher matcher = CODE.matcher(plain(reply));
    return matcher.find() ? matcher.group() : "";
  }
}

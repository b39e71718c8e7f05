package dev.recall.redis.link;

import static java.util.Map.entry;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the error replies of Redis mean to a caller. */
final class RedisErrors {

  /** What {@code batch()} and, up to Redis 6.2, a script put before the error itself. */
  private static final Pattern PREFIX =
      Pattern.compile(
          "^(ERR \\[\\d+] )?(ERR Error running script [^:]*: )?"
              + "(@user_script: ?\\d+: -?|EXECABORT [^:]*: )*");

  private static final Pattern GATHERED = Pattern.compile("^ERR \\[(\\d+)] .*");

  private static final Pattern NO_REPLY =
      Pattern.compile("(ERR \\[\\d+] )?(CONNECTION_CLOSED|([a-z]\\w*\\.)+[A-Z]\\w*(: .*)?)");

  private static final Pattern CODE = Pattern.compile("^[A-Z_]{3,}(?= |$)");

  /** What our own scripts refuse, each under its name, with the detail behind it. */
  private static final Map<String, Failure> OURS =
      Stream.of(Failure.values()).collect(Collectors.toMap(Failure::name, Function.identity()));

  /** Answers of a server that is alive but will not do this now, or not at all. */
  private static final Map<String, String> REFUSALS =
      Map.ofEntries(
          entry("LOADING", "Redis is loading its data"),
          entry("READONLY", "Redis is a read-only replica"),
          entry("MASTERDOWN", "Redis has lost its master"),
          entry("NOREPLICAS", "Redis has too few replicas"),
          entry("OOM", "Redis has no memory left"),
          entry("MISCONF", "Redis cannot write to its disk"),
          entry("BUSY", "Redis is busy with a script"),
          entry("NOAUTH", "Redis asks for a password"),
          entry("WRONGPASS", "Redis refuses the password"),
          entry("NOPERM", "Redis denies this user the command or its key"),
          entry("UNKNOWN", "Redis does not know the command"),
          entry("NOPROTO", "Redis does not speak this version of its protocol"),
          entry("MAXCLIENTS", "Redis has as many clients as it admits"),
          entry("CROSSSLOT", "Redis runs in cluster mode, where keys used together need one slot"),
          entry(
              "MOVED", "Redis runs in cluster mode with several shards, and this is another's key"),
          entry("ASK", "Redis runs in cluster mode with several shards, and this is another's key"),
          entry("TRYAGAIN", "Redis runs in cluster mode and moves the keys to another shard"),
          entry("CLUSTERDOWN", "Redis runs in cluster mode, and its cluster is down"));

  /** Refusals without a code of their own, by what they begin with. */
  private static final Map<String, String> CODE_OF =
      Map.of(
          "ERR unknown command", "UNKNOWN",
          "ERR unknown subcommand", "UNKNOWN",
          "ERR Unknown Redis command", "UNKNOWN",
          "ERR This Redis command is not allowed from", "UNKNOWN",
          "ERR max number of clients", "MAXCLIENTS",
          "ERR The user executing the script", "NOPERM",
          "The user executing the script", "NOPERM");

  private RedisErrors() {}

  /** The failure that an error reply means; nothing was changed by the command that got it. */
  static FailureException asFailure(String reply) {
    String error = plain(reply);
    String code = code(error);
    Failure ours = OURS.get(code);
    if (ours != null) {
      return ours.because(error.substring(code.length() + 1));
    }
    Optional<String> refusal = refusal(reply);
    if (refusal.isPresent()) {
      return Failure.REDIS_UNAVAILABLE.because(meaning(refusal.get()) + of(reply));
    }
    if (error.contains("overflow")) {
      return Failure.COUNTER_OVERFLOW.because("the counter would leave the range of 64 bits");
    }
    if (error.startsWith("WRONGTYPE") || error.contains("not an integer")) {
      return Failure.WRONG_TYPE.because("the key holds a value of another type");
    }
    return Failure.INTERNAL.because("Redis answered: " + error);
  }

  /** The code of a refusal: of an error that is the server's, and not the fault of a command. */
  static Optional<String> refusal(String reply) {
    String error = plain(reply);
    String code = code(error);
    if (REFUSALS.containsKey(code)) {
      return Optional.of(code);
    }
    return CODE_OF.entrySet().stream()
        .filter(known -> error.startsWith(known.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** The reply with an error. */
  static Response reply(String error) {
    return ErrorType.create(error);
  }

  /** The reply that the client has made a failure of. */
  static Response reply(Throwable failure) {
    return (ErrorType) failure;
  }

  /** Whether a reply is an error; a server may also have nothing to say. */
  static boolean isError(@Nullable Response reply) {
    return reply != null && reply.type() == ResponseType.ERROR;
  }

  /** What a code means, for people. */
  static String meaning(String code) {
    return REFUSALS.getOrDefault(code, code);
  }

  /** What a refusal means, for people; of what is none, something else. */
  static String meaningOr(String reply, String otherwise) {
    return refusal(reply).map(RedisErrors::meaning).orElse(otherwise);
  }

  /** The same error, and what it was the answer to: a second line of its own. */
  static String answering(String reply, String place) {
    return plain(reply) + "\n" + place;
  }

  private static String of(String reply) {
    return reply.lines().skip(1).findFirst().map(place -> ": " + place).orElse("");
  }

  /** Whether a server refuses who we are, or the database we name: no waiting will mend that. */
  static boolean refusesUs(String reply) {
    return code(reply).matches("NOAUTH|WRONGPASS|NOPERM")
        || reply.contains("without any password")
        || reply.contains("SELECT is not allowed")
        || reply.contains("DB index is out of range");
  }

  /** The error of a command that did not run, since another of its transaction was refused. */
  static String abortedBy(String reply) {
    return "EXECABORT with another: " + plain(reply);
  }

  static boolean isAborted(String reply) {
    return reply.startsWith("EXECABORT");
  }

  /** The errors of commands sent together, by the places of those that have one. */
  static Map<Integer, String> gathered(String reply) {
    return reply
        .lines()
        .map(GATHERED::matcher)
        .filter(Matcher::find)
        .collect(
            Collectors.toMap(
                line -> Integer.parseInt(line.group(1)), line -> plain(line.group()), (a, b) -> a));
  }

  /** Whether, of several commands sent together, the first was refused. */
  static boolean isOfFirst(String reply) {
    return reply.startsWith("ERR [0] ");
  }

  /** Whether a transaction, or a command, has keys of several slots. */
  static boolean isCrossSlot(String reply) {
    return reply.contains("CROSSSLOT");
  }

  /** Whether the command itself, and not one of its keys, is refused. */
  static boolean isOfCommand(String reply, String command) {
    String error = plain(reply).toLowerCase(Locale.ROOT);
    return refusal(reply).isPresent() && error.matches(".*['`]" + command + "['`|].*");
  }

  /**
   * Whether a connection went away before all was answered that was sent together: the client makes
   * up an error for each command that is left, or passes on what the socket failed with, and {@code
   * batch()} puts both in the form of replies. Every other failure is an {@link ErrorType}: a
   * reply.
   */
  static boolean isLostConnection(Throwable failure) {
    return !(failure instanceof ErrorType)
        || failure.toString().lines().anyMatch(line -> NO_REPLY.matcher(line).matches());
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
    String first = reply.lines().findFirst().orElse("");
    String plain = PREFIX.matcher(first).replaceFirst("");
    // A batch takes away the code ERR.
    boolean lacksCode = first.startsWith("ERR [") && !CODE.matcher(plain).find();
    return lacksCode ? "ERR " + plain : plain;
  }

  private static String code(String reply) {
    Matcher matcher = CODE.matcher(plain(reply));
    return matcher.find() ? matcher.group() : "";
  }
}

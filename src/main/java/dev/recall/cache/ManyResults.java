package dev.recall.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.recall.api.CacheApi.Result;
import dev.recall.api.CacheManyApi.Answer;
import dev.recall.api.CacheManyApi.Answered;
import dev.recall.api.CacheManyApi.Answers;
import dev.recall.api.CacheManyApi.GetMany;
import dev.recall.api.CacheManyApi.Refused;
import dev.recall.failure.Bugs;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.loop.OwnContext;
import dev.recall.redis.ResultStore;
import dev.recall.redis.ResultStore.Found;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers many inputs at once, each with its result or its own failure, in the order asked. What is
 * not in the near cache is read from Redis a part at a time, so that a request fills neither the
 * heap nor the workers' queue: past {@value #MAX_CHARACTERS} characters of results, or what the
 * node has room for, or its deadline, the rest is refused and can be asked for again.
 */
final class ManyResults {

  /** How many inputs are read from Redis, and computed, at a time. */
  private static final int PART = 50;

  private static final Logger LOG = LoggerFactory.getLogger(ManyResults.class);

  private static final int MAX_CHARACTERS = 2_000_000;

  /** How many such requests each event loop answers at a time. */
  private static final int MAX_REQUESTS = 8;

  private final Vertx vertx;
  private final Policies policies;
  private final LargeResults large;
  private final HeldBytes gathered;
  private final ResultStore store;
  private final ResultCache cache;
  private final Ticker clock;
  private final Duration deadline;
  private int requests;

  /**
   * Answers of the verticle whose context is current.
   *
   * @param gathered what the node holds of such answers
   * @param deadline longest wait for all of one request
   */
  ManyResults(
      Vertx vertx,
      Policies policies,
      LargeResults large,
      HeldBytes gathered,
      ResultStore store,
      ResultCache cache,
      Ticker clock,
      Duration deadline) {
    this.vertx = vertx;
    this.policies = policies;
    this.large = large;
    this.gathered = gathered;
    this.store = store;
    this.cache = cache;
    this.clock = clock;
    this.deadline = deadline;
  }

  /** The answers; refused as {@link Failure#OVERLOADED} where too many such requests wait. */
  Future<Answers> get(GetMany get) {
    Policy policy = policies.of(get.computation());
    if (requests == MAX_REQUESTS) {
      throw Failure.OVERLOADED.because("too many requests for many results are being answered");
    }
    requests++;
    Answering answering = new Answering(policy, get.inputs(), get.caller());
    return Future.succeededFuture(answering)
        .compose(Answering::next)
        .onComplete(
            done -> {
              requests--;
              answering.end();
            });
  }

  /** One request on its way. */
  private final class Answering {

    private final Policy policy;
    private final List<String> inputs;
    private final String caller;
    private final List<Answer> answers = new ArrayList<>();
    private final long ends = clock.read() + deadline.toNanos();
    private long characters;
    private boolean over;

    Answering(Policy policy, List<String> inputs, String caller) {
      this.policy = policy;
      this.inputs = inputs;
      this.caller = caller;
    }

    Future<Answers> next() {
      if (answers.size() == inputs.size()) {
        return Future.succeededFuture(new Answers(answers));
      }
      int end = Math.min(inputs.size(), answers.size() + PART);
      List<String> part = inputs.subList(answers.size(), end);
      List<Future<Result>> results = begin(part);
      return Future.join(results)
          .transform(
              done -> {
                for (int i = 0; i < part.size(); i++) {
                  answers.add(answer(part.get(i), results.get(i)));
                }
                return next();
              });
    }

    private List<Future<Result>> begin(List<String> part) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(ends - clock.read());
      if (leftMs <= 0) {
        return Collections.nCopies(part.size(), Future.failedFuture(late()));
      }
      if (characters > MAX_CHARACTERS) {
        return Collections.nCopies(part.size(), Future.failedFuture(tooLong()));
      }
      List<String> misses = new ArrayList<>();
      Promise<List<Optional<Found>>> read = OwnContext.promise(vertx);
      List<Future<Result>> results =
          part.stream()
              .map(input -> begin(input, misses, read.future()).compose(this::gather))
              .map(result -> result.timeout(leftMs, TimeUnit.MILLISECONDS))
              .toList();
      if (!misses.isEmpty()) {
        store.readAll(misses).onComplete(read);
      }
      return results;
    }

    /** What was gathered is given away. */
    void end() {
      over = true;
      gathered.giveBack(characters);
    }

    // At once, not when all of the part are there: what is too much is not held until then.
    private Future<Result> gather(Result result) {
      int length = result.result().length();
      if (over || characters > MAX_CHARACTERS || !gathered.take(length)) {
        return Future.failedFuture(tooLong());
      }
      characters += length;
      return Future.succeededFuture(result);
    }

    // Whatever is a miss gets a place in the one read that follows, unless it may be large.
    private Future<Result> begin(
        String input, List<String> misses, Future<List<Optional<Found>>> read) {
      try {
        Policy.Question question = policy.question(input, caller);
        if (large.areOf(policy)) {
          return cache.get(question, () -> store.read(question.key()));
        }
        return cache.get(
            question,
            () -> {
              int place = misses.size();
              misses.add(question.key());
              return read.map(found -> found.get(place));
            });
      } catch (RuntimeException refused) { // a bug of one computation costs only its own input
        return Future.failedFuture(refused);
      }
    }

    private Answer answer(String input, Future<Result> outcome) {
      if (outcome.failed()) {
        return new Refused(input, asFailure(outcome.cause()));
      }
      Result result = outcome.result();
      return new Answered(result.input(), result.result(), result.source().word());
    }

    private FailureException asFailure(Throwable cause) {
      if (cause instanceof FailureException failure) {
        return failure;
      }
      if (cause instanceof TimeoutException) {
        return late();
      }
      return Bugs.tell(LOG, "One of many results", cause);
    }

    private static FailureException tooLong() {
      return Failure.OVERLOADED.because("the answer is long; ask again for the rest");
    }

    private FailureException late() {
      return Failure.TIMED_OUT.because("no answer within " + deadline.toMillis() + " ms");
    }
  }
}

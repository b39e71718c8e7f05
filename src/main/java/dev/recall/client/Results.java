package dev.recall.client;

import dev.recall.api.CacheApi.Get;
import dev.recall.api.ComputationsApi.Define;
import dev.recall.api.ComputationsApi.Defined;
import dev.recall.api.InvalidationApi.Clear;
import dev.recall.api.InvalidationApi.Delete;
import dev.recall.api.LeaseApi.Put;
import dev.recall.api.Removed;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** The results of computations, whoever makes them. */
public final class Results {

  private final Asker asker;

  Results(Asker asker) {
    this.asker = asker;
  }

  /**
   * Reads a result, which is made where nodes know how; empty: its maker says that there is none,
   * or none of its callers has made it.
   */
  public Future<Optional<String>> get(String computation, String input) {
    return asker
        .ask(ResultCalls.GET, () -> new Get(computation, input))
        .map(Optional::of)
        .recover(
            failure ->
                FailureException.isOneOf(failure, Failure.NO_SUCH_RESULT)
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** Writes a result that callers make, as after a change of what it is made from. */
  public Future<Void> put(String computation, String input, String result) {
    return asker.ask(ResultCalls.PUT, () -> new Put(computation, input, result, Optional.empty()));
  }

  /** Forgets a result on every node; over HTTP it needs the scope {@code admin}. */
  public Future<Void> forget(String computation, String input) {
    return asker.ask(ResultCalls.FORGET, () -> new Delete(computation, input));
  }

  /** Forgets all results of a computation, and answers how many; it needs the same scope. */
  public Future<Long> clear(String computation) {
    return asker.ask(ResultCalls.CLEAR, () -> new Clear(computation)).map(Removed::removed);
  }

  /**
   * Defines a computation for all nodes, or changes a definition; it needs the same scope.
   *
   * @param definition with the names and units of the settings
   * @return whether it was not there before; failed as {@link Failure#DEFINED_ELSEWHERE} where the
   *     name is taken
   */
  public Future<Boolean> define(String computation, JsonObject definition) {
    return asker
        .ask(ResultCalls.DEFINE, () -> new Define(computation, definition))
        .map(Defined::created);
  }
}

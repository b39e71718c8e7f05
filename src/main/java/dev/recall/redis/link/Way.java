package dev.recall.redis.link;

import io.vertx.redis.client.Response;
import org.jspecify.annotations.Nullable;

/**
 * How the writes of a turn go over one connection: together in a transaction, until the server
 * shows that it does not take those of several callers, then one by one.
 */
final class Way {

  private boolean oneByOne;
  private @Nullable Response refusalOfTransactions;

  /** Transactions are not for this user: then what needs one is refused as they are. */
  void avoidTransactions(Response refusal) {
    oneByOne = true;
    refusalOfTransactions = refusal;
  }

  /** A transaction was refused as a whole. */
  void refused(Throwable failure) {
    if (RedisErrors.isOfFirst(failure.toString())) {
      avoidTransactions(RedisErrors.reply(RedisErrors.plain(failure.toString())));
    } else if (RedisErrors.isCrossSlot(failure.toString())) {
      oneByOne = true; // the server is a shard of a cluster
    }
  }

  boolean isOneByOne() {
    return oneByOne;
  }

  @Nullable Response refusalOfTransactions() {
    return refusalOfTransactions;
  }
}

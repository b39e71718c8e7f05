package dev.recall.cache;

import dev.recall.api.InvalidationApi.Clear;
import dev.recall.api.InvalidationApi.Delete;
import dev.recall.api.Removed;
import dev.recall.loop.OwnContext;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.ResultStore;
import dev.recall.redis.ResultStore.Page;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * Forgets results, in Redis, here and, since Redis tells them, on every other node. What is being
 * computed meanwhile is answered to those who wait for it, and not remembered.
 */
final class Invalidation {

  private final Vertx vertx;
  private final Policies policies;
  private final NearCache near;
  private final Flights<?> flights;
  private final ResultStore store;

  Invalidation(
      Vertx vertx, Policies policies, NearCache near, Flights<?> flights, ResultStore store) {
    this.vertx = vertx;
    this.policies = policies;
    this.near = near;
    this.flights = flights;
    this.store = store;
  }

  /** Forgets one result; it is gone for every reader of this node when this completes. */
  Future<Removed> delete(Delete delete) {
    String key = policies.of(delete.computation()).question(delete.input()).key();
    return store.remove(key).onSuccess(done -> forget(key)).map(Removed::new);
  }

  /** Forgets all results that were there before. */
  Future<Removed> clear(Clear clear) {
    String computation = policies.of(clear.computation()).space();
    // First the leases, so that what is being computed cannot be stored behind the scan.
    return removeAll(LeaseStore.prefix(computation))
        .compose(gone -> removeAll(ResultStore.prefix(computation)))
        .map(Removed::new);
  }

  private Future<Long> removeAll(String prefix) {
    Promise<Long> removed = OwnContext.promise(vertx);
    removeFrom(Page.START, prefix, 0, removed);
    return removed.future();
  }

  // Not a chain of futures: it would grow with every page.
  private void removeFrom(String place, String prefix, long before, Promise<Long> removed) {
    store
        .scan(prefix, place)
        .compose(
            page ->
                store
                    .removeAll(page.keys())
                    .onSuccess(
                        count -> {
                          page.keys().forEach(this::forgetLeasedOrNot);
                          if (page.isLast()) {
                            removed.complete(before + count);
                          } else {
                            removeFrom(page.next(), prefix, before + count, removed);
                          }
                        }))
        .onFailure(removed::fail);
  }

  private void forgetLeasedOrNot(String key) {
    forget(LeaseStore.isLease(key) ? LeaseStore.leased(key) : key);
  }

  private void forget(String key) {
    flights.forget(key);
    near.evict(key);
  }
}

package dev.recall.cache;

import dev.recall.redis.LeaseStore;

/**
 * What a caller gets: the token of his lease, and what was there when he took it.
 *
 * @param seen as {@link LeaseStore#digest} makes it
 */
record CallerToken(String lease, String seen) {

  static CallerToken of(String text) {
    int dot = text.lastIndexOf('.');
    return dot < 0
        ? new CallerToken(text, "-")
        : new CallerToken(text.substring(0, dot), text.substring(dot + 1));
  }

  String text() {
    return lease + "." + seen;
  }
}

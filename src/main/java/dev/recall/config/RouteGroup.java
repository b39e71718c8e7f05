package dev.recall.config;

/** Routes that are limited together. */
public enum RouteGroup implements Word {
  /** The round trips to Redis. */
  EXAMPLES,
  /** Results, by their own routes and by {@code /cache/calculate}. */
  CACHE,
  /** The visit counters. */
  COUNTERS,
  /** Documents. */
  STATE,
  /** Locks. */
  LOCKS
}

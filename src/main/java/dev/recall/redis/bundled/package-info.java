/** A real redis-server of our own, for a machine that has none running. */
@NullMarked
package dev.recall.redis.bundled;

import org.jspecify.annotations.NullMarked;

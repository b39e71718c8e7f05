/** What Recall keeps in Redis: keys, scripts, and a store for each kind. */
@NullMarked
package dev.recall.redis;

import org.jspecify.annotations.NullMarked;

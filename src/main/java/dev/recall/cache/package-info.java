/** Answers from memory: each result is computed once and remembered in Redis. */
@NullMarked
package dev.recall.cache;

import org.jspecify.annotations.NullMarked;

/** State that every node shares: counters, documents, locks and rate limits. */
@NullMarked
package dev.recall.state;

import org.jspecify.annotations.NullMarked;

/** Benchmarks: what they measure, and the load they put on servers in processes of their own. */
@NullMarked
package dev.recall.bench;

import org.jspecify.annotations.NullMarked;

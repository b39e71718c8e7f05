/** State shared by every node: the counters. */
@NullMarked
package dev.recall.state;

import org.jspecify.annotations.NullMarked;

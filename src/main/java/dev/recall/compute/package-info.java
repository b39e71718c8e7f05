/** The computations and the bounded workers that run them. */
@NullMarked
package dev.recall.compute;

import org.jspecify.annotations.NullMarked;

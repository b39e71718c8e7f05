/** The bounded workers that run computations, and Fibonacci. */
@NullMarked
package dev.recall.compute;

import org.jspecify.annotations.NullMarked;

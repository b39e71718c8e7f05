/** What who writes a computation needs, and no more. */
@org.jspecify.annotations.NullMarked
package dev.recall.spi;

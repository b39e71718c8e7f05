/**
 * What can go wrong, once for HTTP and the bus: the table of failures, and how the log hears of
 * bugs.
 */
@org.jspecify.annotations.NullMarked
package dev.recall.failure;

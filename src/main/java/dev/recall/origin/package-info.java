/** Results that other programs make, asked for over HTTP. */
@org.jspecify.annotations.NullMarked
package dev.recall.origin;

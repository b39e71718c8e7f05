/** Which computations there are that are no classes, as settings and callers define them. */
@org.jspecify.annotations.NullMarked
package dev.recall.registry;

/** The client libraries, tried by programs in their languages on real nodes. */
@org.jspecify.annotations.NullMarked
package dev.recall.clients;

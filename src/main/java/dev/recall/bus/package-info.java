/** How verticles and other applications ask each other: addresses, services and requesters. */
@NullMarked
package dev.recall.bus;

import org.jspecify.annotations.NullMarked;

/** How verticles and other applications ask each other: addresses, messages and failures. */
@NullMarked
package dev.recall.bus;

import org.jspecify.annotations.NullMarked;

/**
 * The contract between verticles, and with other applications: addresses, messages and failures.
 */
@NullMarked
package dev.recall.bus;

import org.jspecify.annotations.NullMarked;

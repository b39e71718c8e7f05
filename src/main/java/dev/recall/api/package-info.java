/**
 * What Recall can be asked, and what it answers: the contract between its verticles, and with other
 * applications on the event bus.
 */
@NullMarked
package dev.recall.api;

import org.jspecify.annotations.NullMarked;

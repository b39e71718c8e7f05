/** What is done about errors that reach the log, whoever logs them. */
@NullMarked
package dev.recall.logging;

import org.jspecify.annotations.NullMarked;

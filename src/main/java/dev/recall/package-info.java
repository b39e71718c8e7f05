/** The process: reads the settings, builds the node, runs it and takes it down. */
@NullMarked
package dev.recall;

import org.jspecify.annotations.NullMarked;

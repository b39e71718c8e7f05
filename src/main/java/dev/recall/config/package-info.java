/** What an operator can set, and what follows from it. */
@NullMarked
package dev.recall.config;

import org.jspecify.annotations.NullMarked;

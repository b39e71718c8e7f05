/** What an operator can set, and how it is read. */
@NullMarked
package dev.recall.config;

import org.jspecify.annotations.NullMarked;

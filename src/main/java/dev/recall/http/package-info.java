/** The HTTP routes: they validate, ask the bus and render. */
@NullMarked
package dev.recall.http;

import org.jspecify.annotations.NullMarked;

/**
 * Recall for other Vert.x applications: results remembered, and state shared, asked for over the
 * event bus or over HTTP. It needs nothing but vertx-core.
 */
@NullMarked
package dev.recall.client;

import org.jspecify.annotations.NullMarked;

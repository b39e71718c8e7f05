/** The one door to what Vert.x keeps to itself: contexts, event loops, channels. */
@NullMarked
package dev.recall.loop;

import org.jspecify.annotations.NullMarked;

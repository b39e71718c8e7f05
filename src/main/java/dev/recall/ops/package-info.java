/** What an operator keyWaits: health, meters, and whether the event loops live. */
@NullMarked
package dev.recall.ops;

import org.jspecify.annotations.NullMarked;

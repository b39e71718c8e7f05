/** Where peers connect: what one of them can make a node hold, for how long, and by which name. */
@NullMarked
package dev.recall.edge;

import org.jspecify.annotations.NullMarked;

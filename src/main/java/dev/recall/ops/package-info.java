/** What an operator watches: health. */
@NullMarked
package dev.recall.ops;

import org.jspecify.annotations.NullMarked;

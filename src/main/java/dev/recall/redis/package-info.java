/** All traffic with Redis, and the bundled server. */
@NullMarked
package dev.recall.redis;

import org.jspecify.annotations.NullMarked;

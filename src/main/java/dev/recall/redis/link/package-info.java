/**
 * The connections to Redis: what is sent over them and when, what fails, what is heard. It knows no
 * key and no feature.
 */
@org.jspecify.annotations.NullMarked
package dev.recall.redis.link;

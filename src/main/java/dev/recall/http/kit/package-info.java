/** What all routes share: who is let in, how a request is read and how it is answered. */
@org.jspecify.annotations.NullMarked
package dev.recall.http.kit;

/** Results that other applications on the event bus make. */
@org.jspecify.annotations.NullMarked
package dev.recall.lender;

package dev.recall.bus;

import java.util.function.LongSupplier;

/**
 * What all ends of the bus of a node share, each thread-safe.
 *
 * @param nanoTime as {@link System#nanoTime()}
 */
public record BusParts(BusMeters meters, LongSupplier nanoTime) {}

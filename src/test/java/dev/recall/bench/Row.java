package dev.recall.bench;

import java.net.URI;

/**
 * What one row of the table measures.
 *
 * @param name what it is called
 * @param target where its program is asked
 */
record Row(String name, URI target, Program program) {}

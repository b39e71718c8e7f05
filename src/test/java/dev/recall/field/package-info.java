/**
 * What failed elsewhere in the field, tried on the packaged jar with the flags of {@code run.sh}:
 * {@code mvn verify -Pfield}, as root.
 */
@NullMarked
package dev.recall.field;

import org.jspecify.annotations.NullMarked;

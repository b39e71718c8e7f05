/** How settings are read: from files, variables and flags into the records beside. */
@org.jspecify.annotations.NullMarked
package dev.recall.config.read;

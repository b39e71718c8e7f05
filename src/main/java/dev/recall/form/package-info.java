/**
 * How messages are written and read: fields, the forms that are made of them, and what is wrong
 * with one.
 */
@org.jspecify.annotations.NullMarked
package dev.recall.form;

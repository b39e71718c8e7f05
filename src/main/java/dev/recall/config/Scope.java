package dev.recall.config;

/** What a caller may do. */
public enum Scope implements Word {
  /** Ask for what is there. */
  READ,
  /** Change it. */
  WRITE,
  /** Everything. */
  ADMIN
}

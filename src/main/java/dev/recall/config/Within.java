package dev.recall.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The range a setting must lie in, both ends included; for a duration, in milliseconds. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Within {

  /** 365 days in milliseconds. */
  long YEAR = 31_536_000_000L;

  /** The smallest value allowed. */
  long min();

  /** The largest value allowed. */
  long max();
}

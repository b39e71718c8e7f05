package dev.recall.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/** A constant that settings name in small letters. */
interface Word {

  /** The name of the constant. */
  String name();

  /** The constant as it is written. */
  default String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Those that a text names, separated by spaces, commas or both.
   *
   * @throws IllegalArgumentException listing what there is, where the text names anything else
   */
  static <E extends Enum<E> & Word> Set<E> in(String text, Class<E> type) {
    Set<E> named = EnumSet.noneOf(type);
    for (String word : text.replace(',', ' ').trim().split(" +", -1)) {
      if (!word.isEmpty()) {
        named.add(constant(word, type));
      }
    }
    return Collections.unmodifiableSet(named);
  }

  private static <E extends Enum<E> & Word> E constant(String word, Class<E> type) {
    StringJoiner all = new StringJoiner(", ");
    for (E constant : type.getEnumConstants()) {
      if (constant.word().equals(word)) {
        return constant;
      }
      all.add(constant.word());
    }
    throw new IllegalArgumentException("must be words of " + all);
  }
}

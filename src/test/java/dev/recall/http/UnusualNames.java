package dev.recall.http;

import java.util.stream.Stream;

/** Names that a path, a key or a pattern of keys might take for something else. */
final class UnusualNames {

  private UnusualNames() {}

  static Stream<String> all() {
    return Stream.of(
        "a:b",
        "*",
        "{x}",
        "😀",
        "a/b",
        "é",
        " ",
        "a;b",
        "fence:k",
        "rotate",
        "a/rotate",
        "../session/k",
        "../counters/k",
        "%2F");
  }
}

package dev.recall.bench;

import java.util.Locale;

/**
 * The memory of a Recall before and after it was filled with near copies, as a Markdown table.
 *
 * @param characters of the key and the result of each copy
 */
record MemoryTable(Memory before, Memory after, int characters) {

  private static final double MEGA = 1 << 20;

  /**
   * What one process takes.
   *
   * @param residentMegabytes of the system's memory
   * @param heapBytes in use after a full collection
   * @param copies near copies in the heap
   * @param nearBytes what Recall estimates that they take
   */
  record Memory(long residentMegabytes, long heapBytes, long copies, double nearBytes) {}

  /** What a copy really takes, with all that the near cache keeps for it. */
  double bytesPerCopy() {
    return (double) (after.heapBytes - before.heapBytes) / (after.copies - before.copies);
  }

  String markdown() {
    return String.format(
        Locale.ROOT,
        """
        | | before | after |
        |---|---:|---:|
        | near copies | %d | %d |
        | near bytes, as estimated | %.0f | %.0f |
        | heap used after a GC, MB | %.1f | %.1f |
        | resident, MB | %d | %d |

        A copy takes %.1f bytes, %d of them characters: %.1f beside; estimated are %.1f.
        """,
        before.copies,
        after.copies,
        before.nearBytes,
        after.nearBytes,
        before.heapBytes / MEGA,
        after.heapBytes / MEGA,
        before.residentMegabytes,
        after.residentMegabytes,
        bytesPerCopy(),
        characters,
        bytesPerCopy() - characters,
        after.nearBytes / after.copies - characters);
  }
}

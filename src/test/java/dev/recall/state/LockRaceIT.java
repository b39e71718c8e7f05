package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.testing.Crowd;
import dev.recall.testing.DocumentCaller;
import dev.recall.testing.LockCaller;
import dev.recall.testing.LockCaller.Hold;
import dev.recall.testing.Verdict;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many want one lock over two nodes, and write what it guards, while connections are cut. */
class LockRaceIT extends CutNodes {

  private static final int CALLERS = 10;
  private static final long TTL_MS = 1_000;
  private static final String GUARDED = "/v1/state/config/guarded";

  private final Queue<Section> sections = new ConcurrentLinkedQueue<>();
  private final Queue<FencedWrite> writes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger held = new AtomicInteger();

  /**
   * From the moment when a holder knew that it held the lock until it gave it back, which Redis
   * confirmed: it held the lock all that time, however slow it was.
   */
  private record Section(long fence, long entered, long left) {}

  private record FencedWrite(long version, long fence) {}

  @BeforeEach
  void create() {
    assertThat(guarded(0).create("{}").statusCode()).isEqualTo(201);
  }

  @Test
  void acquire_byManyWhileConnectionsAreCut_neverLetsTwoInAndFencesOffTheLate() throws Exception {
    Crowd.of(
        CALLERS,
        who -> {
          while (sections.size() < 80) {
            HttpResponse<String> answer = lock(who).acquire(TTL_MS, 2_000);
            if (Verdict.of(answer) == Verdict.DONE) {
              hold(who, LockCaller.hold(answer));
            }
          }
        });

    assertThat(sections.stream().map(Section::fence)).doesNotHaveDuplicates();
    assertThat(sorted(sections, Comparator.comparing(Section::entered)))
        .isSortedAccordingTo(Comparator.comparing(Section::fence))
        .isSortedAccordingTo(Comparator.comparing(Section::left));
    assertNoOverlap(sorted(sections, Comparator.comparing(Section::entered)));
    assertThat(sorted(writes, Comparator.comparing(FencedWrite::version)))
        .hasSizeGreaterThan(40)
        .isSortedAccordingTo(Comparator.comparing(FencedWrite::fence));
  }

  private void hold(int who, Hold hold) {
    long entered = System.nanoTime();
    if (Verdict.of(lock(who).renew(hold.token(), TTL_MS)) != Verdict.DONE) {
      return;
    }
    write(who, hold.fence());
    write(who, Math.max(1, hold.fence() - 1)); // as the last holder, who wakes up too late
    if (held.incrementAndGet() % 10 == 0) {
      proxy.cutNext();
    }
    long left = System.nanoTime();
    Verdict released = Verdict.of(lock(who).release(hold.token()));
    if (released == Verdict.DONE) {
      sections.add(new Section(hold.fence(), entered, left));
    } else if (released == Verdict.REFUSED) {
      assertThat(Duration.ofNanos(System.nanoTime() - entered))
          .as("the lock was lost before the end of the time it was renewed for")
          .isGreaterThan(Duration.ofMillis(TTL_MS));
    }
    write(who, hold.fence()); // as one who has not noticed that the lock is gone
  }

  private void write(int who, long fence) {
    HttpResponse<String> read = guarded(who).get();
    if (Verdict.of(read) != Verdict.DONE) {
      return;
    }
    HttpResponse<String> answer =
        guarded(who).replace(DocumentCaller.version(read), "{}", "Lock-Fence", "guard;" + fence);
    if (Verdict.of(answer) == Verdict.DONE) {
      writes.add(new FencedWrite(DocumentCaller.version(answer), fence));
    }
  }

  private LockCaller lock(int who) {
    return new LockCaller(nodeOf(who), "guard");
  }

  private DocumentCaller guarded(int who) {
    return new DocumentCaller(nodeOf(who), GUARDED);
  }

  private static void assertNoOverlap(List<Section> inOrder) {
    for (int i = 1; i < inOrder.size(); i++) {
      assertThat(inOrder.get(i).entered())
          .as("%s after %s", inOrder.get(i), inOrder.get(i - 1))
          .isGreaterThan(inOrder.get(i - 1).left());
    }
  }

  private static <T> List<T> sorted(Queue<T> all, Comparator<T> order) {
    return all.stream().sorted(order).toList();
  }
}

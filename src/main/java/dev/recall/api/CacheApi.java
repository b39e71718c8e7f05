package dev.recall.api;

import dev.recall.api.CacheStatus.Level;
import dev.recall.bus.Service;
import dev.recall.form.Form;
import dev.recall.form.Header;
import dev.recall.form.View;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What the cache is asked and answers. */
public final class CacheApi {

  /** The result of a computation. */
  public static final Service<Get, Result> GET = Service.named("cache.get", Get.FORM, Result.FORM);

  private CacheApi() {}

  /**
   * Asks for a result.
   *
   * @param computation a name, like {@code fib}
   * @param input what it is computed from, as its caller wrote it
   * @param caller who asks, since workers are shared between callers; within this process only,
   *     else empty
   */
  public record Get(String computation, String input, String caller) {
    /** How it is written. */
    public static final Form<Get> FORM =
        Form.of(Get::new, Fields.COMPUTATION.of(Get::computation), Fields.INPUT.of(Get::input))
            .exactly();

    /** Asked by nobody knows whom. */
    public Get(String computation, String input) {
      this(computation, input, "");
    }
  }

  /**
   * A result.
   *
   * @param computation its name
   * @param input what it was computed from, in canonical form
   * @param result exact
   * @param digest of the result, as {@link #digest} makes it: equal results have equal ones
   * @param mediaType what it is
   * @param status how it was come by
   */
  public record Result(
      String computation,
      String input,
      String result,
      long digest,
      String mediaType,
      CacheStatus status) {
    private static final String TEXT = "text/plain";
    private static final long MOST_BYTES_PER_CHAR = 3;

    /** One that is a text. */
    public Result(
        String computation, String input, String result, long digest, CacheStatus status) {
      this(computation, input, result, digest, TEXT, status);
    }

    private static final Header<Long> DIGEST =
        new Header<>(
            "etag",
            "",
            Result::digestOf,
            HexFormat.of()::toHexDigits,
            "must be 16 hexadecimal digits",
            0L);

    private static final Header<String> MEDIA_TYPE =
        new Header<>(
            "media-type",
            TEXT,
            text -> text,
            text -> text.equals(TEXT) ? "" : text,
            "must be a text",
            TEXT);

    /** How it is written. */
    public static final Form<Result> FORM =
        Form.of(
                Result::new,
                Fields.COMPUTATION.of(Result::computation),
                Fields.INPUT.of(Result::input),
                Fields.RESULT.of(Result::result),
                DIGEST.of(Result::digest),
                MEDIA_TYPE.of(Result::mediaType),
                CacheStatus.FORM.of(Result::status))
            .with(Header.text("source").of(result -> result.source().word()));

    /** As HTTP shows it, whose headers tell the status. */
    public static final View<Result> VIEW =
        new View<>(
            List.of(
                Fields.COMPUTATION.of(Result::computation),
                Fields.INPUT.of(Result::input),
                Fields.RESULT.of(Result::result),
                Fields.SOURCE.of(result -> result.source().word())));

    /** Whether this very request caused the computation. */
    public Source source() {
      return status.level() == Level.COMPUTED && !status.collapsed()
          ? Source.COMPUTED
          : Source.CACHE;
    }

    /** The digest in 16 hexadecimal digits. */
    public String tag() {
      return HexFormat.of().toHexDigits(digest);
    }

    /** The same result, as whoever waited for another's computation sees it. */
    public Result joined() {
      return new Result(computation, input, result, digest, mediaType, status.joined());
    }

    /**
     * Whether a text is longer than so many bytes of UTF-8; it is encoded only where its length
     * leaves that in doubt.
     */
    public static boolean isLonger(String text, long bytes) {
      return text.length() > bytes
          || (MOST_BYTES_PER_CHAR * text.length() > bytes
              && text.getBytes(StandardCharsets.UTF_8).length > bytes);
    }

    /** The first 64 bits of the SHA-256 of a text in UTF-8. */
    public static long digest(String text) {
      return ByteBuffer.wrap(sha256().digest(text.getBytes(StandardCharsets.UTF_8))).getLong();
    }

    private static long digestOf(String tag) {
      if (!tag.matches("[0-9a-f]{16}")) {
        throw new IllegalArgumentException(tag);
      }
      return HexFormat.fromHexDigitsToLong(tag);
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException impossible) {
        throw new LinkageError("every JDK has SHA-256", impossible);
      }
    }
  }

  /** Where a result came from. */
  public enum Source {
    /** Computed for this request; {@code database} is the tutorial's word for it. */
    COMPUTED("database"),
    /** Remembered, or computed for another request at the same time. */
    CACHE("cache");

    private final String word;

    Source(String word) {
      this.word = word;
    }

    /** The word callers see. */
    public String word() {
      return word;
    }
  }
}

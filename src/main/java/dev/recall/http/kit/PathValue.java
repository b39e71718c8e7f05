package dev.recall.http.kit;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.form.Field;
import dev.recall.form.Given;
import io.vertx.ext.web.RoutingContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A segment of a path, decoded strictly: the router would put U+FFFD for what is not UTF-8, and let
 * two names share one key.
 */
public final class PathValue {

  private PathValue() {}

  /**
   * A field in the last segment of the path.
   *
   * @param name what the path calls it
   * @throws dev.recall.failure.FailureException {@link Failure#INVALID} for bytes that are not
   *     UTF-8 and for dot segments, {@link Failure#MALFORMED} for a percent sign that begins no
   *     escape
   */
  public static Given last(RoutingContext context, Field<?> field, String name) {
    return last(context.request().path(), field, name);
  }

  /**
   * The same, of the segment before an ending.
   *
   * @param ending like {@code /rotate}
   * @throws dev.recall.failure.FailureException {@link Failure#NO_SUCH_ROUTE} where the path ends
   *     in another form of it, which the router takes for the same
   */
  public static Given before(RoutingContext context, String ending, Field<?> field, String name) {
    String path = context.request().path();
    if (!path.endsWith(ending)) {
      throw Failure.NO_SUCH_ROUTE.because("there is nothing at this path");
    }
    return last(path.substring(0, path.length() - ending.length()), field, name);
  }

  /** Decodes what a header has that is written as in a path, or as it is. */
  public static String decodeHeader(String text, String name) {
    return decode(text.getBytes(StandardCharsets.UTF_8), "header", name);
  }

  private static Given last(String path, Field<?> field, String name) {
    String segment = path.substring(path.lastIndexOf('/') + 1);
    // What stands unescaped arrives as one char a byte.
    String value =
        isPlain(segment)
            ? segment
            : decode(segment.getBytes(StandardCharsets.ISO_8859_1), "path", name);
    if (value.equals(".") || value.equals("..")) {
      throw FailureException.invalid(
          List.of("path", name), name + " must not be a dot segment, which the router removes");
    }
    return field.inPath(name, value);
  }

  // As nearly all segments are: there is nothing to decode.
  private static boolean isPlain(String segment) {
    for (int i = 0; i < segment.length(); i++) {
      char one = segment.charAt(i);
      if (one <= ' ' || one == '%' || one > '~') {
        return false;
      }
    }
    return true;
  }

  private static String decode(byte[] escaped, String place, String name) {
    return Utf8.decode(unescape(escaped, name))
        .orElseThrow(
            () ->
                FailureException.invalid(
                    List.of(place, name),
                    name + " must be valid UTF-8 without control characters"));
  }

  private static ByteBuffer unescape(byte[] escaped, String name) {
    ByteBuffer bytes = ByteBuffer.allocate(escaped.length);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] == '%') {
        bytes.put((byte) escaped(escaped, i, name));
        i += 2;
      } else {
        bytes.put(escaped[i]);
      }
    }
    return bytes.flip();
  }

  private static int escaped(byte[] bytes, int percent, String name) {
    if (percent + 2 < bytes.length) {
      int high = Character.digit(bytes[percent + 1], 16);
      int low = Character.digit(bytes[percent + 2], 16);
      if (high >= 0 && low >= 0) {
        return high << 4 | low;
      }
    }
    throw Failure.MALFORMED.because("a percent sign in " + name + " begins no escape");
  }
}

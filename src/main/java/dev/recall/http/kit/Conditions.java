package dev.recall.http.kit;

import dev.recall.failure.Failure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a request says of the state it is for: If-Match and If-None-Match (RFC 9110). */
public final class Conditions {

  private static final Pattern TAG = Pattern.compile("\"([!#-~]*)\"");
  private static final Pattern VERSION = Pattern.compile("0|[1-9][0-9]{0,17}");

  private Conditions() {}

  /**
   * The version in If-Match; empty where there is none.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#MALFORMED} where it is not one
   *     number in quotes
   */
  public static OptionalLong version(RoutingContext context) {
    Optional<String> tag = tag(context);
    if (tag.isPresent() && !VERSION.matcher(tag.get()).matches()) {
      throw Failure.MALFORMED.because("If-Match must be a version in quotes, like \"7\"");
    }
    return tag.map(digits -> OptionalLong.of(Long.parseLong(digits))).orElse(OptionalLong.empty());
  }

  /**
   * The version that is to be replaced; empty where there must be none.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#PRECONDITION_REQUIRED} where the
   *     request does not say
   */
  public static OptionalLong replaced(RoutingContext context) {
    OptionalLong version = version(context);
    Optional<String> ifNoneMatch = HeaderValue.of(context, "If-None-Match");
    if (ifNoneMatch.isEmpty() && version.isEmpty()) {
      throw Failure.PRECONDITION_REQUIRED.because(
          "say If-Match: \"<version>\" to replace a document, or If-None-Match: * to create one");
    }
    if (ifNoneMatch.isPresent() && (version.isPresent() || !ifNoneMatch.get().equals("*"))) {
      throw Failure.MALFORMED.because("say either If-Match: \"<version>\" or If-None-Match: *");
    }
    return version;
  }

  /**
   * What stands between the quotes of If-Match; empty where there is none.
   *
   * @throws dev.recall.failure.FailureException {@link Failure#MALFORMED} where it is not one
   *     strong entity tag
   */
  public static Optional<String> tag(RoutingContext context) {
    return HeaderValue.of(context, "If-Match").map(Conditions::unquoted);
  }

  private static String unquoted(String ifMatch) {
    Matcher tag = TAG.matcher(ifMatch);
    if (!tag.matches()) {
      throw Failure.MALFORMED.because("If-Match must be one value in quotes");
    }
    return tag.group(1);
  }

  /** Whether the caller has what the tag stands for, by the weak comparison of If-None-Match. */
  public static boolean isKnown(RoutingContext context, String tag) {
    List<String> ifNoneMatch = context.request().headers().getAll(HttpHeaders.IF_NONE_MATCH);
    if (ifNoneMatch.isEmpty()) {
      return false;
    }
    String opaque = opaque(tag);
    return Stream.of(String.join(",", ifNoneMatch).split(","))
        .map(String::trim)
        .anyMatch(known -> known.equals("*") || opaque(known).equals(opaque));
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }
}

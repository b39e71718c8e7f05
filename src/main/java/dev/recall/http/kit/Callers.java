package dev.recall.http.kit;

import dev.recall.config.Scope;
import dev.recall.config.Secret;
import dev.recall.config.Settings.Token;
import dev.recall.edge.Names;
import dev.recall.failure.Failure;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/**
 * Who calls, and what they may do: a caller has one of the bearer tokens (RFC 6750). Where there
 * are none, everybody who reaches the server may do everything.
 */
public final class Callers {

  private static final String BEARER = "Bearer ";

  private final Map<String, Token> tokens;
  private final Names names;

  public Callers(Map<String, Token> tokens, Names names) {
    this.tokens = tokens;
    this.names = names;
  }

  /**
   * Lets a caller do something.
   *
   * @return the caller's name: that of the token, or the address
   * @throws dev.recall.failure.FailureException {@link Failure#UNAUTHORIZED} where there is no
   *     known token, {@link Failure#FORBIDDEN} where it does not have the scope, {@link
   *     Failure#CROSS_SITE} where a page of another site would change something
   */
  String require(RoutingContext context, Scope scope) {
    if (tokens.isEmpty()) {
      if (scope != Scope.READ) {
        names.requireSameSite(context.request());
      }
      return "address:" + context.request().remoteAddress().hostAddress();
    }
    String name = nameOf(Secret.digest(presented(context)));
    Token token = tokens.get(name);
    if (token == null) {
      throw Failure.UNAUTHORIZED.because("this token is not known");
    }
    if (!token.scopes().include(scope)) {
      throw Failure.FORBIDDEN.because("this needs a token with the scope " + scope.word());
    }
    return "token:" + name;
  }

  private static String presented(RoutingContext context) {
    String header = HeaderValue.of(context, "Authorization").orElse("");
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw Failure.UNAUTHORIZED.because("this needs a token: Authorization: Bearer <token>");
    }
    return header.substring(BEARER.length()).trim();
  }

  // Every token is looked at, each for as long as the others, whichever it is.
  private String nameOf(byte[] hash) {
    String found = "";
    for (Map.Entry<String, Token> entry : tokens.entrySet()) {
      if (entry.getValue().secret().matches(hash)) {
        found = entry.getKey();
      }
    }
    return found;
  }
}

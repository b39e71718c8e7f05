package dev.recall.client;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Asks one node, or what stands before several, over HTTP. */
final class HttpTransport implements Transport {

  /** For what is answered at once. */
  private static final int PROMPT_CONNECTIONS = 32;

  /** For what waits for a lock, or for another's result: the others must not wait behind it. */
  private static final int WAITING_CONNECTIONS = 256;

  /** Well before a node closes it, and it is asked in vain. */
  private static final int KEPT_SECONDS = 15;

  private final RequestOptions target;
  private final String prefix;
  private final HttpClient prompt;
  private final HttpClient waiting;

  /**
   * A way to a node.
   *
   * @param uri like {@code http://127.0.0.1:8080}
   * @throws IllegalArgumentException where it is not like that
   */
  HttpTransport(Vertx vertx, URI uri, Optional<String> token) {
    boolean isTls = "https".equals(uri.getScheme());
    if (uri.getHost() == null
        || uri.getUserInfo() != null
        || uri.getQuery() != null
        || !Set.of("http", "https").contains(uri.getScheme())) {
      throw new IllegalArgumentException("must be like http://127.0.0.1:8080: " + uri);
    }
    target =
        new RequestOptions()
            .setHost(uri.getHost())
            .setPort(uri.getPort() >= 0 ? uri.getPort() : isTls ? 443 : 80)
            .setSsl(isTls);
    token.ifPresent(secret -> target.putHeader("authorization", "Bearer " + secret));
    prefix = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
    prompt = client(vertx, PROMPT_CONNECTIONS);
    waiting = client(vertx, WAITING_CONNECTIONS);
  }

  private static HttpClient client(Vertx vertx, int connections) {
    return vertx.createHttpClient(
        new HttpClientOptions().setKeepAliveTimeout(KEPT_SECONDS),
        new PoolOptions().setHttp1MaxSize(connections));
  }

  @Override
  public <Q, R, A> Future<A> ask(Call<Q, R, A> call, Q request, Duration wait, Duration timeout) {
    HttpAsk ask = call.request().apply(request);
    HttpClient client = wait.isZero() ? prompt : waiting;
    Duration deadline = wait.plus(timeout);
    return exchange(client, ask, deadline)
        .recover(
            failure ->
                call.isRepeatable() && failure instanceof LostConnection
                    ? exchange(client, ask, deadline)
                    : Future.failedFuture(failure))
        .transform(
            (answer, failure) ->
                failure == null
                    ? told(call, request, answer)
                    : Future.failedFuture(
                        failure instanceof LostConnection ? lost(ask, failure) : failure));
  }

  private Future<HttpAnswer> exchange(HttpClient client, HttpAsk ask, Duration deadline) {
    RequestOptions options =
        new RequestOptions(target).setMethod(ask.method()).setURI(prefix + ask.path());
    ask.headers().forEach(options::putHeader);
    return new HttpExchange(deadline).of(client, options, ask.body());
  }

  private static <Q, R, A> Future<A> told(Call<Q, R, A> call, Q request, HttpAnswer answer) {
    if (answer.isRefusal()) {
      return Future.failedFuture(answer.refusal());
    }
    try {
      return Future.succeededFuture(call.answered().apply(request, answer));
    } catch (RuntimeException notAsAgreed) { // JSON, a number or a field that is something else
      String why =
          notAsAgreed instanceof FailureException fault ? fault.detail() : notAsAgreed.toString();
      return Future.failedFuture(
          Failure.ORIGIN_FAILED.because("the answer is not as agreed: " + why));
    }
  }

  private static FailureException lost(HttpAsk ask, Throwable why) {
    Failure failure =
        ask.method().equals(HttpMethod.GET) ? Failure.NO_SERVER : Failure.OUTCOME_UNKNOWN;
    return failure.because("the connection was lost before the answer: " + why.getMessage());
  }

  @Override
  public Future<Void> close() {
    return Future.join(prompt.close(), waiting.close()).mapEmpty();
  }
}

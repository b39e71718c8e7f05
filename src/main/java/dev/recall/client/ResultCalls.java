package dev.recall.client;

import static dev.recall.client.HttpAsk.path;

import dev.recall.api.CacheApi;
import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Define;
import dev.recall.api.ComputationsApi.Defined;
import dev.recall.api.InvalidationApi;
import dev.recall.api.LeaseApi;
import dev.recall.api.LeaseApi.Found;
import dev.recall.api.LeaseApi.Granted;
import dev.recall.api.LeaseApi.Release;
import dev.recall.api.Removed;
import dev.recall.failure.FailureException;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;

/** What can be asked of results and their making. */
final class ResultCalls {

  static final Call<CacheApi.Get, CacheApi.Result, String> GET =
      new Call<>(
          CacheApi.GET,
          CacheApi.Result::result,
          ask -> HttpAsk.of(HttpMethod.GET, path("results", ask.computation(), ask.input())),
          (ask, answer) -> answer.text(),
          true);

  static final Call<LeaseApi.Put, LeaseApi.Stored, Void> PUT =
      Call.silent(
          LeaseApi.PUT,
          put ->
              HttpAsk.text(
                      HttpMethod.PUT, path("results", put.computation(), put.input()), put.result())
                  .ifMatch(put.token()));

  static final Call<InvalidationApi.Delete, Removed, Void> FORGET =
      Call.silent(
          InvalidationApi.DELETE,
          ask -> HttpAsk.of(HttpMethod.DELETE, path("cache", ask.computation(), ask.input())));

  static final Call<InvalidationApi.Clear, Removed, Removed> CLEAR =
      Call.of(
          InvalidationApi.CLEAR,
          ask -> HttpAsk.of(HttpMethod.DELETE, path("cache", ask.computation())),
          (ask, answer) -> Removed.FORM.read(answer.json()));

  /** The lease to make a result, or that result. */
  record Taken(Optional<Granted> lease, String result) {

    private static Taken of(LeaseApi.Taken taken) {
      return taken instanceof Granted lease
          ? new Taken(Optional.of(lease), "")
          : new Taken(Optional.empty(), ((Found) taken).result().result());
    }

    private static Taken of(HttpAnswer answer) {
      return answer.isCreated()
          ? of(Granted.FORM.read(answer.json()))
          : new Taken(Optional.empty(), answer.text());
    }
  }

  static final Call<LeaseApi.Take, LeaseApi.Taken, Taken> TAKE =
      new Call<>(
          LeaseApi.TAKE,
          Taken::of,
          take ->
              HttpAsk.json(
                  HttpMethod.POST,
                  path("leases", take.computation(), take.input()),
                  LeaseApi.Take.FORM.json(take),
                  "computation",
                  "input"),
          (take, answer) -> Taken.of(answer),
          true);

  static final Call<LeaseApi.Renew, Granted, Granted> RENEW =
      Call.of(
          LeaseApi.RENEW,
          renew ->
              HttpAsk.json(
                      HttpMethod.PUT,
                      path("leases", renew.computation(), renew.input()),
                      LeaseApi.Renew.FORM.json(renew),
                      "computation",
                      "input",
                      "token")
                  .ifMatch(renew.token()),
          (renew, answer) -> Granted.FORM.read(answer.json()));

  static final Call<Release, Removed, Void> RELEASE =
      Call.silent(LeaseApi.RELEASE, ResultCalls::release);

  static final Call<Define, Defined, Defined> DEFINE =
      Call.of(
          ComputationsApi.DEFINE,
          ask ->
              HttpAsk.json(
                  HttpMethod.PUT, path("computations", ask.name()), ask.definition().copy()),
          (ask, answer) -> Defined.FORM.read(answer.json().put("created", answer.isCreated())));

  /** As much of a detail as a request line has room for, whatever its characters are. */
  private static final int MAX_DETAIL = 200;

  private ResultCalls() {}

  private static HttpAsk release(Release release) {
    String query =
        "?reason="
            + release.reason().word()
            + "&retry_after="
            + release.pause().plusMillis(999).toSeconds()
            + "&detail="
            + HttpAsk.escaped(FailureException.cut(release.detail(), MAX_DETAIL));
    return HttpAsk.of(
            HttpMethod.DELETE, path("leases", release.computation(), release.input()) + query)
        .ifMatch(release.token());
  }
}

package dev.recall.client;

import static dev.recall.client.HttpAsk.path;

import dev.recall.api.CounterApi;
import dev.recall.api.CounterApi.Add;
import dev.recall.api.CounterApi.Value;
import dev.recall.api.DocumentApi;
import dev.recall.api.DocumentApi.Document;
import dev.recall.api.DocumentApi.Stored;
import dev.recall.api.LockApi;
import dev.recall.api.LockApi.Acquire;
import dev.recall.api.LockApi.Held;
import dev.recall.api.LockApi.Renew;
import dev.recall.api.RateApi;
import dev.recall.api.Removed;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import java.util.OptionalLong;

/** What can be asked of counters, documents, locks and rate limits. */
final class StateCalls {

  static final Call<Add, Value, Value> ADD =
      Call.of(CounterApi.ADD, StateCalls::add, (add, answer) -> value(answer));

  static final Call<CounterApi.Get, Value, Value> COUNT =
      Call.of(
          CounterApi.GET,
          ask -> HttpAsk.of(HttpMethod.GET, path("counters", ask.id())),
          (ask, answer) -> value(answer));

  static final Call<CounterApi.Delete, Removed, Void> FORGET_COUNTER =
      Call.silent(
          CounterApi.DELETE, ask -> HttpAsk.of(HttpMethod.DELETE, path("counters", ask.id())));

  static final Call<DocumentApi.Get, Document, Document> GET =
      Call.of(
          DocumentApi.GET,
          ask -> HttpAsk.of(HttpMethod.GET, path("state", ask.namespace(), ask.key())),
          (ask, answer) -> new Document(answer.text(), answer.version()));

  static final Call<DocumentApi.Put, Stored, Stored> PUT =
      Call.of(DocumentApi.PUT, StateCalls::put, (put, answer) -> stored(answer)).once();

  static final Call<DocumentApi.Create, Stored, Stored> CREATE =
      Call.of(
              DocumentApi.CREATE,
              create ->
                  HttpAsk.text(
                      HttpMethod.POST, path("state", create.namespace()), create.document()),
              (create, answer) -> stored(answer))
          .once();

  static final Call<DocumentApi.Delete, Removed, Void> DELETE =
      Call.silent(
              DocumentApi.DELETE,
              delete ->
                  HttpAsk.of(HttpMethod.DELETE, path("state", delete.namespace(), delete.key()))
                      .ifMatch(version(delete.version())))
          .once();

  static final Call<DocumentApi.Rotate, Stored, Stored> ROTATE =
      Call.of(
              DocumentApi.ROTATE,
              rotate ->
                  HttpAsk.of(
                          HttpMethod.POST,
                          path("state", rotate.namespace(), rotate.key(), "rotate"))
                      .ifMatch(version(rotate.version())),
              (rotate, answer) -> stored(answer))
          .once();

  static final Call<Acquire, Held, Held> ACQUIRE =
      Call.of(
          LockApi.ACQUIRE,
          acquire ->
              HttpAsk.json(
                  HttpMethod.POST,
                  path("locks", acquire.name()),
                  Acquire.FORM.json(acquire),
                  "name"),
          (acquire, answer) -> Held.FORM.read(answer.json()));

  static final Call<Renew, Held, Held> RENEW =
      Call.of(
          LockApi.RENEW,
          renew ->
              HttpAsk.json(
                      HttpMethod.PUT,
                      path("locks", renew.name()),
                      Renew.FORM.json(renew),
                      "name",
                      "token")
                  .ifMatch(renew.token()),
          (renew, answer) -> Held.FORM.read(answer.json()));

  static final Call<LockApi.Release, Removed, Void> RELEASE =
      Call.silent(
          LockApi.RELEASE,
          release ->
              HttpAsk.of(HttpMethod.DELETE, path("locks", release.name()))
                  .ifMatch(release.token()));

  static final Call<RateApi.Take, RateApi.Taken, RateApi.Taken> TAKE =
      Call.of(
              RateApi.TAKE,
              take ->
                  HttpAsk.json(
                      HttpMethod.POST,
                      path("rate-limits", take.limit(), take.caller()),
                      RateApi.Take.FORM.json(take),
                      "limit",
                      "caller"),
              (take, answer) -> RateApi.Taken.FORM.read(answer.json()))
          .once();

  private StateCalls() {}

  private static HttpAsk add(Add add) {
    HttpAsk ask =
        HttpAsk.json(
            HttpMethod.POST,
            path("counters", add.id()),
            Add.FORM.json(add),
            "id",
            "idempotency_key");
    return add.idempotencyKey().map(key -> ask.header("idempotency-key", key)).orElse(ask);
  }

  private static HttpAsk put(DocumentApi.Put put) {
    HttpAsk ask =
        HttpAsk.text(HttpMethod.PUT, path("state", put.namespace(), put.key()), put.document());
    HttpAsk whole =
        put.fence()
            .map(
                fence ->
                    ask.header("lock-fence", HttpAsk.escaped(fence.lock()) + ";" + fence.number()))
            .orElse(ask);
    return put.version().isPresent()
        ? whole.ifMatch(version(put.version()))
        : whole.header("if-none-match", "*");
  }

  private static Optional<Long> version(OptionalLong version) {
    return version.isPresent() ? Optional.of(version.getAsLong()) : Optional.empty();
  }

  private static Value value(HttpAnswer answer) {
    return Value.FORM.read(answer.json());
  }

  private static Stored stored(HttpAnswer answer) {
    return Stored.FORM.read(answer.json().put("created", answer.isCreated()));
  }
}

package dev.recall.http;

import dev.recall.api.DocumentApi;
import dev.recall.api.DocumentApi.Create;
import dev.recall.api.DocumentApi.Delete;
import dev.recall.api.DocumentApi.Document;
import dev.recall.api.DocumentApi.Fence;
import dev.recall.api.DocumentApi.Get;
import dev.recall.api.DocumentApi.Put;
import dev.recall.api.DocumentApi.Rotate;
import dev.recall.api.DocumentApi.Stored;
import dev.recall.api.Fields;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.Requester;
import dev.recall.config.Scope;
import dev.recall.failure.Failure;
import dev.recall.form.Field;
import dev.recall.form.Given;
import dev.recall.http.kit.Conditions;
import dev.recall.http.kit.Gate;
import dev.recall.http.kit.HeaderValue;
import dev.recall.http.kit.PathValue;
import dev.recall.http.kit.RequestBody;
import dev.recall.http.kit.Resource;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v1/state/{namespace}/{key}}: documents with a version. */
final class DocumentRoutes {

  private static final int CREATED = 201;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final String ROTATE = "/rotate";
  private static final String LOCK_FENCE = "Lock-Fence";
  private static final Pattern FENCE = Pattern.compile("(.*);([0-9]{1,18})");

  private final Set<String> namespaces;
  private final Requester<Get, Document> get;
  private final Requester<Put, Stored> put;
  private final Requester<Create, Stored> create;
  private final Requester<Delete, Removed> delete;
  private final Requester<Rotate, Stored> rotate;

  DocumentRoutes(Bus bus, Duration deadline, Set<String> namespaces) {
    this.namespaces = namespaces;
    get = bus.requester(DocumentApi.GET.local(), deadline);
    put = bus.requester(DocumentApi.PUT.local(), deadline);
    create = bus.requester(DocumentApi.CREATE.local(), deadline);
    delete = bus.requester(DocumentApi.DELETE.local(), deadline);
    rotate = bus.requester(DocumentApi.ROTATE.local(), deadline);
  }

  void mountOn(Gate gate) {
    gate.under("/v1/state/:namespace/", "key")
        .read(this::get)
        .on(HttpMethod.PUT, Scope.WRITE, this::put)
        .on(HttpMethod.DELETE, Scope.WRITE, this::delete)
        .only();
    gate.at("/v1/state/:namespace").on(HttpMethod.POST, Scope.WRITE, this::create).only();
    gate.at("/v1/state/:namespace/:key" + ROTATE)
        .on(HttpMethod.POST, Scope.WRITE, this::rotate)
        .only();
  }

  private void get(RoutingContext context) {
    Get ask = Get.FORM.read(namespace(context), key(context));
    Resource.answer(context, get.request(ask), document -> send(context, document));
  }

  private void put(RoutingContext context) {
    String namespace = namespace(context).text();
    Given key = key(context);
    String document = RequestBody.text(context);
    OptionalLong replaced = Conditions.replaced(context);
    Optional<Fence> fence = fence(context);
    Put ask = new Put(namespace, Fields.KEY.require(key), document, replaced, fence);
    Resource.answer(context, put.request(ask), stored -> send(context, stored));
  }

  private void create(RoutingContext context) {
    Create ask = new Create(unfenced(context).text(), RequestBody.text(context));
    Resource.answer(context, create.request(ask), stored -> sendLocated(context, stored));
  }

  private void delete(RoutingContext context) {
    String namespace = unfenced(context).text();
    Given key = key(context);
    OptionalLong version = Conditions.version(context);
    Delete ask = new Delete(namespace, Fields.KEY.require(key), version);
    Resource.answer(
        context, delete.request(ask), removed -> Resource.sendNothing(context, NO_CONTENT));
  }

  private void rotate(RoutingContext context) {
    String namespace = unfenced(context).text();
    Given key = PathValue.before(context, ROTATE, Fields.KEY, "key");
    OptionalLong version = Conditions.version(context);
    Rotate ask = new Rotate(namespace, Fields.KEY.require(key), version);
    Resource.answer(context, rotate.request(ask), stored -> sendLocated(context, stored));
  }

  // Known before anything else of the request matters.
  private Given namespace(RoutingContext context) {
    String namespace = context.pathParam("namespace");
    if (!namespaces.contains(namespace)) {
      throw Failure.NO_SUCH_NAMESPACE.because("there is no namespace " + namespace);
    }
    return Fields.NAMESPACE.inPath("namespace", namespace);
  }

  private static Given key(RoutingContext context) {
    return PathValue.last(context, Fields.KEY, "key");
  }

  /** Who sends a fence counts on its being checked. */
  private Given unfenced(RoutingContext context) {
    Given namespace = namespace(context);
    if (context.request().headers().contains(LOCK_FENCE)) {
      throw Failure.MALFORMED.because("Lock-Fence is checked by PUT alone");
    }
    return namespace;
  }

  /** {@code Lock-Fence: <name>;<n>}, the name as in a path. */
  private static Optional<Fence> fence(RoutingContext context) {
    return HeaderValue.of(context, LOCK_FENCE).map(DocumentRoutes::fence);
  }

  private static Fence fence(String header) {
    Matcher fence = FENCE.matcher(header);
    if (!fence.matches()) {
      throw Failure.MALFORMED.because(
          "Lock-Fence must be the name of a lock, ';' and a number of at most 18 digits");
    }
    String lock = PathValue.decodeHeader(fence.group(1), "lock-fence");
    Field<String> field = Fields.LOCK.named("lock-fence");
    field.require(field.inHeader("lock-fence", Optional.of(lock)));
    return new Fence(lock, Long.parseLong(fence.group(2)));
  }

  private static void send(RoutingContext context, Document document) {
    String tag = putTag(context, document.version());
    context.response().putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    if (Conditions.isKnown(context, tag)) {
      Resource.sendNothing(context, NOT_MODIFIED);
    } else {
      Resource.sendJson(context, document.document());
    }
  }

  private static void sendLocated(RoutingContext context, Stored stored) {
    context
        .response()
        .putHeader(HttpHeaders.LOCATION, "/v1/state/" + stored.namespace() + "/" + stored.key());
    send(context, stored);
  }

  private static void send(RoutingContext context, Stored stored) {
    putTag(context, stored.version());
    if (stored.created()) {
      context.response().setStatusCode(CREATED);
    }
    Resource.sendJson(context, Stored.VIEW.encode(stored));
  }

  private static String putTag(RoutingContext context, long version) {
    String tag = "\"" + version + "\"";
    context.response().putHeader(HttpHeaders.ETAG, tag);
    return tag;
  }
}

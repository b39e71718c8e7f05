package dev.recall.bench;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes a lock of its own and releases it; {@code lock-and-release.lua} does the same for all
 * connections.
 */
final class Holder implements Caller {

  private static final int CREATED = 201;

  private final String path;
  private @Nullable String token;

  Holder(String locks, String name) {
    path = locks + "/" + name;
  }

  @Override
  public Ask next() {
    return token == null
        ? new Ask(HttpMethod.POST, path, "{\"ttl_ms\":30000}")
        : new Ask(HttpMethod.DELETE, path, Map.of("if-match", "\"" + token + "\""));
  }

  @Override
  public void answered(int status, MultiMap headers, String body) {
    token = status == CREATED ? new JsonObject(body).getString("token") : null;
  }
}

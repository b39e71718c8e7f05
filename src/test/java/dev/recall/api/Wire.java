package dev.recall.api;

import dev.recall.form.Form;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.stream.Collectors;

/** What a message of the cluster is on the wire: the text of its JSON, and its headers. */
record Wire(String body, Map<String, String> headers) {

  static <T> Wire of(Form<T> form, T message) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    JsonObject body = form.write(message, headers);
    return new Wire(
        body.encode(),
        headers.entries().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  static <T> T read(Form<T> form, String body, Map<String, String> headers) {
    return form.read(new JsonObject(body), MultiMap.caseInsensitiveMultiMap().addAll(headers));
  }

  <T> T readAs(Form<T> form) {
    return read(form, body, headers);
  }
}

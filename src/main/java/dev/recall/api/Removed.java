package dev.recall.api;

import dev.recall.bus.Form;
import io.vertx.core.json.JsonObject;

/**
 * It is gone.
 *
 * @param removed how many there were
 */
public record Removed(long removed) {
  static final Form<Removed> FORM =
      Form.json(
          done -> new JsonObject().put("removed", done.removed),
          json -> new Removed(json.integer("removed", 0)));
}

package dev.recall.api;

import dev.recall.bus.Form;
import dev.recall.bus.Service;
import io.vertx.core.json.JsonObject;

/** How results are forgotten. */
public final class InvalidationApi {

  /** Forgets one result, on every node, and whatever is being computed for it now. */
  public static final Service<Delete, Removed> DELETE =
      Service.named("cache.delete", Delete.FORM, Removed.FORM);

  /** Forgets all results of a computation. */
  public static final Service<Clear, Removed> CLEAR =
      Service.named("cache.clear", Clear.FORM, Removed.FORM);

  private InvalidationApi() {}

  /**
   * Which result.
   *
   * @param computation a name, like {@code fib}
   * @param input what it is computed from, as its caller wrote it
   */
  public record Delete(String computation, String input) {
    static final Form<Delete> FORM =
        Form.request(
            ask -> new JsonObject().put("computation", ask.computation).put("input", ask.input),
            json -> new Delete(json.text("computation"), json.text("input")));
  }

  /**
   * Of which computation.
   *
   * @param computation a name, like {@code fib}
   */
  public record Clear(String computation) {
    static final Form<Clear> FORM =
        Form.request(
            ask -> new JsonObject().put("computation", ask.computation),
            json -> new Clear(json.text("computation")));
  }
}

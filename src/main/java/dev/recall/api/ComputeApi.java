package dev.recall.api;

import dev.recall.bus.Address;
import dev.recall.bus.Failure;
import dev.recall.bus.Form;
import io.vertx.core.json.JsonObject;

/** What the workers of any node are asked and answer. */
public final class ComputeApi {

  private ComputeApi() {}

  /** A computation on this node, refused as {@link Failure#OVERLOADED} unless a worker is free. */
  public static Address.Local<Ask, Answer> here(String computation) {
    return new Address.Local<>("recall.local.compute." + computation);
  }

  /** A computation on any node, where it may wait for a worker. */
  public static Address.Cluster<Ask, Answer> of(String computation) {
    return new Address.Cluster<>("recall.v1.compute." + computation, Ask.FORM, Answer.FORM);
  }

  /**
   * Asks for a computation.
   *
   * @param input what to compute from, as its caller wrote it
   */
  public record Ask(String input) {
    static final Form<Ask> FORM =
        Form.request(
            ask -> new JsonObject().put("input", ask.input), json -> new Ask(json.text("input")));
  }

  /**
   * A result.
   *
   * @param computation its name
   * @param input what it was computed from, in canonical form
   * @param result exact
   */
  public record Answer(String computation, String input, String result) {
    static final Form<Answer> FORM =
        Form.json(
            answer ->
                new JsonObject()
                    .put("computation", answer.computation)
                    .put("input", answer.input)
                    .put("result", answer.result),
            json -> new Answer(json.text("computation"), json.text("input"), json.text("result")));
  }
}

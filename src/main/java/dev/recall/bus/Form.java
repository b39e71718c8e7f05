package dev.recall.bus;

import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** How a message crosses the cluster: as a JSON object, with headers beside it. */
public interface Form<T> {

  /** The body to send; facts about it go into the headers. */
  Object write(T message, MultiMap headers);

  /**
   * The message that was received.
   *
   * @throws FailureException {@link Failure#INVALID} where body or headers are not of this form
   */
  T read(Object body, MultiMap headers);

  /**
   * The message that was received; it is decoded only now.
   *
   * @throws FailureException {@link Failure#MALFORMED} where it is in no form at all: broken JSON,
   *     or an object of some class, none of which is taken from the wire
   */
  default T read(Message<?> message) {
    Object body;
    MultiMap headers;
    try {
      body = message.body();
      headers = message.headers();
    } catch (RuntimeException undecodable) {
      throw Failure.MALFORMED.because("the message cannot be read; its body must be a JSON object");
    }
    return read(body, headers);
  }

  /** A JSON object of which every field is known; any other is refused. */
  static <T> Form<T> request(Function<T, JsonObject> write, Function<JsonReader, T> read) {
    return request(write, (message, headers) -> {}, read);
  }

  /** The same, and headers for facts about it. */
  static <T> Form<T> request(
      Function<T, JsonObject> write,
      BiConsumer<T, MultiMap> writeHeaders,
      Function<JsonReader, T> read) {
    return new Form<>() {
      @Override
      public Object write(T message, MultiMap headers) {
        writeHeaders.accept(message, headers);
        return write.apply(message);
      }

      @Override
      public T read(Object body, MultiMap headers) {
        return JsonReader.readExactly(body, headers, Map.of(), read);
      }
    };
  }

  /** A JSON object that says everything; fields that a later version adds are passed over. */
  static <T> Form<T> json(Function<T, JsonObject> write, Function<JsonReader, T> read) {
    return json(write, (message, headers) -> {}, read);
  }

  /** A JSON object, and headers for the facts about it. */
  static <T> Form<T> json(
      Function<T, JsonObject> write,
      BiConsumer<T, MultiMap> writeHeaders,
      Function<JsonReader, T> read) {
    return new Form<>() {
      @Override
      public Object write(T message, MultiMap headers) {
        writeHeaders.accept(message, headers);
        return write.apply(message);
      }

      @Override
      public T read(Object body, MultiMap headers) {
        return JsonReader.read(body, headers, read);
      }
    };
  }
}

package dev.recall.form;

import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a message is written as a JSON object, with headers beside it, and read again: its parts, in
 * the order of its constructor.
 */
public final class Form<T> {

  private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();
  private static final JsonObject NO_BODY = new JsonObject();

  private final View<T> view;
  private final Set<String> names;
  private final Function<JsonReader, T> read;
  private final boolean exact;

  private Form(List<Part<T, ?>> parts, Function<JsonReader, T> read) {
    this(new View<>(parts), View.names(parts), read, false);
  }

  private Form(View<T> view, Set<String> names, Function<JsonReader, T> read, boolean exact) {
    this.view = view;
    this.names = names;
    this.read = read;
    this.exact = exact;
  }

  /** Makes a message of three values. */
  public interface Make3<A, B, C, T> {
    T of(A a, B b, C c);
  }

  /** Makes a message of four values. */
  public interface Make4<A, B, C, D, T> {
    T of(A a, B b, C c, D d);
  }

  /** Makes a message of five values. */
  public interface Make5<A, B, C, D, E, T> {
    T of(A a, B b, C c, D d, E e);
  }

  /** Makes a message of six values. */
  public interface Make6<A, B, C, D, E, F, T> {
    T of(A a, B b, C c, D d, E e, F f);
  }

  /** A message without parts. */
  public static <T> Form<T> of(Supplier<T> make) {
    return new Form<>(List.of(), reader -> make.get());
  }

  /** A message of one part. */
  public static <T, A> Form<T> of(Function<A, T> make, Part<T, A> a) {
    return new Form<>(List.of(a), reader -> make.apply(a.read(reader)));
  }

  /** A message of two parts. */
  public static <T, A, B> Form<T> of(BiFunction<A, B, T> make, Part<T, A> a, Part<T, B> b) {
    return new Form<>(List.of(a, b), reader -> make.apply(a.read(reader), b.read(reader)));
  }

  /** A message of three parts. */
  public static <T, A, B, C> Form<T> of(
      Make3<A, B, C, T> make, Part<T, A> a, Part<T, B> b, Part<T, C> c) {
    return new Form<>(
        List.of(a, b, c), reader -> make.of(a.read(reader), b.read(reader), c.read(reader)));
  }

  /** A message of four parts. */
  public static <T, A, B, C, D> Form<T> of(
      Make4<A, B, C, D, T> make, Part<T, A> a, Part<T, B> b, Part<T, C> c, Part<T, D> d) {
    return new Form<>(
        List.of(a, b, c, d),
        reader -> make.of(a.read(reader), b.read(reader), c.read(reader), d.read(reader)));
  }

  /** A message of five parts. */
  public static <T, A, B, C, D, E> Form<T> of(
      Make5<A, B, C, D, E, T> make,
      Part<T, A> a,
      Part<T, B> b,
      Part<T, C> c,
      Part<T, D> d,
      Part<T, E> e) {
    return new Form<>(
        List.of(a, b, c, d, e),
        reader ->
            make.of(
                a.read(reader), b.read(reader), c.read(reader), d.read(reader), e.read(reader)));
  }

  /** A message of six parts. */
  public static <T, A, B, C, D, E, F> Form<T> of(
      Make6<A, B, C, D, E, F, T> make,
      Part<T, A> a,
      Part<T, B> b,
      Part<T, C> c,
      Part<T, D> d,
      Part<T, E> e,
      Part<T, F> f) {
    return new Form<>(
        List.of(a, b, c, d, e, f),
        reader ->
            make.of(
                a.read(reader),
                b.read(reader),
                c.read(reader),
                d.read(reader),
                e.read(reader),
                f.read(reader)));
  }

  /** One of two messages: that which has a field, or another. */
  public static <T, A extends T, B extends T> Form<T> either(
      String field, Class<A> with, Form<A> has, Class<B> without, Form<B> hasNot) {
    View<T> view =
        new View<>(
            List.of(
                has.of(message -> with.isInstance(message) ? with.cast(message) : null),
                hasNot.of(message -> without.isInstance(message) ? without.cast(message) : null)));
    return new Form<>(
        view,
        Stream.of(has.names, hasNot.names).flatMap(Set::stream).collect(Collectors.toSet()),
        reader -> reader.has(field) ? has.readFrom(reader) : hasNot.readFrom(reader),
        false);
  }

  /** The same; a field that it does not know is refused. */
  public Form<T> exactly() {
    return new Form<>(view, names, read, true);
  }

  /** The same, and what is written besides, for others to read. */
  public Form<T> with(Part<T, ?> more) {
    return new Form<>(view.with(more), names, read, exact);
  }

  /** Its parts as parts of a larger message; where that has none, nothing is written. */
  public <M> Part<M, T> of(Function<M, @Nullable T> getter) {
    return new Part<>() {
      @Override
      public T read(JsonReader reader) {
        return readFrom(reader);
      }

      @Override
      public void write(M message, Sink sink) {
        T part = getter.apply(message);
        if (part != null) {
          view.write(part, sink);
        }
      }

      @Override
      public Set<String> names() {
        return names;
      }
    };
  }

  /** The body to send; facts about it go into the headers. */
  public JsonObject write(T message, MultiMap headers) {
    JsonObject body = new JsonObject();
    view.write(
        message,
        new Part.Sink() {
          @Override
          public void field(String name, Object value) {
            body.put(name, value);
          }

          @Override
          public void header(String name, String text) {
            headers.add(name, text);
          }
        });
    return body;
  }

  /** The body alone. */
  public JsonObject json(T message) {
    return view.json(message);
  }

  /** The text of the body, without a space. */
  public String encode(T message) {
    return view.encode(message);
  }

  /**
   * The message that was received.
   *
   * @throws FailureException {@link Failure#INVALID} with every fault of body and headers
   */
  public T read(@Nullable Object body, MultiMap headers) {
    return JsonReader.read(body, headers, JsonReader.NOWHERE_ELSE, known(), read);
  }

  /**
   * A message whose fields stand in several places.
   *
   * @param given those that do not stand in the body
   * @throws FailureException {@link Failure#INVALID} with every fault
   */
  public T read(@Nullable Object body, Given... given) {
    return JsonReader.read(body, NO_HEADERS, given, known(), read);
  }

  /** The same, without a body. */
  public T read(Given... given) {
    return read(NO_BODY, given);
  }

  /**
   * The message that was received; it is decoded only now.
   *
   * @throws FailureException {@link Failure#MALFORMED} where it is in no form at all: broken JSON,
   *     or an object of some class, none of which is taken from the wire
   */
  public T read(Message<?> message) {
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

  T readFrom(JsonReader reader) {
    return read.apply(reader);
  }

  private Optional<Set<String>> known() {
    return exact ? Optional.of(names) : Optional.empty();
  }
}

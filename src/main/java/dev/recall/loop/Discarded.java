package dev.recall.loop;

import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.impl.MessageConsumerImpl;
import java.util.function.Consumer;

/** Messages that were on their way to a consumer when it went. */
public final class Discarded {

  private Discarded() {}

  /** Tells of each of them. */
  public static <T> void tell(MessageConsumer<T> consumer, Consumer<T> late) {
    ((MessageConsumerImpl<T>) consumer).discardHandler(message -> late.accept(message.body()));
  }
}

package dev.recall.redis;

import io.vertx.redis.client.Response;

/**
 * What a script answers that has two things to say: a number, a space and the rest. Redis 6.2 takes
 * three times as long for an array.
 */
record ScriptReply(long first, String rest) {

  static ScriptReply of(Response reply) {
    String text = reply.toString();
    int space = text.indexOf(' ');
    return new ScriptReply(Long.parseLong(text, 0, space, 10), text.substring(space + 1));
  }
}

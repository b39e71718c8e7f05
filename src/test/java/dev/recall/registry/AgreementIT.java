package dev.recall.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.redis.RedisCli;
import dev.recall.redis.bundled.SharedRedis;
import dev.recall.testing.Node;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes on one Redis whose settings define computations. */
class AgreementIT {

  private static final RedisCli REDIS = new RedisCli(SharedRedis.url());

  @BeforeEach
  void empty() {
    REDIS.run("FLUSHALL");
  }

  @AfterAll
  static void close() {
    REDIS.close();
  }

  private static Node node(String ttl) {
    return Node.started(
        "redis.url=" + SharedRedis.url(),
        "computations.shop.by=callers",
        "computations.shop.ttl=" + ttl);
  }

  private static String health(Node node) {
    return node.manage("/health/ready").body();
  }

  @Test
  void ready_whenAnotherNodeDefinesItOtherwise_saysWhat() {
    try (Node first = node("60s");
        Node second = node("61s")) {
      assertThat(health(first)).startsWith("{\"status\":\"ready\"");
      assertThat(health(second))
          .startsWith("{\"status\":\"degraded\"")
          .contains("another node's settings define otherwise: shop");
    }
  }

  @Test
  void ready_whenAllDefineTheSame_isReady() {
    try (Node first = node("60s");
        Node second = node("60s")) {
      assertThat(health(first)).startsWith("{\"status\":\"ready\"");
      assertThat(health(second)).startsWith("{\"status\":\"ready\"");
    }
  }

  @Test
  void ready_whenTheOtherNodeHasLeft_isReady() {
    node("61s").close();

    try (Node node = node("60s")) {
      assertThat(health(node)).startsWith("{\"status\":\"ready\"");
    }
  }

  @Test
  void ready_whenANodeDiedLongAgo_isReadyAndForgetsIt() {
    REDIS.run("HSET", "recall:nodes", "dead", "{\"at\":1,\"says\":{\"shop\":\"x\"}}", "odd", "[");

    try (Node node = node("60s")) {
      assertThat(health(node)).startsWith("{\"status\":\"ready\"");
      assertThat(REDIS.run("HLEN", "recall:nodes")).isEqualTo("1");
    }
  }

  @Test
  void node_withoutDefinitionsInItsSettings_saysNothing() {
    try (Node node = Node.started("redis.url=" + SharedRedis.url())) {
      assertThat(health(node)).startsWith("{\"status\":\"ready\"");
      assertThat(REDIS.run("EXISTS", "recall:nodes")).isEqualTo("0");
    }
  }
}

package dev.recall.client;

import dev.recall.testing.Node;
import io.vertx.core.Vertx;
import java.net.URI;

/** The ways that a client asks. */
enum Way {
  BUS {
    @Override
    RecallClient client(Vertx application, Node node, ClientOptions options) {
      return RecallClient.overBus(application, options);
    }
  },
  HTTP {
    @Override
    RecallClient client(Vertx application, Node node, ClientOptions options) {
      return RecallClient.overHttp(
          application, URI.create("http://127.0.0.1:" + node.httpPort()), options);
    }
  };

  /** A client of an application that has joined the cluster of the node. */
  abstract RecallClient client(Vertx application, Node node, ClientOptions options);
}

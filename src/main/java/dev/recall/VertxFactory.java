package dev.recall;

import dev.recall.config.ConfDirectory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Objects;
import java.util.stream.Stream;

/** Makes the Vert.x of a node: the fastest transport of this machine, clustered or not. */
final class VertxFactory {

  /** Event loops of a node: one for each processor, since none ever blocks. */
  static final int LOOPS = Runtime.getRuntime().availableProcessors();

  private VertxFactory() {}

  /**
   * A Vert.x instance.
   *
   * @param conf has {@code cluster.xml}
   */
  static Future<Vertx> create(boolean cluster, ConfDirectory conf) {
    VertxOptions options =
        new VertxOptions()
            .setEventLoopPoolSize(LOOPS)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setClassPathResolvingEnabled(false)
                    .setFileCachingEnabled(false));
    VertxBuilder builder = Vertx.builder().with(options).withTransport(fastestTransport());
    if (!cluster) {
      return Future.succeededFuture(builder.build());
    }
    return builder
        .withClusterManager(new HazelcastClusterManager(ClusterConfig.of(conf)))
        .buildClustered();
  }

  private static Transport fastestTransport() {
    return Stream.of(Transport.IO_URING, Transport.EPOLL)
        .filter(Objects::nonNull)
        .filter(Transport::available)
        .findFirst()
        .orElse(Transport.NIO);
  }
}

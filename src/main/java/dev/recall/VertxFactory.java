package dev.recall;

import dev.recall.config.ConfDirectory;
import dev.recall.edge.AcceptedChannels;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the Vert.x of a node: the fastest transport of this machine, clustered or not. */
public final class VertxFactory {

  private static final Logger LOG = LoggerFactory.getLogger(VertxFactory.class);

  /** Event loops of a node: one for each processor, since none ever blocks. */
  public static final int LOOPS = Runtime.getRuntime().availableProcessors();

  private VertxFactory() {}

  /**
   * A Vert.x instance, on the fastest transport that works here. That one is available says little
   * (the rings of io_uring count against the memory that a user may lock), so each is tried.
   *
   * @param conf has {@code cluster.xml}
   */
  public static Future<Vertx> create(boolean cluster, ConfDirectory conf) {
    AcceptedChannels.enable();
    VertxBuilder builder = Vertx.builder().with(options());
    if (cluster) {
      builder.withClusterManager(new HazelcastClusterManager(ClusterConfig.of(conf)));
    }
    for (@Nullable Transport candidate : Arrays.asList(Transport.IO_URING, Transport.EPOLL)) {
      if (candidate != null && candidate.available()) {
        try {
          return build(builder.withTransport(candidate), cluster);
        } catch (RuntimeException | LinkageError unusable) {
          LOG.info("{} does not work here: {}", candidate.name(), rootMessage(unusable));
        }
      }
    }
    return build(builder.withTransport(Transport.NIO), cluster);
  }

  /**
   * Builds it.
   *
   * @throws RuntimeException where the transport makes no event loops
   */
  private static Future<Vertx> build(VertxBuilder builder, boolean cluster) {
    return cluster ? builder.buildClustered() : Future.succeededFuture(builder.build());
  }

  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(LOOPS)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  private static String rootMessage(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}

package dev.recall.testing;

import com.hazelcast.config.XmlConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A cluster of its own, as the shipped file describes it: another may be running on this machine.
 */
public final class Cluster {

  private final Path conf;
  private final Path file;

  /**
   * One that nobody has joined.
   *
   * @param conf an empty directory
   */
  public Cluster(Path conf) throws IOException {
    this(conf, conf.resolve("cluster.xml"));
    String shipped = Files.readString(Path.of("conf/cluster.xml"));
    String own = ">recall-" + ProcessHandle.current().pid() + "-" + conf.getFileName() + "<";
    Files.writeString(file, shipped.replace(">recall<", own));
  }

  private Cluster(Path conf, Path file) {
    this.conf = conf;
    this.file = file;
  }

  /** The one that another process has described in a directory. */
  public static Cluster described(Path conf) {
    return new Cluster(conf, conf.resolve("cluster.xml"));
  }

  /** A node that has joined it. */
  public Node node(String... flags) {
    return Node.started(
        conf, Stream.concat(Stream.of("cluster=true"), Stream.of(flags)).toArray(String[]::new));
  }

  /** Another application that has joined it. */
  public Vertx application() throws IOException {
    return Node.await(
        Vertx.builder()
            .withClusterManager(
                new HazelcastClusterManager(new XmlConfigBuilder(file.toString()).build()))
            .buildClustered());
  }
}

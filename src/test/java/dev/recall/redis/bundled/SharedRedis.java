package dev.recall.redis.bundled;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Redis that all integration tests of one run share: a container where Docker answers, else the
 * bundled server. It ends with the run.
 */
public final class SharedRedis {

  private static final Logger LOG = LoggerFactory.getLogger(SharedRedis.class);
  private static final String PINNED_IMAGE = "redis:7.4.2-alpine";
  private static final int PORT = 6379;

  private static final String URL = start();

  private SharedRedis() {}

  public static String url() {
    return URL;
  }

  private static String start() {
    String image = System.getenv().getOrDefault("REDIS_IMAGE", PINNED_IMAGE);
    try {
      // Even this fetches an image, that of what stops the others.
      if (DockerClientFactory.instance().isDockerAvailable()) {
        String url = container(image);
        LOG.info("Integration tests use a container of {}", image);
        return url;
      }
    } catch (ContainerFetchException unavailable) {
      LOG.warn("Docker answers, but cannot run {}: {}", image, unavailable.getMessage());
    }
    LOG.info("Integration tests use a redis-server process: no container is to be had");
    RedisProcess redis = new RedisProcess();
    Runtime.getRuntime().addShutdownHook(new Thread(redis::close));
    return redis.url();
  }

  @SuppressWarnings("resource") // it lives as long as this JVM, and is stopped below
  private static String container(String image) {
    GenericContainer<?> redis =
        new GenericContainer<>(DockerImageName.parse(image)).withExposedPorts(PORT);
    redis.start();
    Runtime.getRuntime().addShutdownHook(new Thread(redis::stop));
    return "redis://" + redis.getHost() + ":" + redis.getMappedPort(PORT);
  }
}

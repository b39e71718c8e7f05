package dev.recall;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.instance.EndpointQualifier;
import dev.recall.config.BadSettings;
import dev.recall.config.ConfDirectory;
import java.io.ByteArrayInputStream;
import java.io.ObjectInputFilter;
import java.util.Set;

/**
 * The cluster that {@code cluster.xml} describes, and what holds whatever it says: the port is for
 * members alone, not for clients, and of Java's serialization nothing is read but the exceptions
 * that members tell each other.
 */
final class ClusterConfig {

  /** An exception has a message, a cause and a trace; nothing that a member sends has more. */
  private static final String LIMITS =
      "maxarray=10000;maxdepth=100;maxrefs=100000;maxbytes=1000000";

  private ClusterConfig() {}

  /**
   * What a member is made with.
   *
   * @param conf has {@code cluster.xml}
   * @throws BadSettings where that cannot be read
   */
  static Config of(ConfDirectory conf) {
    System.setProperty("hazelcast.logging.type", "slf4j"); // also while it reads the file
    try {
      Config config =
          new XmlConfigBuilder(new ByteArrayInputStream(conf.read("cluster.xml"))).build();
      admitMembersOnly(config);
      readExceptionsOnly(config);
      return config;
    } catch (InvalidConfigurationException invalid) {
      throw new BadSettings("cluster.xml: " + invalid.getMessage());
    }
  }

  // Only the advanced form of a network's description has an end for members alone.
  private static void admitMembersOnly(Config config) {
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
    if (!network.isEnabled()) {
      network
          .setEnabled(true)
          .setJoin(config.getNetworkConfig().getJoin())
          .setMemberAddressProviderConfig(
              config.getNetworkConfig().getMemberAddressProviderConfig())
          .setMemberEndpointConfig(members(config.getNetworkConfig()));
    }
    network.getEndpointConfigs().keySet().retainAll(Set.of(EndpointQualifier.MEMBER));
  }

  private static ServerSocketEndpointConfig members(NetworkConfig simple) {
    ServerSocketEndpointConfig end = new ServerSocketEndpointConfig();
    end.setPort(simple.getPort())
        .setPortCount(simple.getPortCount())
        .setPortAutoIncrement(simple.isPortAutoIncrement())
        .setReuseAddress(simple.isReuseAddress())
        .setPublicAddress(simple.getPublicAddress())
        .setInterfaces(simple.getInterfaces())
        .setSSLConfig(simple.getSSLConfig());
    if (simple.getOutboundPorts() != null) {
      end.setOutboundPorts(simple.getOutboundPorts());
    }
    if (simple.getOutboundPortDefinitions() != null) {
      end.setOutboundPortDefinitions(simple.getOutboundPortDefinitions());
    }
    return end;
  }

  private static void readExceptionsOnly(Config config) {
    ClassFilter exceptions =
        new ClassFilter()
            .addPackages("java.lang")
            .addPrefixes("com.hazelcast.", "[Ljava.lang.StackTraceElement;")
            .addClasses(
                "java.io.EOFException",
                "java.io.IOException",
                "java.util.ArrayList",
                "java.util.Collections$EmptyList",
                "java.util.Collections$UnmodifiableCollection",
                "java.util.Collections$UnmodifiableList",
                "java.util.concurrent.CancellationException",
                "java.util.concurrent.CompletionException",
                "java.util.concurrent.ExecutionException",
                "java.util.concurrent.TimeoutException");
    config
        .getSerializationConfig()
        .setJavaSerializationFilterConfig(
            new JavaSerializationFilterConfig().setDefaultsDisabled(true).setWhitelist(exceptions));
    // Of the whole process, and once: what a list of classes does not bound is how much of them.
    if (ObjectInputFilter.Config.getSerialFilter() == null) {
      ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter(LIMITS));
    }
  }
}

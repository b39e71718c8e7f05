package dev.recall.config;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Addresses, by the networks they belong to. */
public final class Networks {

  private static final String NONE = "none";

  private final String text;
  private final List<IpSubnetFilterRule> rules;

  /**
   * Networks as they are set.
   *
   * @param text like {@code 127.0.0.0/8 ::1/128 10.1.2.3}, or {@code none}
   * @throws IllegalArgumentException where one is none
   */
  public Networks(String text) {
    this.text = text;
    rules =
        text.equals(NONE)
            ? List.of()
            : Stream.of(text.trim().split("[ ,]+", -1)).map(Networks::rule).toList();
  }

  private static IpSubnetFilterRule rule(String network) {
    int slash = network.indexOf('/');
    String address = slash < 0 ? network : network.substring(0, slash);
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    try {
      if (bytes == null) {
        throw new IllegalArgumentException("a name would be looked up");
      }
      int bits = slash < 0 ? 8 * bytes.length : Integer.parseInt(network.substring(slash + 1));
      return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
    } catch (RuntimeException invalid) {
      throw new IllegalArgumentException(
          "must be networks like 127.0.0.0/8 or ::1/128: " + network);
    }
  }

  /** Whether an address is in one of them. */
  public boolean contain(InetAddress address) {
    InetSocketAddress socket = new InetSocketAddress(address, 0);
    return rules.stream().anyMatch(rule -> rule.matches(socket));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Networks networks && networks.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}

package dev.recall.redis.link;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.impl.RedisURI;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a Redis is, and who we are there. The client is told only the former: it would not
 * authenticate where the server lets others in without a password.
 *
 * @param server a URL without credentials and database
 * @param introduction what is sent first on each connection
 */
record Address(String server, List<Request> introduction) {

  private static final String DEFAULT_USER = "default";

  static Address of(String url) {
    RedisURI parsed = new RedisURI(url);
    List<Request> introduction = new ArrayList<>();
    if (parsed.password() != null) {
      String user = parsed.user() == null ? DEFAULT_USER : parsed.user();
      introduction.add(Request.cmd(Command.AUTH).arg(user).arg(parsed.password()));
    }
    if (parsed.select() != null && parsed.select() != 0) {
      introduction.add(Request.cmd(Command.SELECT).arg(parsed.select()));
    }
    URI uri = URI.create(url);
    String host = uri.getRawAuthority().replaceFirst("^.*@", "");
    return new Address(uri.getScheme() + "://" + host, introduction);
  }
}

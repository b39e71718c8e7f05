package dev.recall;

import dev.recall.config.Settings;

/** What a node says of itself when it has started. */
final class Banner {

  private Banner() {}

  static String of(Application application, Settings settings) {
    String http = "http://" + settings.http().host() + ":" + application.httpPort();
    String management =
        "http://" + settings.management().host() + ":" + application.managementPort();
    String curl =
        settings.http().tokens().isEmpty() ? "curl " : "curl -H 'Authorization: Bearer <token>' ";
    return """
        Recall listens on %s, management on %s%s
        Redis: %s
        Try:   %s/cache/calculate/10
               %s/counter/123"""
        .formatted(
            http,
            management,
            settings.cluster() ? ", in a cluster" : "",
            application.redisInWords(),
            curl + http,
            curl + http);
  }
}

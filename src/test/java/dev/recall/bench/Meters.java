package dev.recall.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What the meters of a Recall show. */
final class Meters {

  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpRequest scrape;

  Meters(int managementPort) {
    scrape =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/metrics"))
            .build();
  }

  /** What one meter shows; its name and labels as Prometheus writes them. */
  double value(String meter) throws IOException, InterruptedException {
    return http.send(scrape, BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(meter + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(meter.length())))
        .findFirst()
        .orElseThrow(() -> new IOException("there is no meter " + meter));
  }
}

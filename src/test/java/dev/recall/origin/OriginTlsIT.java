package dev.recall.origin;

import static dev.recall.origin.OnOrigin.ask;
import static dev.recall.origin.OnOrigin.define;
import static dev.recall.origin.OnOrigin.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recall.redis.bundled.RedisProcess;
import dev.recall.testing.Node;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Origins over TLS: with a certificate that this JVM trusts, with another's, and with none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OriginTlsIT {

  private static final String PASSWORD = "changeit";
  private static final String TRUST = "javax.net.ssl.trustStore";
  private static final String FAILS = "502 the origin cannot be asked: TLS fails";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final RedisProcess redis = new RedisProcess();
  private Node node;
  private Path keys;

  @BeforeAll
  void start(@TempDir Path files) throws Exception {
    keys = files;
    SSLContext.getDefault(); // which is made once, and for all other tests
    makeKey("trusted", "localhost");
    makeKey("stranger", "localhost");
    System.setProperty(TRUST, keys.resolve("trusted").toString());
    System.setProperty(TRUST + "Password", PASSWORD);
    node = Node.started("redis.url=" + redis.url(), "origins.allow=127.0.0.1 ::1");
  }

  @AfterAll
  void stop() {
    node.close();
    System.clearProperty(TRUST);
    System.clearProperty(TRUST + "Password");
    redis.close();
    vertx.close().await();
  }

  @BeforeEach
  void forget() {
    asked.clear();
  }

  private void makeKey(String file, String name) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                file,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:" + name,
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keys.resolve(file).toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).describedAs(said).isZero();
  }

  private HttpServer origin(String key, boolean alpn) {
    PfxOptions pfx = new PfxOptions().setPath(keys.resolve(key).toString()).setPassword(PASSWORD);
    return vertx
        .createHttpServer(
            new HttpServerOptions().setSsl(true).setUseAlpn(alpn).setKeyCertOptions(pfx))
        .requestHandler(
            request -> {
              asked.add(request.version() + " " + request.uri());
              request.response().putHeader("Content-Type", "application/json").end("[1]");
            })
        .listen(0)
        .await();
  }

  @Test
  void get_whenTheCertificateIsTrusted_isAskedOverHttp2() {
    define(node, "https://localhost:" + origin("trusted", true).actualPort() + "/{input}");

    assertThat(told(ask(node, "h2/a"))).isEqualTo("200 [1]");
    assertThat(told(ask(node, "h2/b"))).isEqualTo("200 [1]");
    assertThat(asked).containsExactly("HTTP_2 /h2%2Fa", "HTTP_2 /h2%2Fb");
  }

  @Test
  void get_whenTheOriginKnowsNoHttp2_isAskedOverHttp1() {
    define(node, "https://localhost:" + origin("trusted", false).actualPort() + "/{input}");

    assertThat(told(ask(node, "h1"))).isEqualTo("200 [1]");
    assertThat(asked).containsExactly("HTTP_1_1 /h1");
  }

  @Test
  void get_whenTheNameIsAnother_is502AndNothingIsSent() {
    define(node, "https://127.0.0.1:" + origin("trusted", true).actualPort() + "/{input}");

    assertThat(told(ask(node, "name"))).isEqualTo(FAILS);
    assertThat(asked).isEmpty();
  }

  @Test
  void get_whenTheCertificateIsNotTrusted_is502AndNothingIsSent() {
    define(node, "https://localhost:" + origin("stranger", true).actualPort() + "/{input}");

    assertThat(told(ask(node, "stranger"))).isEqualTo(FAILS);
    assertThat(asked).isEmpty();
  }

  @Test
  void get_whenTheOriginDoesNotSpeakTls_is502() {
    try (ScriptedOrigin plain = new ScriptedOrigin()) {
      plain.otherwise(ScriptedOrigin.thenClose(ScriptedOrigin.status("400 Bad", "")));
      define(node, plain.url().replace("http://", "https://"));

      assertThat(told(ask(node, "plain"))).startsWith("502 the origin cannot be asked: ");
    }
  }

  @Test
  void get_whenTheHandshakeHangs_is504() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      define(node, "https://127.0.0.1:" + silent.getLocalPort() + "/{input}", "timeout", "200ms");

      assertThat(told(ask(node, "silent")))
          .isEqualTo("504 the origin does not answer within 200 ms");
      await().until(() -> node.meter("recall_origin_pending") == 0);
    }
  }
}

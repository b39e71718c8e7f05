package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.recall.config.read.Variables;
import dev.recall.testing.OnSettingsFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings that operators name: namespaces, tokens and rate limits. */
class NamedSettingsTest extends OnSettingsFile {

  private static final String SECRET = "hidden-and-long-enough";
  private static final String CART =
      "{ttl: 1h, sliding: false, max-life: 2h, max-bytes: 1KiB, stay-deleted: true}";

  @Test
  void load_whenTheFileNamesANamespace_addsItBehindTheShippedOnes() throws IOException {
    Settings settings =
        load("state: {namespaces: {cart: " + CART + ", a: " + CART + "}}", NONE, NONE);

    assertThat(settings.state().namespaces())
        .containsEntry(
            "cart",
            new Settings.Namespace(Duration.ofHours(1), false, Duration.ofHours(2), 1024, true));
    assertThat(settings.state().namespaces().keySet())
        .containsExactly("session", "profile", "permission", "config", "stats", "cart", "a");
  }

  @Test
  void load_whenTheFileChangesAShippedNamespace_leavesItsOtherFields() throws IOException {
    Settings settings = load("state: {namespaces: {session: {ttl: 1h}}}", NONE, NONE);

    assertThat(settings.state().namespaces())
        .containsEntry(
            "session",
            new Settings.Namespace(Duration.ofHours(1), true, Duration.ofHours(12), 65_536, true));
  }

  @Test
  void load_whenSeveralOriginsNameIt_putsItsFieldsTogether() throws IOException {
    Settings settings =
        load(
            "http: {tokens: {ci: {scopes: read}}}",
            Map.of("RECALL_HTTP_TOKENS_CI_SECRET", SECRET),
            Map.of("http.tokens.ci.scopes", "admin"));

    assertThat(settings.http().tokens())
        .isEqualTo(Map.of("ci", new Settings.Token(new Secret(SECRET), new Scopes("admin"))));
  }

  @Test
  void load_whenAnEmptyPartGetsItsFieldsElsewhere_takesThem() throws IOException {
    Map<String, String> environment =
        Map.of("RECALL_HTTP_TOKENS_CI_SECRET", SECRET, "RECALL_HTTP_TOKENS_CI_SCOPES", "read");

    assertThat(load("http: {tokens: {ci: {}}}", environment, NONE).http().tokens())
        .containsOnlyKeys("ci");
  }

  @Test
  void load_whenTheEnvironmentNamesSeveral_hasThemInTheOrderOfTheirNames() throws IOException {
    Map<String, String> environment =
        Map.of(
            "RECALL_RATE_LIMITS_C_LIMIT", "1/day",
            "RECALL_RATE_LIMITS_C_GROUPS", "",
            "RECALL_RATE_LIMITS_A_LIMIT", "1/day",
            "RECALL_RATE_LIMITS_A_GROUPS", "cache",
            "RECALL_RATE_LIMITS_B_B_LIMIT", "1/day",
            "RECALL_RATE_LIMITS_B_B_GROUPS", "state locks");

    assertThat(load("", environment, NONE).rateLimits().keySet()).containsExactly("a", "b-b", "c");
  }

  @Test
  void load_whenThereAreNamedSettings_letsNobodyChangeThem() throws IOException {
    Map<String, Settings.Namespace> namespaces = load("", NONE, NONE).state().namespaces();

    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> namespaces.remove("session"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "state: {namespaces: {cart: {ttl: 1h, sliding: true, max-life: 0s, max-bytes: 1B}}}"
            + "| state.namespaces.cart.stay-deleted: is missing",
        "state: {namespaces: {session: {colour: red}}}"
            + "| state.namespaces.session.colour (from recall.yaml): no such setting",
        "state: {namespaces: {session: {ttl: {ms: 1}}}}"
            + "| state.namespaces.session.ttl.ms (from recall.yaml): no such setting",
        "state: {namespaces: {session: {ttl: {}}}}"
            + "| state.namespaces.session.ttl (from recall.yaml): must be a single value",
        "state: {namespaces: {session: {ttl: [1h]}}}"
            + "| state.namespaces.session.ttl (from recall.yaml): must be a single value, not a list",
        "state: {namespaces: {session: 1h}}"
            + "| state.namespaces.session (from recall.yaml): must be a section with ttl, sliding,"
            + " max-life, max-bytes, stay-deleted",
        "state: {namespaces: {session: {ttl: 1s, max-bytes: 65KiB}}}"
            + "| state.namespaces.session.max-bytes (from recall.yaml): must be from 1B to 65536B",
        "state: {namespaces: {profile: {stay-deleted: true}}}"
            + "| state.namespaces.profile: stay-deleted needs a max-life",
        "state: {namespaces: {session: {ttl: 13h}}}"
            + "| state.namespaces.session: ttl must not exceed max-life",
        "http: {tokens: x}"
            + "| http.tokens (from recall.yaml): must be a section of names, each with secret, scopes",
        "http: {tokens: }"
            + "| http.tokens (from recall.yaml): must be a section of names, each with secret, scopes",
        "http: {tokens: [x]}"
            + "| http.tokens (from recall.yaml): must be a section of names, each with secret, scopes",
        "http: {tokens: {ci: [x]}}"
            + "| http.tokens.ci (from recall.yaml): must be a section with secret, scopes",
        "rate-limits: {a: {limit: 1/s, groups: ''}}"
            + "| rate-limits.a.limit (from recall.yaml): must be a rate like 100/minute or 100/minute"
            + " burst 20, of a second, minute, hour or day, with numbers from 1 to 1000000",
        "rate-limits: {a: {limit: 1/day, groups: all}}"
            + "| rate-limits.a.groups (from recall.yaml): must be words of examples, cache, counters,"
            + " state, locks",
        "rate-limits: {a: {limit: 1/day, groups: cache}, b: {limit: 1/day, groups: state cache}}"
            + "| rate-limits: a and b both name cache"
      })
  void load_whenANamedSettingIsWrong_saysWhatIs(String yaml, String fault) {
    assertThat(faults(yaml, NONE, NONE)).containsExactly(fault);
  }

  @Test
  void load_whenANewPartIsEmpty_missesAllItsFields() {
    assertThat(faults("rate-limits: {a: {}}", NONE, NONE))
        .containsExactly("rate-limits.a.limit: is missing", "rate-limits.a.groups: is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A", "1a", "-a", "a_b", "\u00e4", "''", "a234567890123456789012345678901234"})
  void load_whenANameIsNone_saysOnceHowToWriteOne(String name) {
    assertThat(faults("state: {namespaces: {" + name + ": " + CART + "}}", NONE, NONE))
        .containsExactly(
            "state.namespaces.%s (from recall.yaml): a name must be a small letter and up to 31 more of a-z, 0-9 and -"
                .formatted(name.replace("'", "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a-1", "a2345678901234567890123456789012"})
  void load_whenANameIsOne_takesIt(String name) throws IOException {
    assertThat(
            load("state: {namespaces: {" + name + ": " + CART + "}}", NONE, NONE)
                .state()
                .namespaces())
        .containsKey(name);
  }

  @Test
  void load_whenEveryOriginHasFaults_reportsAllAtOnce() {
    assertThat(
            faults(
                "http: {tokens: [a]}\nstate: {namespaces: {profile: {stay-deleted: true}}}",
                Map.of(
                    "RECALL_HTTP_TOKENS_CI_SECRET", SECRET,
                    "RECALL_HTTP_TOKENS_1_SECRET", SECRET,
                    "RECALL_HTTP_TOKENS_CI_SCOPE", SECRET),
                Map.of("rate-limits.a", SECRET, "rate-limits.b.limits", SECRET)))
        .containsExactlyInAnyOrder(
            "http.tokens (from recall.yaml): must be a section of names, each with secret, scopes",
            "http.tokens.1 (from RECALL_HTTP_TOKENS_1_SECRET): a name must be a small letter and up"
                + " to 31 more of a-z, 0-9 and -",
            "RECALL_HTTP_TOKENS_CI_SCOPE (from the environment): no such setting",
            "http.tokens.ci.scopes: is missing",
            "rate-limits.a (from --rate-limits.a): must be a section with limit, groups",
            "rate-limits.b.limits (from --rate-limits.b.limits): no such setting",
            "state.namespaces.profile: stay-deleted needs a max-life");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http.tokens",
        "http.tokens.ci",
        "http.tokens.ci.secert",
        "http.tokens.ci.scopes",
        "http.tokens.Ci.secret",
        "state.namespaces.session.ttl",
        "rate-limits.a.limit",
        "rate-limits.a.groups",
        "allow-anonymous"
      })
  void load_whenASecretIsWhereNoneBelongs_doesNotRepeatIt(String path) {
    String variable = Variables.of(path);

    assertThat(faults("", NONE, Map.of(path, SECRET))).noneMatch(text -> text.contains("hidden"));
    assertThat(faults("", Map.of(variable, SECRET), NONE))
        .noneMatch(text -> text.contains("hidden"));
    assertThat(faults(path + ": " + SECRET, NONE, NONE)).noneMatch(text -> text.contains("hidden"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hidden", "sha256:hidden", "hidden with spaces in it"})
  void load_whenASecretIsRefused_doesNotRepeatIt(String secret) {
    assertThat(faults("http: {tokens: {ci: {scopes: read, secret: '" + secret + "'}}}", NONE, NONE))
        .singleElement()
        .asString()
        .startsWith("http.tokens.ci.secret (from recall.yaml): must ")
        .doesNotContain("hidden");
  }

  @Test
  void toString_whenThereAreSecrets_showsNone() throws IOException {
    Settings settings =
        load(
            "redis: {url: 'redis://user:hidden@host'}\n"
                + "http: {tokens: {ci: {scopes: read, secret: hidden-and-long-enough}}}",
            NONE,
            NONE);

    assertThat(settings.toString())
        .contains("ci=Token[secret=***")
        .doesNotContain("hidden")
        .doesNotContain("user");
  }

  @Test
  void load_whenTwoTokensHaveOneSecret_namesBoth() {
    String hashed = "sha256:1185e4f29ac86ff8b4cbe2e13e7a3f5c5bd1ee4a5d6d6c4f6e3ca2ddc28b36f3";

    assertThat(
            faults(
                "http: {tokens: {ci: {scopes: read, secret: '%s'}, web: {scopes: admin, secret: '%s'}}}"
                    .formatted(hashed, hashed),
                NONE,
                NONE))
        .containsExactly("http: the tokens ci and web have the same secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "::1", "no-such-host.invalid"})
  void load_whenThereAreNoTokens_servesALoopbackAddress(String host) throws IOException {
    assertThat(load("http: {host: '" + host + "'}", NONE, NONE).http().host()).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "10.0.0.1"})
  void load_whenThereAreNoTokens_servesNoOtherAddress(String host) {
    assertThat(faults("http: {host: '" + host + "'}", NONE, NONE))
        .containsExactly(
            "http: without tokens only a loopback address is served, unless allow-anonymous is true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allow-anonymous: true",
        "tokens: {ci: {scopes: read, secret: hidden-and-long-enough}}"
      })
  void load_whenItIsClearWhoMayCall_servesAnyAddress(String who) throws IOException {
    assertThat(load("http: {host: 0.0.0.0, " + who + "}", NONE, NONE).http().host())
        .isEqualTo("0.0.0.0");
  }

  @Test
  void load_whenAnonymousCallersAreAllowedBesideTokens_saysThatThisContradicts() {
    assertThat(
            faults(
                "http: {allow-anonymous: true, tokens: {ci: {scopes: read, secret: "
                    + SECRET
                    + "}}}",
                NONE,
                NONE))
        .containsExactly("http: allow-anonymous contradicts tokens");
  }
}

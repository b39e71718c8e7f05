package dev.recall.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.DocumentApi.Create;
import dev.recall.api.DocumentApi.Delete;
import dev.recall.api.DocumentApi.Document;
import dev.recall.api.DocumentApi.Fence;
import dev.recall.api.DocumentApi.Get;
import dev.recall.api.DocumentApi.Put;
import dev.recall.api.DocumentApi.Rotate;
import dev.recall.api.DocumentApi.Stored;
import dev.recall.api.Removed;
import dev.recall.config.Settings.Namespace;
import dev.recall.failure.Failure;
import dev.recall.redis.DocumentStore;
import dev.recall.redis.LockStore;
import dev.recall.redis.LockStore.Claim;
import dev.recall.state.DocumentsModel.Broken;
import dev.recall.state.DocumentsModel.Content;
import dev.recall.state.DocumentsModel.Fences;
import dev.recall.state.DocumentsModel.Live;
import dev.recall.state.DocumentsModel.OtherType;
import dev.recall.state.DocumentsModel.Trace;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.statistics.StatisticsReport;

/** Documents in a real Redis do what the model says, whatever is asked, one after the other. */
class DocumentsModelIT {

  private static final Duration LIFE = Duration.ofMinutes(30);

  private static final Map<String, Namespace> NAMESPACES =
      Map.of(
          "session", rules(true, Duration.ofMinutes(40), true),
          "sliding", rules(true, Duration.ZERO, false),
          "fixed", rules(false, Duration.ZERO, false),
          "bounded", rules(false, Duration.ofMinutes(40), false));

  private static final String TOO_LARGE = "\"" + "é".repeat(16) + "\""; // 34 bytes

  private final Contents redis = new Contents();
  private final StateLoop<Engine> loop =
      new StateLoop<>(
          (vertx, store, parts) ->
              new Engine(
                  new Documents(new DocumentStore(store), NAMESPACES, this::nextKey),
                  new LockStore(store)));
  private String namespace = "";
  private DocumentsModel model = model("fixed");
  private int keysGiven;

  private record Engine(Documents documents, LockStore locks) {}

  private static Namespace rules(boolean sliding, Duration maxLife, boolean stayDeleted) {
    return new Namespace(LIFE, sliding, maxLife, 32, stayDeleted);
  }

  private static DocumentsModel model(String namespace) {
    return new DocumentsModel(
        NAMESPACES.getOrDefault(namespace, rules(false, Duration.ZERO, false)));
  }

  @AfterProperty
  void close() {
    loop.close();
    redis.close();
  }

  /** What happens next. */
  private interface Step {
    void run(DocumentsModelIT test);
  }

  /** Of which document. */
  private enum Which {
    FIRST,
    SECOND,
    NEWEST
  }

  /** What the caller has seen of it. */
  private enum Seen {
    NOTHING,
    CURRENT,
    LAST_BUT_ONE,
    NEXT
  }

  /** Which fence the writer has. */
  private enum Holder {
    NONE,
    LAST,
    LAST_BUT_ONE,
    NOT_YET,
    NEVER
  }

  private record Gets(Which which) implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      String key = test.key(which);
      Answer<Document> answer =
          test.ask(
              test.model.reasonsAgainstGet(key),
              documents -> documents.get(new Get(test.namespace, key)));
      answer.value().ifPresent(found -> assertThat(found).isEqualTo(test.model.get(key)));
      test.model.read(key);
    }
  }

  private record Puts(Which which, String text, Seen seen, Holder holder) implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      String key = test.key(which);
      OptionalLong version = test.version(key, seen);
      Optional<Fence> fence = test.fence(holder);
      Answer<Stored> answer =
          test.ask(
              test.model.reasonsAgainstPut(key, text, version, fence),
              documents -> documents.put(new Put(test.namespace, key, text, version, fence)));
      answer
          .value()
          .ifPresent(
              stored -> {
                test.assertStored(stored, key, version.isEmpty());
                test.model.put(key, text, stored.version(), fence);
              });
    }
  }

  private record Creates(String text) implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      String key = test.keyAfterNext();
      Answer<Stored> answer =
          test.ask(
              test.model.reasonsAgainstPut(key, text, OptionalLong.empty(), Optional.empty()),
              documents -> documents.create(new Create(test.namespace, text)));
      answer
          .value()
          .ifPresent(
              stored -> {
                test.assertStored(stored, key, true);
                test.model.put(key, text, stored.version(), Optional.empty());
              });
    }
  }

  private record Deletes(Which which, Seen seen) implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      String key = test.key(which);
      OptionalLong version = test.version(key, seen);
      Answer<Removed> answer =
          test.ask(
              test.model.reasonsAgainstDelete(key, version),
              documents -> documents.delete(new Delete(test.namespace, key, version)));
      answer
          .value()
          .ifPresent(removed -> assertThat(removed.removed()).isEqualTo(test.model.delete(key)));
    }
  }

  private record Rotates(Which which, Seen seen) implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      String key = test.key(which);
      String newKey = test.keyAfterNext();
      OptionalLong version = test.version(key, seen);
      Answer<Stored> answer =
          test.ask(
              test.model.reasonsAgainstRotate(key, version),
              documents -> documents.rotate(new Rotate(test.namespace, key, version)));
      answer
          .value()
          .ifPresent(
              stored -> {
                long next = test.model.version(key).orElseThrow() + 1;
                assertThat(stored).isEqualTo(new Stored(test.namespace, newKey, next, true));
                test.model.rotate(key, newKey, next);
              });
    }
  }

  /** Somebody takes a lock and ends it: what remains is a fence. */
  private record Locks() implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      Answer<Claim> answer =
          test.loop.ask(
              engine ->
                  engine
                      .locks
                      .acquire("l", "token", Duration.ofMinutes(1))
                      .compose(claim -> engine.locks.remove("l").map(claim)));
      assertThat(answer).isEqualTo(Answer.of(new Claim(true, test.model.issue("l"), 0)));
    }
  }

  private record TimePasses(Duration time) implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      test.redis.pass(time);
      test.model.pass(time);
    }
  }

  /** Another program writes what is no document, for ever. */
  private record AnotherWrites(Which which, List<String> fields) implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      String key = test.key(which);
      test.redis.cli().run("DEL", test.redisKey(key));
      if (fields.isEmpty()) {
        test.redis.cli().run("SET", test.redisKey(key), "x");
      } else {
        test.writeHash(key, fields);
      }
      Content content = fields.isEmpty() ? new OtherType() : new Broken();
      test.model.write(key, content, Optional.empty());
    }
  }

  /** Another program writes a document whose text is no JSON, for half an hour. */
  private record AnotherWritesNoJson(Which which) implements Step {
    @Override
    public void run(DocumentsModelIT test) {
      String key = test.key(which);
      String created = Long.toString(System.currentTimeMillis());
      test.redis.cli().run("DEL", test.redisKey(key));
      test.writeHash(
          key, List.of("version", "7", "created", created, "text", DocumentsModel.NOT_JSON));
      test.redis.cli().run("PEXPIRE", test.redisKey(key), Long.toString(LIFE.toMillis()));
      test.model.write(key, new Live(DocumentsModel.NOT_JSON, 7), Optional.of(LIFE));
    }
  }

  @Property(tries = 150)
  @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
  void documents_whateverHappens_answerAndKeepWhatTheModelSays(
      @ForAll("namespaces") String shared, @ForAll("steps") List<Step> steps) {
    namespace = shared;
    model = model(shared);
    ModelSteps.follow(redis, steps, step -> step.run(this), this::assertRedisIsAsTheModel);

    ModelSteps.assertSeen(
        10,
        "DONE",
        "NO_SUCH_DOCUMENT",
        "STALE_VERSION",
        "STALE_FENCE",
        "BODY_TOO_LARGE",
        "MALFORMED",
        "WRONG_TYPE",
        "CORRUPT_DOCUMENT");
  }

  private <T> Answer<T> ask(Set<Failure> reasons, Function<Documents, Future<T>> question) {
    String before = redis.digest();
    Answer<T> answer = loop.ask(engine -> question.apply(engine.documents));
    ModelSteps.saw(answer);
    if (reasons.isEmpty()) {
      assertThat(answer.failure()).isEmpty();
    } else {
      assertThat(answer.failure()).isPresent().get().isIn(reasons);
      assertThat(redis.digest()).isEqualTo(before);
    }
    return answer;
  }

  private void assertStored(Stored stored, String key, boolean created) {
    assertThat(stored).isEqualTo(new Stored(namespace, key, stored.version(), created));
    if (created) {
      assertThat(stored.version()).isGreaterThan(model.highest(key));
    } else {
      assertThat(stored.version()).isEqualTo(model.version(key).orElseThrow() + 1);
    }
  }

  private void assertRedisIsAsTheModel() {
    Set<String> keys = new HashSet<>();
    model
        .entries()
        .forEach(
            (key, entry) -> {
              keys.add(redisKey(key));
              assertHolds(redisKey(key), entry.content());
              redis.assertLives(redisKey(key), model.left(entry));
            });
    model
        .fences()
        .forEach(
            (lock, fences) -> {
              keys.add("fence:" + lock);
              assertHolds("fence:" + lock, fences);
              redis.assertLives("fence:" + lock, Optional.empty());
            });
    assertThat(redis.keys()).isEqualTo(keys);
  }

  private void assertHolds(String redisKey, Content content) {
    if (content instanceof Live live) {
      assertThat(redis.field(redisKey, "text")).isEqualTo(live.text());
      assertThat(redis.field(redisKey, "version")).isEqualTo(Long.toString(live.version()));
    } else if (content instanceof Trace trace) {
      assertThat(redis.field(redisKey, "text")).isEqualTo("(nil)");
      assertThat(redis.field(redisKey, "version")).isEqualTo(Long.toString(trace.version()));
    }
  }

  private void assertHolds(String redisKey, Fences fences) {
    assertThat(redis.field(redisKey, "issued")).isEqualTo(Long.toString(fences.issued()));
    assertThat(redis.field(redisKey, "accepted"))
        .isEqualTo(fences.accepted() == 0 ? "(nil)" : Long.toString(fences.accepted()));
  }

  private void writeHash(String key, List<String> fields) {
    for (int i = 0; i < fields.size(); i += 2) {
      redis.cli().run("HSET", redisKey(key), fields.get(i), fields.get(i + 1));
    }
  }

  private String redisKey(String key) {
    return "state:" + namespace + ":" + key;
  }

  private String key(Which which) {
    return which == Which.NEWEST ? "new" + keysGiven : which.name();
  }

  private String nextKey() {
    keysGiven++;
    return "new" + keysGiven;
  }

  private String keyAfterNext() {
    return "new" + (keysGiven + 1);
  }

  private OptionalLong version(String key, Seen seen) {
    long current = model.version(key).orElse(model.highest(key));
    return switch (seen) {
      case NOTHING -> OptionalLong.empty();
      case CURRENT -> OptionalLong.of(current);
      case LAST_BUT_ONE -> OptionalLong.of(current - 1);
      case NEXT -> OptionalLong.of(current + 1);
    };
  }

  private Optional<Fence> fence(Holder holder) {
    Fences fences = model.fences("l");
    return switch (holder) {
      case NONE -> Optional.empty();
      case LAST -> Optional.of(new Fence("l", fences.issued()));
      case LAST_BUT_ONE -> Optional.of(new Fence("l", fences.issued() - 1));
      case NOT_YET -> Optional.of(new Fence("l", fences.issued() + 1));
      case NEVER -> Optional.of(new Fence("l", -1));
    };
  }

  @Provide
  Arbitrary<String> namespaces() {
    return Arbitraries.frequency(
        Tuple.of(3, "session"),
        Tuple.of(1, "sliding"),
        Tuple.of(1, "fixed"),
        Tuple.of(1, "bounded"));
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Which> documents = Arbitraries.of(Which.class);
    Arbitrary<Seen> seen =
        Arbitraries.frequency(
            Tuple.of(4, Seen.NOTHING),
            Tuple.of(6, Seen.CURRENT),
            Tuple.of(1, Seen.LAST_BUT_ONE),
            Tuple.of(1, Seen.NEXT));
    Arbitrary<Holder> holders =
        Arbitraries.frequency(
            Tuple.of(10, Holder.NONE),
            Tuple.of(4, Holder.LAST),
            Tuple.of(4, Holder.LAST_BUT_ONE),
            Tuple.of(1, Holder.NOT_YET),
            Tuple.of(1, Holder.NEVER));
    Arbitrary<String> texts =
        Arbitraries.frequency(
            Tuple.of(8, "{\"a\": 1}"),
            Tuple.of(8, "[\"€\"]"),
            Tuple.of(1, DocumentsModel.NOT_JSON),
            Tuple.of(1, TOO_LARGE));
    Arbitrary<List<String>> noDocuments =
        Arbitraries.of(
            List.of(),
            List.of("x", "1"),
            List.of("text", "1"),
            List.of("text", "1", "version", "1"),
            List.of("text", "1", "created", "1"));
    return Arbitraries.<Step>frequencyOf(
            Tuple.of(12, Combinators.combine(documents, texts, seen, holders).as(Puts::new)),
            Tuple.of(4, documents.map(Gets::new)),
            Tuple.of(2, texts.map(Creates::new)),
            Tuple.of(4, Combinators.combine(documents, seen).as(Deletes::new)),
            Tuple.of(3, Combinators.combine(documents, seen).as(Rotates::new)),
            Tuple.of(3, Arbitraries.create(Locks::new)),
            Tuple.of(
                3,
                Arbitraries.of(Duration.ofMinutes(7), Duration.ofMinutes(23)).map(TimePasses::new)),
            Tuple.of(1, Combinators.combine(documents, noDocuments).as(AnotherWrites::new)),
            Tuple.of(1, documents.map(AnotherWritesNoJson::new)))
        .list()
        .ofMaxSize(50)
        .withSizeDistribution(RandomDistribution.uniform());
  }
}

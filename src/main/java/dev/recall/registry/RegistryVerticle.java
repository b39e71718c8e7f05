package dev.recall.registry;

import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Define;
import dev.recall.api.ComputationsApi.Defined;
import dev.recall.api.ComputationsApi.End;
import dev.recall.api.ComputationsApi.Lend;
import dev.recall.api.ComputationsApi.Lent;
import dev.recall.api.ComputeApi;
import dev.recall.api.InvalidationApi;
import dev.recall.api.InvalidationApi.Clear;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.BusParts;
import dev.recall.bus.Requester;
import dev.recall.config.BadSettings;
import dev.recall.config.Deadlines;
import dev.recall.config.Definition;
import dev.recall.config.read.DefinitionReader;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.failure.FailureException.Fault;
import dev.recall.redis.DefinitionStore;
import dev.recall.redis.LeaseStore;
import dev.recall.redis.NodeStore;
import dev.recall.redis.ResultStore;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what this node knows of definitions like those in Redis, which are all nodes': told of each
 * change, and looking by itself while nothing is told. A computation is known only when changes of
 * its keys are heard of, since its results are copied near. One instance for each node.
 */
public final class RegistryVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryVerticle.class);

  private static final Pattern BREAK = Pattern.compile("\\R");

  /** A fault that begins with the name of what it is about. */
  private static final Pattern NAMED = Pattern.compile("[^ :]+( \\(from [^)]*\\))?: ");

  /** How often it looks whether there is anything to do. */
  private static final long BEAT_MS = 500;

  /** How often it says what its settings define. */
  private static final long TELL_MS = 10_000;

  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final Definitions definitions;
  private final Lenders lenders;
  private final Agreement agreement;
  private final String node;
  private final Rules rules;
  private final RedisServer redis;
  private final DefinitionsFeed feed;
  private final Function<List<String>, Future<Void>> track;
  private final BusParts busParts;
  private final Duration deadline;

  /** What is known until its results are cleared, though Redis does not have it any more. */
  private final Set<String> ending = new HashSet<>();

  private Bus bus;
  private RedisStore store;
  private DefinitionStore kept;
  private NodeStore nodes;
  private Requester<Clear, Removed> clear;
  private boolean looking;
  private boolean isDue = true;
  private int changes;

  /**
   * The verticle of a node.
   *
   * @param node its id, of this node alone
   * @param track has changes of the keys with these prefixes heard of
   * @param deadline longest wait for the removal of a computation's results
   */
  public RegistryVerticle(
      Definitions definitions,
      Lenders lenders,
      Agreement agreement,
      String node,
      Rules rules,
      RedisServer redis,
      DefinitionsFeed feed,
      Function<List<String>, Future<Void>> track,
      BusParts busParts,
      Duration deadline) {
    this.definitions = definitions;
    this.lenders = lenders;
    this.agreement = agreement;
    this.node = node;
    this.rules = rules;
    this.redis = redis;
    this.feed = feed;
    this.track = track;
    this.busParts = busParts;
    this.deadline = deadline;
  }

  @Override
  public Future<?> start() {
    bus = new Bus(vertx, busParts);
    clear = bus.requester(InvalidationApi.CLEAR.local(), deadline);
    store = new RedisStore(vertx, redis);
    kept = new DefinitionStore(store);
    nodes = new NodeStore(store);
    feed.onNews(() -> context.runOnContext(news -> lookNow()));
    vertx.setPeriodic(BEAT_MS, beat -> beat());
    return store
        .open()
        .compose(open -> look())
        .compose(looked -> tellOthers())
        .compose(
            looked ->
                Future.all(
                    bus.serve(ComputationsApi.DEFINE, this::define),
                    bus.serve(ComputationsApi.LEND, this::lend),
                    bus.hear(ComputationsApi.LENT, this::lent),
                    bus.serve(ComputationsApi.END, this::end)));
  }

  @Override
  public Future<?> stop() {
    feed.onNews(() -> {});
    return bus.drain(Deadlines.BUS_DRAIN)
        .eventually(() -> agreement.isNeeded() ? nodes.leave(node) : Future.succeededFuture())
        .otherwiseEmpty()
        .onComplete(drained -> store.close());
  }

  /** Says what the settings define, and hears what those of others do; never failed. */
  private Future<Void> tellOthers() {
    if (!agreement.isNeeded()) {
      return Future.succeededFuture();
    }
    vertx.setTimer(TELL_MS, again -> tellOthers());
    return nodes
        .tell(node, agreement.ours(), SILENCE)
        .onSuccess(others -> agreement.heard(others.values()))
        .onFailure(away -> LOG.debug("Nothing is known of other nodes: {}", away.getMessage()))
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }

  private void beat() {
    lookIfDue();
    lenders
        .forgetTheSilent()
        .forEach(name -> LOG.info("The computation {} is not lent any more", name));
  }

  private void lookNow() {
    isDue = true;
    lookIfDue();
  }

  private void lookIfDue() {
    if ((isDue || !feed.isHearing()) && !looking) {
      look();
    }
  }

  /** Completed, and never failed, when it is done; where Redis is away it stays due. */
  private Future<Void> look() {
    looking = true;
    isDue = false;
    int before = changes;
    return kept.all()
        .compose(texts -> before == changes ? follow(texts) : lookAgain())
        .onComplete(
            (done, away) -> {
              looking = false;
              if (away != null) {
                isDue = true; // the next beat tries again
              } else {
                lookAgainIfDue();
              }
            })
        .otherwiseEmpty();
  }

  // There was news while it looked.
  private void lookAgainIfDue() {
    if (isDue) {
      look();
    }
  }

  // What was read is older than what has been put or ended here since, and would undo it.
  private Future<Void> lookAgain() {
    isDue = true;
    return Future.succeededFuture();
  }

  private Future<Void> follow(Map<String, String> texts) {
    definitions.ofCallers().keySet().stream()
        .filter(known -> !texts.containsKey(known) && !ending.contains(known))
        .forEach(this::forget);
    List<Future<Void>> learning = new ArrayList<>();
    new TreeMap<>(texts).forEach((name, text) -> learning.add(learn(name, text)));
    return Future.join(learning).mapEmpty();
  }

  private void forget(String name) {
    LOG.info("The computation {} is not defined any more", name);
    definitions.remove(name);
  }

  private Future<Void> learn(String name, String text) {
    Definition definition;
    try {
      definition = read(new JsonObject(text));
    } catch (FailureException malformed) {
      LOG.warn("The definition of {} in Redis is not understood: {}", name, malformed.detail());
      return Future.succeededFuture();
    } catch (DecodeException malformed) { // whose message quotes what may be a secret
      LOG.warn("The definition of {} in Redis is no JSON object", name);
      return Future.succeededFuture();
    }
    Definition known = definitions.of(name);
    if (definition.equals(known)) {
      return Future.succeededFuture();
    }
    if (definitions.isOfSettings(name) || !rules.faults(name).isEmpty()) {
      LOG.warn("The computation {} is defined in Redis, too, which this node does not heed", name);
      return Future.succeededFuture();
    }
    return know(name, definition);
  }

  private Future<Void> know(String name, Definition definition) {
    return heardOf(name, definition)
        .onSuccess(
            tracked -> {
              LOG.info("The computation {} is defined", name);
              definitions.put(name, definition);
            });
  }

  private Future<Void> heardOf(String name, Definition definition) {
    String space = definition.space(name);
    return track.apply(List.of(ResultStore.prefix(space), LeaseStore.prefix(space)));
  }

  /** A lender tells this node, which tells all. */
  private Future<Lent> lend(Lend lend) {
    Definition definition = lentDefinition(lend);
    Definition known = lenders.definition(lend.name());
    if (known != null && !known.equals(definition)) {
      throw Failure.DEFINED_ELSEWHERE.because(lend.name() + " is lent otherwise");
    }
    bus.publish(ComputationsApi.LENT, lend);
    return heard(lend, definition).map(new Lent(lend.name(), ComputationsApi.HEARTBEAT.toMillis()));
  }

  /** Some node was told by a lender. */
  private void lent(Lend lend) {
    try {
      heard(lend, lentDefinition(lend));
    } catch (FailureException refused) {
      LOG.warn("The computation {} is lent in vain: {}", lend.name(), refused.detail());
    }
  }

  private Definition lentDefinition(Lend lend) {
    requireFree(lend.name());
    if (definitions.isOfCallers(lend.name())) {
      throw Failure.DEFINED_ELSEWHERE.because("callers have defined " + lend.name());
    }
    String address = ComputeApi.of(lend.name()).name();
    if (!lend.asked().equals(address) && !lend.asked().startsWith(address + ".")) {
      throw FailureException.invalid("address", "address must be " + address + " or below it");
    }
    return read(lend.definition().copy().put("by", "lent"), rules::limits);
  }

  private Future<Void> heard(Lend lend, Definition definition) {
    if (lend.gone()) {
      lenders.gone(lend);
      return Future.succeededFuture();
    }
    if (definition.equals(lenders.definition(lend.name()))) {
      lenders.heard(lend, definition);
      return Future.succeededFuture();
    }
    return heardOf(lend.name(), definition)
        .onSuccess(
            tracked -> {
              LOG.info("The computation {} is lent", lend.name());
              lenders.heard(lend, definition);
            });
  }

  private Future<Defined> define(Define define) {
    String name = define.name();
    requireFree(name);
    Definition definition = read(define.definition());
    return kept.put(name, define.definition().encode())
        .compose(
            created ->
                know(name, definition)
                    .map(
                        known -> {
                          changes++;
                          return new Defined(name, created);
                        }));
  }

  private void requireFree(String name) {
    if (definitions.isOfSettings(name)) {
      throw Failure.DEFINED_ELSEWHERE.because("the settings define " + name);
    }
    List<String> faults = rules.faults(name);
    if (!faults.isEmpty()) {
      throw Failure.DEFINED_ELSEWHERE.because(faults.get(0));
    }
  }

  private Future<Removed> end(End end) {
    String name = end.name();
    requireFree(name);
    if (definitions.of(name) == null) {
      throw Failure.NO_SUCH_COMPUTATION.because("there is no computation " + name);
    }
    ending.add(name); // what is not known any more cannot be cleared
    return kept.remove(name)
        .compose(removed -> clear.request(new Clear(name)).map(new Removed(removed)))
        .onSuccess(
            ended -> {
              changes++;
              definitions.remove(name);
            })
        .onComplete(
            (ended, failure) -> {
              ending.remove(name);
              lookNow();
            });
  }

  private Definition read(JsonObject json) {
    return read(json, rules::faults);
  }

  private static Definition read(JsonObject json, Function<Definition, List<String>> further) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (String name : json.fieldNames()) {
      Object value = json.getValue(name);
      if (value instanceof JsonObject headers && name.equals("headers")) {
        if (headers.stream().allMatch(RegistryVerticle::isLine)) {
          texts.put(name, lines(headers));
        } else {
          faults.add(fault("headers: each must be a name and a text, without line breaks"));
        }
      } else if (value instanceof String || value instanceof Integer || value instanceof Long) {
        texts.put(name, value.toString());
      } else {
        faults.add(fault(name + ": must be a text or a whole number"));
      }
    }
    try {
      Definition definition = DefinitionReader.read(texts);
      further.apply(definition).forEach(fault -> faults.add(fault(fault)));
      if (faults.isEmpty()) {
        return definition;
      }
    } catch (BadSettings bad) {
      bad.faults().forEach(fault -> faults.add(fault(fault)));
    }
    throw FailureException.invalid(faults, 0);
  }

  // What would be two headers, or another one, when it is read as a line.
  private static boolean isLine(Map.Entry<String, Object> header) {
    return header.getValue() instanceof String value
        && !BREAK.matcher(value).find()
        && !header.getKey().contains(":")
        && !BREAK.matcher(header.getKey()).find();
  }

  private static String lines(JsonObject headers) {
    List<String> lines = new ArrayList<>();
    headers.forEach(header -> lines.add(header.getKey() + ": " + header.getValue()));
    return String.join("\n", lines);
  }

  private static Fault fault(String sentence) {
    String name = sentence.split("[ :]", 2)[0];
    return new Fault(
        NAMED.matcher(sentence).lookingAt() ? List.of("body", name) : List.of("body"), sentence);
  }
}

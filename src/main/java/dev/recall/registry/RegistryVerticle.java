package dev.recall.registry;

import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Define;
import dev.recall.api.ComputationsApi.Defined;
import dev.recall.api.ComputationsApi.End;
import dev.recall.api.InvalidationApi;
import dev.recall.api.InvalidationApi.Clear;
import dev.recall.api.Removed;
import dev.recall.bus.Bus;
import dev.recall.bus.BusParts;
import dev.recall.bus.Requester;
import dev.recall.config.Deadlines;
import dev.recall.config.Definition;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import dev.recall.redis.DefinitionStore;
import dev.recall.redis.NodeStore;
import dev.recall.redis.link.RedisServer;
import dev.recall.redis.link.RedisStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what this node knows of definitions like those in Redis, which are all nodes': told of each
 * change, and looking by itself while nothing is told. A computation is known only when changes of
 * its keys are heard of, since its results are copied near. One instance for each node.
 */
public final class RegistryVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(RegistryVerticle.class);

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
  private final TrackedKeys tracked;
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
   * @param tracked has changes of a computation's keys heard of
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
      TrackedKeys tracked,
      BusParts busParts,
      Duration deadline) {
    this.definitions = definitions;
    this.lenders = lenders;
    this.agreement = agreement;
    this.node = node;
    this.rules = rules;
    this.redis = redis;
    this.feed = feed;
    this.tracked = tracked;
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
    Lending lending = new Lending(bus, definitions, lenders, rules, tracked);
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
                    bus.serve(ComputationsApi.LEND, lending::lend),
                    bus.hear(ComputationsApi.LENT, lending::lent),
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
      definition = DefinitionJson.read(new JsonObject(text), rules::faults);
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
    return tracked
        .of(name, definition)
        .onSuccess(
            heard -> {
              LOG.info("The computation {} is defined", name);
              definitions.put(name, definition);
            });
  }

  private Future<Defined> define(Define define) {
    String name = define.name();
    rules.requireFree(name, definitions);
    Definition definition = DefinitionJson.read(define.definition(), rules::faults);
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

  private Future<Removed> end(End end) {
    String name = end.name();
    rules.requireFree(name, definitions);
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
}

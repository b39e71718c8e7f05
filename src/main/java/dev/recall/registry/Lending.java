package dev.recall.registry;

import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Lend;
import dev.recall.api.ComputationsApi.Lent;
import dev.recall.api.ComputeApi;
import dev.recall.bus.Bus;
import dev.recall.config.Definition;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears from lenders that they are there, and has all nodes hear of it. */
final class Lending {

  private static final Logger LOG = LoggerFactory.getLogger(Lending.class);

  private final Bus bus;
  private final Definitions definitions;
  private final Lenders lenders;
  private final Rules rules;
  private final TrackedKeys tracked;

  Lending(Bus bus, Definitions definitions, Lenders lenders, Rules rules, TrackedKeys tracked) {
    this.bus = bus;
    this.definitions = definitions;
    this.lenders = lenders;
    this.rules = rules;
    this.tracked = tracked;
  }

  /** A lender tells this node, which tells all. */
  Future<Lent> lend(Lend lend) {
    Definition definition = definition(lend);
    Definition known = lenders.definition(lend.name());
    if (known != null && !known.equals(definition)) {
      throw Failure.DEFINED_ELSEWHERE.because(lend.name() + " is lent otherwise");
    }
    bus.publish(ComputationsApi.LENT, lend);
    return heard(lend, definition).map(new Lent(lend.name(), ComputationsApi.HEARTBEAT.toMillis()));
  }

  /** Some node was told by a lender. */
  void lent(Lend lend) {
    try {
      heard(lend, definition(lend));
    } catch (FailureException refused) {
      LOG.warn("The computation {} is lent in vain: {}", lend.name(), refused.detail());
    }
  }

  private Definition definition(Lend lend) {
    rules.requireFree(lend.name(), definitions);
    if (definitions.isOfCallers(lend.name())) {
      throw Failure.DEFINED_ELSEWHERE.because("callers have defined " + lend.name());
    }
    String address = ComputeApi.of(lend.name()).name();
    if (!lend.asked().equals(address) && !lend.asked().startsWith(address + ".")) {
      throw FailureException.invalid("address", "address must be " + address + " or below it");
    }
    return DefinitionJson.read(lend.definition().copy().put("by", "lent"), rules::limits);
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
    return tracked
        .of(lend.name(), definition)
        .onSuccess(
            heard -> {
              LOG.info("The computation {} is lent", lend.name());
              lenders.heard(lend, definition);
            });
  }
}

package dev.recall;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import dev.recall.api.RoundTripApi;
import dev.recall.bus.Address;
import dev.recall.bus.ClusterSender;
import dev.recall.bus.Service;
import dev.recall.bus.Topic;
import dev.recall.failure.Bugs;
import dev.recall.form.JsonText;
import java.util.concurrent.TimeUnit;

/** Main, then Application, then the features, then what they share: each knows only those below. */
@AnalyzeClasses(packages = "dev.recall", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String RECALL = "dev.recall..";
  private static final String[] FEATURES = {
    "dev.recall.http..",
    "dev.recall.cache..",
    "dev.recall.compute..",
    "dev.recall.lender..",
    "dev.recall.origin..",
    "dev.recall.state..",
    "dev.recall.ops.."
  };

  /** As pom.xml includes them. */
  private static final DescribedPredicate<JavaClass> IN_THE_JAR_OF_THE_CLIENT =
      resideInAnyPackage(
              "dev.recall.client..",
              "dev.recall.api..",
              "dev.recall.form..",
              "dev.recall.failure..")
          .and(not(belongToAnyOf(JsonText.class, RoundTripApi.class, Bugs.class)))
          .or(belongToAnyOf(Address.class, ClusterSender.class, Service.class, Topic.class));

  // The ground, which features stand on.
  @ArchTest static final ArchRule failureKnowsNothingElseOfRecall = knowsOnly("failure");
  @ArchTest static final ArchRule formKnowsOnlyFailures = knowsOnly("form", "failure");
  @ArchTest static final ArchRule spiKnowsOnlyFailures = knowsOnly("spi", "failure");
  @ArchTest static final ArchRule busKnowsNoMessage = knowsOnly("bus", "failure", "form", "loop");
  @ArchTest static final ArchRule loopKnowsNothingElseOfRecall = knowsOnly("loop");
  @ArchTest static final ArchRule loggingKnowsNothingElseOfRecall = knowsOnly("logging");
  @ArchTest static final ArchRule configKnowsNothingElseOfRecall = knowsOnly("config");

  @ArchTest
  static final ArchRule apiKnowsOnlyHowItIsCarried = knowsOnly("api", "bus", "failure", "form");

  @ArchTest
  static final ArchRule edgeKnowsNoFeature = knowsOnly("edge", "config", "failure", "loop");

  @ArchTest
  static final ArchRule redisLinkKnowsNoFeature =
      knowsOnly("redis.link", "config", "failure", "loop");

  @ArchTest
  static final ArchRule redisKnowsTheContract =
      knowsOnly("redis", "api", "config", "failure", "loop");

  @ArchTest
  static final ArchRule registryKnowsNoFeature =
      knowsOnly("registry", "api", "bus", "config", "failure", "loop", "redis");

  // The client, which other applications have in a jar without all the rest.
  @ArchTest
  static final ArchRule clientKnowsTheContractAlone =
      knowsOnly("client", "api", "bus", "failure", "form");

  @ArchTest
  static final ArchRule nobodyKnowsTheClient =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.recall.client..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.recall.client..");

  @ArchTest
  static final ArchRule whatIsInTheJarOfTheClientNeedsVertxCoreAlone =
      classes()
          .that(IN_THE_JAR_OF_THE_CLIENT)
          .should()
          .onlyDependOnClassesThat(
              IN_THE_JAR_OF_THE_CLIENT.or(
                  resideInAnyPackage("java..", "io.vertx.core..", "org.jspecify.annotations..")));

  // The features, which never meet.
  @ArchTest
  static final ArchRule httpKitKnowsNoRoute =
      knowsOnly("http.kit", "api", "bus", "config", "edge", "failure", "form", "loop");

  @ArchTest
  static final ArchRule httpDoesNotKnowRedis =
      knowsOnly("http", "api", "bus", "config", "edge", "failure", "form", "loop");

  @ArchTest
  static final ArchRule computeDoesNotKnowRedis =
      knowsOnly("compute", "api", "bus", "config", "failure", "loop", "spi");

  @ArchTest
  static final ArchRule cacheKnowsNoOtherFeature =
      knowsOnly("cache", "api", "bus", "config", "failure", "form", "loop", "redis", "registry");

  @ArchTest
  static final ArchRule lenderKnowsNoOtherFeature =
      knowsOnly("lender", "api", "bus", "config", "failure", "loop", "registry");

  @ArchTest
  static final ArchRule originKnowsNoOtherFeature =
      knowsOnly("origin", "api", "bus", "config", "failure", "loop", "registry");

  @ArchTest
  static final ArchRule stateKnowsNoOtherFeature =
      knowsOnly("state", "api", "bus", "config", "failure", "form", "loop", "redis");

  @ArchTest
  static final ArchRule opsKnowsNoOtherFeature =
      knowsOnly("ops", "api", "bus", "config", "edge", "failure", "loop", "redis", "registry");

  @ArchTest
  static final ArchRule onlyApplicationPutsFeaturesTogether =
      noClasses()
          .that()
          .resideInAPackage("dev.recall")
          .and()
          .doNotHaveSimpleName("Application")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(FEATURES);

  @ArchTest
  static final ArchRule nobodyKnowsMain =
      classes()
          .that()
          .haveSimpleName("Main")
          .should()
          .onlyHaveDependentClassesThat()
          .haveSimpleName("Main");

  @ArchTest
  static final ArchRule onlyRedisSpeaksRedis =
      classes()
          .that(resideInAPackage(RECALL).and(resideOutsideOfPackage("dev.recall.redis..")))
          .should()
          .onlyDependOnClassesThat(resideOutsideOfPackage("io.vertx.redis.."));

  @ArchTest
  static final ArchRule onlyLoopKnowsWhatVertxKeepsToItself =
      classes()
          .that(resideInAPackage(RECALL).and(resideOutsideOfPackage("dev.recall.loop..")))
          .should()
          .onlyDependOnClassesThat(
              resideOutsideOfPackages("io.vertx.core..internal..", "io.vertx.core..impl.."));

  @ArchTest
  static final ArchRule threeFilesKnowWhatTheRedisClientKeepsToItself =
      noClasses()
          .that()
          .doNotHaveSimpleName("RedisErrors") // an error that is a reply
          .and()
          .doNotHaveSimpleName("Refusals") // the keys of a command
          .and()
          .doNotHaveSimpleName("Address") // a URL, read
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.redis.client.impl..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.recall.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule namesSayWhatAClassIs =
      noClasses()
          .should()
          .haveNameMatching(".*(Utils?|Helper|Manager|Impl)(\\$.*)?")
          .orShould()
          .haveSimpleNameStartingWith("Abstract");

  @ArchTest
  static final ArchRule clocksAreInjected =
      noClasses()
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("a test drives the clock");

  @ArchTest
  static final ArchRule nothingSleepsButWhatStartsAProgramThatIsBeingWritten =
      noClasses().that().doNotHaveSimpleName("RedisProgram").should(sleep());

  @ArchTest
  static final ArchRule onlyMainPrints =
      noClasses().that().doNotHaveSimpleName("Main").should(ACCESS_STANDARD_STREAMS);

  static ArchCondition<JavaClass> sleep() {
    return ArchConditions.accessTargetWhere(
        targetOwner(assignableTo(Thread.class).or(assignableTo(TimeUnit.class)))
            .and(target(name("sleep"))));
  }

  private static ArchRule knowsOnly(String name, String... others) {
    String[] known = new String[others.length + 1];
    known[0] = "dev.recall." + name + "..";
    for (int i = 0; i < others.length; i++) {
      known[i + 1] = "dev.recall." + others[i] + "..";
    }
    return classes()
        .that()
        .resideInAPackage(known[0])
        .should()
        .onlyDependOnClassesThat(resideOutsideOfPackage(RECALL).or(resideInAnyPackage(known)));
  }
}

package dev.recall;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.recall.testing.Silence;

/**
 * A test that does not run tells nothing, and one that sleeps waits too long or not long enough.
 */
@AnalyzeClasses(packages = "dev.recall", importOptions = OnlyIncludeTests.class)
class TestStyleTest {

  @ArchTest
  static final ArchRule noTestIsSkipped =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching(".*\\.(Disabled.*|Ignore|Assume|Assumptions|TestAbortedException)")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("org.junit.jupiter.api.condition..");

  @ArchTest
  static final ArchRule nothingSleepsButSilence =
      noClasses()
          .that()
          .doNotBelongToAnyOf(Silence.class)
          .and()
          .resideOutsideOfPackage("..jmh_generated..")
          .should(ArchitectureTest.sleep())
          .because("a test and a benchmark wait for what they are after");
}

package dev.recall;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A test that does not run tells nothing. */
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
}

package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {

  @ParameterizedTest
  @ValueSource(strings = {"read write", "write read", "read,write", "read, write", " read  write "})
  void new_whenWordsAreSeparated_namesThem(String text) {
    assertThat(new Scopes(text).named()).isEqualTo(Set.of(Scope.READ, Scope.WRITE));
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void new_whenThereIsTheWordOfAScope_namesIt(Scope scope) {
    assertThat(new Scopes(scope.word()).named()).containsExactly(scope);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reed", "read reed", "READ", "read;write", "read\twrite"})
  void new_whenAWordIsUnknown_saysWhichThereAre(String text) {
    assertThatThrownBy(() -> new Scopes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be words of read, write, admin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", " , "})
  void new_whenThereIsNoWord_isRefused(String text) {
    assertThatThrownBy(() -> new Scopes(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must name at least one of read, write, admin");
  }

  @ParameterizedTest
  @CsvSource({
    "read, READ, true",
    "read, WRITE, false",
    "read, ADMIN, false",
    "write, READ, false",
    "write, WRITE, true",
    "write, ADMIN, false",
    "read write, ADMIN, false",
    "admin, READ, true",
    "admin, WRITE, true",
    "admin, ADMIN, true"
  })
  void include_whenAScopeIsNeeded_isTrueForItAndForAnAdmin(
      String text, Scope scope, boolean included) {
    assertThat(new Scopes(text).include(scope)).isEqualTo(included);
  }
}

package dev.recall.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteGroupsTest {

  @ParameterizedTest
  @EnumSource(RouteGroup.class)
  void new_whenThereIsTheWordOfAGroup_namesIt(RouteGroup group) {
    assertThat(new RouteGroups(group.word()).named()).containsExactly(group);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ","})
  void new_whenThereIsNoWord_namesNone(String text) {
    assertThat(new RouteGroups(text).named()).isEmpty();
  }

  @Test
  void new_whenAWordIsUnknown_saysWhichThereAre() {
    assertThatThrownBy(() -> new RouteGroups("cache counter"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("must be words of examples, cache, counters, state, locks");
  }

  @Test
  void include_whenAGroupIsNamed_isTrueForItAlone() {
    RouteGroups groups = new RouteGroups("cache, counters");

    assertThat(RouteGroup.values())
        .filteredOn(groups::include)
        .containsExactly(RouteGroup.CACHE, RouteGroup.COUNTERS);
  }
}

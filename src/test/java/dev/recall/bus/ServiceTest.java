package dev.recall.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recall.api.CacheApi;
import dev.recall.api.CacheManyApi;
import dev.recall.api.ComputationsApi;
import dev.recall.api.CounterApi;
import dev.recall.api.InvalidationApi;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The names of services: other applications have them in their code. */
class ServiceTest {

  static Stream<Arguments> services() {
    return Stream.of(
        Arguments.of(CacheApi.GET, "cache.get"),
        Arguments.of(CacheManyApi.GET_MANY, "cache.get-many"),
        Arguments.of(InvalidationApi.DELETE, "cache.delete"),
        Arguments.of(InvalidationApi.CLEAR, "cache.clear"),
        Arguments.of(ComputationsApi.LIST, "cache.computations"),
        Arguments.of(CounterApi.ADD, "counter.add"));
  }

  @ParameterizedTest
  @MethodSource("services")
  void cluster_whenNamed_isWhatOtherApplicationsAsk(Service<?, ?> service, String name) {
    assertThat(service.cluster().name()).isEqualTo("recall.v1." + name);
  }

  @ParameterizedTest
  @MethodSource("services")
  void local_whenNamed_isOfThisProcess(Service<?, ?> service, String name) {
    assertThat(service.local().name()).isEqualTo("recall.local." + name);
  }

  @Test
  void named_whenTwoServicesDiffer_shareNoAddress() {
    List<String> names =
        services()
            .map(arguments -> (Service<?, ?>) arguments.get()[0])
            .flatMap(service -> Stream.of(service.local().name(), service.cluster().name()))
            .toList();

    assertThat(names).doesNotHaveDuplicates();
  }
}

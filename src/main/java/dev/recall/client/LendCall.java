package dev.recall.client;

import dev.recall.api.ComputationsApi;
import dev.recall.api.ComputationsApi.Lend;
import dev.recall.api.ComputationsApi.Lent;
import dev.recall.failure.Failure;
import dev.recall.failure.FailureException;

/** Lending, which goes over the bus alone: it is there that a lender is asked. */
final class LendCall {

  static final Call<Lend, Lent, Lent> LEND =
      Call.of(
          ComputationsApi.LEND,
          lend -> {
            throw overHttp();
          },
          (lend, answer) -> {
            throw overHttp();
          });

  private LendCall() {}

  private static FailureException overHttp() {
    return Failure.NO_SUCH_ROUTE.because("computations are lent over the event bus alone");
  }
}

package dev.recall.client;

/** A connection ended between a request and its answer. */
final class LostConnection extends Exception {

  private static final long serialVersionUID = 1L;

  LostConnection(Throwable cause) {
    super(String.valueOf(cause.getMessage()), cause, false, false);
  }
}

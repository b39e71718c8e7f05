package dev.recall.edge;

import java.util.Locale;

/** Why a connection was closed, or a stream reset, that its peer would have kept. */
enum Cut {
  /** The header did not end in time. */
  HEADER,
  /** The body did not come at a sensible pace. */
  BODY,
  /** The answer was not taken at a sensible pace. */
  ANSWER,
  /** The request was not answered in time. */
  REQUEST,
  /** A write failed. */
  WRITE,
  /** There were as many connections as the node can hold. */
  CONNECTIONS,
  /** There were as many bodies on their way as the node can hold. */
  BODIES,
  /** There were as many answers not yet taken as the node can hold. */
  ANSWERS,
  /** More streams were opened than agreed: each was reset at once. */
  STREAMS,
  /** Frames came without end that neither ask anything nor bring a body. */
  FRAMES;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

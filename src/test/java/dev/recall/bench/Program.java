package dev.recall.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What the connections of a load ask, one request after another. It is told twice: in Lua to wrk,
 * and to the client in this process as the {@link Caller} that each of its connections is.
 */
enum Program {
  /** Reads the target. */
  READ("", 1),
  /** Adds to the counter that is the target. */
  ADD("post.lua", 1, "{\"by\":5}"),
  /** Asks for the result, or the lease to make it, that is the target. */
  LEASE("post.lua", 1, "{\"ttl_ms\":10000}"),
  /** Replaces documents below the target, each by the tag of its last answer. */
  COMPARE_AND_SET("compare-and-set.lua", 1),
  /** Takes locks below the target and releases them; two requests for each. */
  LOCK_AND_RELEASE("lock-and-release.lua", 2);

  private static final String COUNTING = "answers.lua";

  private final String script;
  private final int requests;
  private final String body;

  Program(String script, int requests) {
    this(script, requests, "");
  }

  Program(String script, int requests, String body) {
    this.script = script;
    this.requests = requests;
    this.body = body;
  }

  /** How many requests make one of what is counted. */
  int requests() {
    return requests;
  }

  /** Whether wrk needs a script for it, and counts answers by status then. */
  boolean isScripted() {
    return !script.isEmpty();
  }

  /** What wrk runs. */
  String script() throws IOException {
    return read(COUNTING) + "local body = '" + body + "'\n" + read(script);
  }

  /**
   * A connection that has not asked yet.
   *
   * @param path of the target
   * @param name that no other connection has, now or later
   */
  Caller caller(String path, String name) {
    return switch (this) {
      case READ -> new Reader(path);
      case ADD, LEASE -> new Poster(path, body);
      case COMPARE_AND_SET -> new Replacer(path, name);
      case LOCK_AND_RELEASE -> new Holder(path, name);
    };
  }

  private static String read(String file) throws IOException {
    try (InputStream in = Program.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException("the class path lacks " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

package dev.recall.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The scripts that Redis runs for us, each atomic, in files {@code *.lua} beside this one. */
enum Script {
  /**
   * {@code KEYS} a counter and, where the request has an idempotency key, its answer; {@code ARGV}
   * the addend, the TTL in ms, that of the answer, and the request; answers the counter's value.
   */
  COUNTER_ADD("counter-add.lua"),
  /**
   * {@code KEYS} a result and its lease, {@code ARGV} the token, the result, its life in ms, the
   * bytes seen when the lease was taken, and 1 if those may have expired, else 0; answers whether
   * it was stored.
   */
  RESULT_STORE("result-store.lua"),
  /** {@code KEYS[1]} a lease, {@code ARGV} the token and a life in ms; answers whether it holds. */
  LEASE_RENEW("lease-renew.lua"),
  /** {@code KEYS[1]} a lease, {@code ARGV[1]} the token; answers whether it held. */
  LEASE_RELEASE("lease-release.lua"),
  /** {@code KEYS[1]} a document; {@code ARGV} its life in ms, or 0 to let it be, and the most. */
  DOCUMENT_GET("numbers.lua", "document.lua", "document-get.lua"),
  /**
   * {@code KEYS} a document and, where the writer has one, a lock's fences; {@code ARGV} the text,
   * the version seen or nothing, the life in ms and the most, and the writer's fence.
   */
  DOCUMENT_PUT("numbers.lua", "document.lua", "document-put.lua"),
  /** {@code KEYS[1]} a document; {@code ARGV} the version seen or nothing, and the trace's life. */
  DOCUMENT_DELETE("numbers.lua", "document.lua", "document-delete.lua"),
  /**
   * {@code KEYS} a document and its new key; {@code ARGV} the version seen or nothing, the life in
   * ms and the most, and 1 to leave a trace, else 0.
   */
  DOCUMENT_ROTATE("numbers.lua", "document.lua", "document-rotate.lua"),
  /** {@code KEYS} a lock and its fences; {@code ARGV} the token and the life in ms. */
  LOCK_ACQUIRE("numbers.lua", "lock-acquire.lua"),
  /** {@code KEYS[1]} a lock; {@code ARGV} the token and the life in ms. */
  LOCK_RENEW("numbers.lua", "lock-renew.lua"),
  /** {@code KEYS[1]} a lock; {@code ARGV[1]} the token. */
  LOCK_RELEASE("lock-release.lua"),
  /** {@code KEYS[1]} a share of a limit; {@code ARGV} the interval in µs, the cost, the burst. */
  RATE_TAKE("rate-take.lua");

  private final String source;
  private final String sha1;

  /** A script in several files: what it shares with others comes first. */
  Script(String... files) {
    source = Stream.of(files).map(Script::read).collect(Collectors.joining());
    sha1 = HexFormat.of().formatHex(sha1Digest().digest(source.getBytes(StandardCharsets.UTF_8)));
  }

  /** What {@code EVAL} takes. */
  String source() {
    return source;
  }

  /** What {@code EVALSHA} takes. */
  String sha1() {
    return sha1;
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static MessageDigest sha1Digest() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException impossible) {
      throw new LinkageError("every JDK has SHA-1", impossible);
    }
  }
}

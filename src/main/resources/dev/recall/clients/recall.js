/**
 * Recall for JavaScript: results are remembered, and counters, documents, locks and rate limits shared.
 *
 * One module, for browsers and for Node 18 or later; it uses nothing but `fetch`. Any node serves it:
 *
 *     curl -o recall.mjs http://127.0.0.1:8080/clients/recall.js
 *
 *     import { Recall } from "./recall.mjs";
 *
 *     const recall = new Recall("http://127.0.0.1:8080");
 *     const product = recall.remember("product", (id) => slowQuery(id), { ttl: 60 });
 *     await product(7); // runs once, whoever asks, in however many processes
 *
 * All times are in seconds.
 *
 * @module
 */

/**
 * @typedef {object} RecallOptions
 * @property {string} [token] that the nodes ask for
 * @property {number} [timeout] how long an answer may take, in seconds, 10 unless given; and how long another
 *   process is waited for that computes the same result, or has a lock, where nothing else is said
 */

/**
 * @typedef {object} RememberOptions
 * @property {number} [ttl] where no node knows the computation, it is defined, with this time to live in
 *   seconds (which needs the scope admin)
 * @property {number} [lease] how long the others wait for a process that died, in seconds; 10 unless given
 * @property {number} [wait] and for one that lives, before `fn` is called, too; else the timeout of the client
 * @property {(...args: any[]) => string} [key] makes the input of the arguments, of 1 to 256 bytes
 * @property {boolean} [text] every result is a string and kept bare, without JSON's quotes
 */

/**
 * @typedef {object} LockOptions
 * @property {number} [ttl] after how many seconds it is free when its holder has died; 10 unless given
 * @property {number} [wait] for how many seconds it is waited for; 0: not at all; else the timeout of the client
 */

/**
 * @typedef {object} HeldLock
 * @property {string} name
 * @property {string} token
 * @property {number} fence rises by one with every holder
 * @property {boolean} lost whether somebody else may have it
 * @property {AbortSignal} signal is aborted when it is lost
 */

/**
 * @typedef {object} RecallDocument
 * @property {string} key
 * @property {any} value any JSON
 * @property {number} version
 */

/**
 * @typedef {object} Taken
 * @property {boolean} allowed
 * @property {number} remaining how much could be taken now
 * @property {number} retryAfter after how many seconds it would be allowed; 0 where it is
 */

/**
 * @typedef {object} Ask
 * @property {Record<string, string>} [headers]
 * @property {string} [body]
 * @property {number} [wait] for how long the node may keep it waiting, in seconds
 * @property {number} [timeout] how long the answer may take beyond that, in seconds
 * @property {boolean} [again] false where it does harm to send it twice
 */

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {string} text
 */

/** @typedef {{token: string, hold: Hold}} Lease */

const MAX_WAIT = 30;
const MAX_INPUT = 256;
const JSON_TYPE = "application/json";
const TEXT_TYPE = "text/plain; charset=utf-8";
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const UNPRINTED = /[\u007f-\u009f]/g;
const SURROGATE = /[\ud800-\udfff]/u; // one that stands alone
const PRIMES = primes(64);
const CLOSED = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];
const REFUSED = ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** Recall refused, or could not be asked. */
export class RecallError extends Error {
  /**
   * @param {number} status that of HTTP, or 0 where no answer came
   * @param {string} type stable, for programs to branch on: an urn of the node; `urn:recall:unreachable` where
   *   there was no connection (a browser does not tell); `urn:recall:no-answer` where it was lost or too slow
   * @param {string} detail what happened
   * @param {number} [retryAfter] when to ask again, in seconds, where that is known
   * @param {unknown} [cause]
   */
  constructor(status, type, detail, retryAfter, cause) {
    super(`${type} (${status}): ${detail}`, { cause });
    this.name = "RecallError";
    this.status = status;
    this.type = type;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

/** A client of the nodes at one address. */
export class Recall {
  #url;
  #ask;
  #token;
  #timeout;
  #restingUntil = 0;
  #away = false;
  /** @type {Map<string, {call: Promise<Answer>, done: number}>} */
  #defining = new Map();
  /** @type {Set<string>} */
  #told = new Set();

  /**
   * @param {string | URL} url like `http://127.0.0.1:8080`
   * @param {RecallOptions} [options]
   */
  constructor(url, { token, timeout = 10 } = {}) {
    this.#url = String(new URL(url)).replace(/\/+$/, "");
    this.#token = token;
    this.#timeout = timeout;
    this.#ask = (method, path, ask) => this.#call(method, path, ask);
    /** The counters: they begin at 0, however many count. */
    this.counter = new Counter(this.#ask);
    /** The documents of the namespace `session`. */
    this.session = this.documents("session");
    /** The rate limits that the settings of the nodes name. */
    this.rate = new Rate(this.#ask);
  }

  /**
   * A function whose results Recall remembers. Of all who ask for one input at once, in however many
   * processes, one runs `fn` and the others wait for its result. The input is the one argument, a
   * string or a whole number; else all arguments as JSON; or what `options.key` makes of them.
   *
   * A result is anything that JSON brings back as it was; others are returned, and not remembered.
   * While Recall is away, or refuses, `fn` is simply called. What it throws is thrown to its caller,
   * and not remembered.
   *
   * @template {any[]} A
   * @template R
   * @param {string} computation
   * @param {(...args: A) => R | Promise<R>} fn
   * @param {RememberOptions} [options]
   * @returns {(...args: A) => Promise<R>}
   */
  remember(computation, fn, { ttl, lease = 10, wait = this.#timeout, key, text = false } = {}) {
    return async (...args) => {
      const input = key ? key(...args) : inputText(args);
      const got = await this.#lease(computation, input, { ttl, lease, wait, text });
      if (got === undefined) {
        return fn(...args);
      }
      if ("value" in got) {
        return got.value;
      }
      got.hold.keep();
      let value;
      try {
        value = await fn(...args);
      } catch (failure) {
        got.hold.leave();
        await this.#giveBack(computation, input, got.token, nameOf(failure));
        throw failure;
      }
      got.hold.leave();
      await this.#keepResult(computation, input, got.token, value, text);
      return value;
    };
  }

  /**
   * A result of any computation; undefined where it is one of callers, and nobody has computed it.
   *
   * @param {string} computation
   * @param {...any} args of the function, or the input
   * @returns {Promise<any>}
   */
  async result(computation, ...args) {
    const path = pathOf("results", computation, inputText(args));
    return orUndefined("no-such-result", async () => decoded(await this.#call("GET", path)));
  }

  /**
   * Writes a result, as after a change of what it was computed from.
   *
   * @param {string} computation
   * @param {any} input
   * @param {any} value
   * @param {{text?: boolean}} [options] `text`: it is a string, and kept bare
   * @returns {Promise<void>}
   */
  async store(computation, input, value, { text = false } = {}) {
    const path = pathOf("results", computation, inputText([input]));
    await this.#call("PUT", path, encoded(value, text));
  }

  /**
   * Forgets a result, everywhere (which needs the scope admin).
   *
   * @param {string} computation
   * @param {...any} args of the function, or the input
   * @returns {Promise<void>}
   */
  async forget(computation, ...args) {
    await this.#call("DELETE", pathOf("cache", computation, inputText(args)));
  }

  /**
   * The documents of a namespace.
   *
   * @param {string} namespace
   * @returns {Documents}
   */
  documents(namespace) {
    return new Documents(this.#ask, namespace);
  }

  /**
   * Calls a function while this caller alone has a lock, which is renewed for as long, and then released.
   * Rejects with `urn:recall:lock-held` where it was waited for in vain, and with `urn:recall:lock-lost`
   * where it was lost before the function had ended (`held.signal` tells earlier).
   *
   * @template R
   * @param {string} name
   * @param {(held: HeldLock) => R | Promise<R>} fn
   * @param {LockOptions} [options]
   * @returns {Promise<R>}
   */
  async lock(name, fn, { ttl = 10, wait = this.#timeout } = {}) {
    const path = pathOf("locks", name);
    const { got, hold } = await this.#acquired(path, ttl, wait);
    const held = {
      name,
      token: got.token,
      fence: got.fence,
      signal: hold.signal,
      get lost() {
        return hold.lost;
      },
    };
    hold.keep();
    let value;
    try {
      value = await fn(held);
    } catch (failure) {
      await this.#released(path, got.token, hold);
      throw failure;
    }
    await this.#released(path, got.token, hold);
    if (hold.lost) {
      throw new RecallError(412, "urn:recall:lock-lost", `the lock ${name} was lost`);
    }
    return value;
  }

  async #acquired(path, ttl, wait) {
    const ends = now() + wait;
    for (;;) {
      const begun = now();
      const left = Math.max(0, ends - begun);
      const slice = Math.min(left, MAX_WAIT);
      try {
        const got = json(await this.#call("POST", path, { ...jsonBody(times(ttl, slice)), wait: slice }));
        return { got, hold: await this.#hold(path, got, ttl, begun) };
      } catch (failure) {
        if (!isOf(failure, "lock-held") || left <= MAX_WAIT) {
          throw failure;
        }
      }
    }
  }

  async #released(path, token, hold) {
    hold.leave();
    try {
      await this.#call("DELETE", path, { headers: ifMatch(token) });
    } catch (failure) {
      if (isOf(failure, "lock-lost")) {
        hold.lose();
      } // else it runs out by itself
    }
  }

  /** Got at some moment of a wait that began then: after a long one it is renewed first, and counts from there. */
  async #hold(path, got, ttl, begun) {
    const { headers, body } = jsonBody(times(ttl));
    const ask = { headers: { ...headers, ...ifMatch(got.token) }, body };
    const renew = async (timeout) => json(await this.#call("PUT", path, { ...ask, timeout })).expires_in_ms / 1000;
    const renewed = now();
    return renewed - begun > ttl / 3
      ? new Hold(ttl, renewed + (await renew()), renew)
      : new Hold(ttl, begun + got.expires_in_ms / 1000, renew);
  }

  /** @returns {Promise<{value: any} | Lease | undefined>} */
  async #lease(computation, input, { ttl: define, lease: ttl, wait: patience, text }) {
    if (now() < this.#restingUntil) {
      return undefined;
    }
    const ends = now() + patience;
    let wait = 0;
    for (;;) {
      const begun = now();
      try {
        const path = pathOf("leases", computation, input);
        const answer = await this.#call("POST", path, { ...jsonBody(times(ttl, wait)), wait });
        this.#away = false;
        if (answer.status === 200) {
          return { value: text ? answer.text : json(answer) };
        }
        const got = json(answer);
        return { token: got.token, hold: await this.#hold(path, got, ttl, begun) };
      } catch (failure) {
        const left = ends - now();
        if (isOf(failure, "lease-held") && left > 0.01) {
          wait = Math.min(left, MAX_WAIT);
        } else if (isOf(failure, "no-such-computation") && define !== undefined) {
          if (!(await this.#defined(computation, define, text, begun))) {
            return undefined;
          }
          define = undefined;
        } else {
          this.#doWithout(computation, failure);
          return undefined;
        }
      }
    }
  }

  /** What is being defined, or was since a call has begun, need not be defined again. */
  async #defined(computation, ttl, text, begun) {
    let defining = this.#defining.get(computation);
    if (defining === undefined || defining.done < begun) {
      const type = text ? { "media-type": TEXT_TYPE } : {};
      const contract = { by: "callers", ttl: `${millis(ttl)}ms`, ...type };
      const call = this.#call("PUT", pathOf("computations", computation), jsonBody(contract));
      defining = { call, done: Infinity };
      this.#defining.set(computation, defining);
    }
    try {
      await defining.call;
      defining.done = Math.min(defining.done, now());
      return true;
    } catch (failure) {
      defining.done = 0;
      this.#doWithout(computation, failure);
      return false;
    }
  }

  #doWithout(computation, failure) {
    if (failure instanceof SyntaxError) {
      this.#tell(computation, failure); // another program has written what is no JSON
      return;
    }
    if (!(failure instanceof RecallError)) {
      throw failure;
    }
    if (isLate(failure)) {
      this.#restingUntil = now() + this.#timeout; // what was lost in waiting is not lost again by the next call
    }
    if (failure.status > 0) {
      this.#away = false;
      if (!isOf(failure, "lease-held") && !isOf(failure, "no-such-result")) {
        this.#tell(computation, failure);
      }
    } else if (!this.#away) {
      this.#away = true;
      console.warn(`recall: functions are called, and not remembered, since Recall is away: ${failure.message}`);
    }
  }

  async #giveBack(computation, input, token, why) {
    try {
      const path = `${pathOf("leases", computation, input)}?reason=failed&detail=${encodeURIComponent(why)}`;
      await this.#call("DELETE", path, { headers: ifMatch(token) });
    } catch {
      // it runs out by itself
    }
  }

  async #keepResult(computation, input, token, value, text) {
    try {
      const { headers, body } = encoded(value, text);
      const ask = { headers: { ...headers, ...ifMatch(token) }, body };
      await this.#call("PUT", pathOf("results", computation, input), ask);
    } catch (failure) {
      if (isOf(failure, "lease-lost") || (failure instanceof RecallError && failure.status === 0)) {
        return;
      }
      this.#tell(computation, failure);
      await this.#giveBack(computation, input, token, nameOf(failure));
    }
  }

  /** Once of each kind: a function that is never remembered should be heard of. */
  #tell(computation, failure) {
    const kind = `${computation} ${nameOf(failure)}`;
    if (!this.#told.has(kind)) {
      this.#told.add(kind);
      console.warn(`recall: results of ${computation} are not remembered: ${failure.message}`);
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Ask} [ask]
   * @returns {Promise<Answer>}
   */
  async #call(method, path, { headers = {}, body, wait = 0, timeout = this.#timeout, again = true } = {}) {
    const all = this.#token ? { ...headers, authorization: `Bearer ${this.#token}` } : headers;
    const signal = AbortSignal.timeout(Math.ceil((wait + timeout) * 1000));
    const send = async () => {
      const response = await fetch(this.#url + path, { method, headers: all, body, signal, cache: "no-store" });
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    let answer;
    try {
      answer = await send().catch((failure) => {
        // The node had closed a connection that was kept.
        if (!again || !CLOSED.includes(failure?.cause?.code)) {
          throw failure;
        }
        return send();
      });
    } catch (failure) {
      const late = failure?.name === "TimeoutError";
      const detail = late ? "no answer in time" : String(failure?.cause?.message ?? failure?.message);
      const type = REFUSED.includes(failure?.cause?.code) ? "unreachable" : "no-answer";
      throw new RecallError(0, `urn:recall:${type}`, detail, undefined, failure);
    }
    if (answer.status >= 400) {
      throw errorOf(answer);
    }
    return answer;
  }
}

class Counter {
  #call;

  constructor(call) {
    this.#call = call;
  }

  /**
   * Reads a counter: a number, or a bigint where a number would not be exact.
   *
   * @param {string} id
   * @returns {Promise<number | bigint>}
   */
  async get(id) {
    return valueOf(await this.#call("GET", pathOf("counters", id)));
  }

  /**
   * Adds, and answers the sum; with an idempotency key once, however often it is called.
   *
   * @param {string} id
   * @param {number | bigint} [by]
   * @param {{ttl?: number, idempotencyKey?: string}} [options] `ttl`: how long it lives, in whole seconds
   * @returns {Promise<number | bigint>}
   */
  async add(id, by = 1, { ttl, idempotencyKey } = {}) {
    const headers = { "content-type": JSON_TYPE };
    if (idempotencyKey !== undefined) {
      headers["idempotency-key"] = headerText(idempotencyKey);
    }
    const body = `{"by":${by}${ttl === undefined ? "" : `,"ttl":${Math.floor(ttl)}`}}`;
    const again = idempotencyKey !== undefined;
    return valueOf(await this.#call("POST", pathOf("counters", id), { headers, body, again }));
  }

  /**
   * Forgets a counter.
   *
   * @param {string} id
   * @returns {Promise<void>}
   */
  async delete(id) {
    await this.#call("DELETE", pathOf("counters", id));
  }
}

/** The documents of a namespace: any JSON, each write of which says what it replaces. */
class Documents {
  #call;
  #namespace;

  constructor(call, namespace) {
    this.#call = call;
    this.#namespace = namespace;
  }

  #path(...names) {
    return pathOf("state", this.#namespace, ...names);
  }

  /**
   * Reads a document; undefined where there is none.
   *
   * @param {string} key
   * @returns {Promise<RecallDocument | undefined>}
   */
  async get(key) {
    return orUndefined("no-such-document", async () => {
      const answer = await this.#call("GET", this.#path(key));
      const version = Number((answer.headers.get("etag") ?? "").replace(/^W\/|"/g, ""));
      return { key, value: json(answer), version };
    });
  }

  /**
   * Replaces this version; without one, creates a document that must not be there. Rejects with
   * `urn:recall:stale-version` where that is not so.
   *
   * @param {string} key
   * @param {any} value
   * @param {number} [version]
   * @param {{fence?: HeldLock}} [options] `fence`: a lock that is held; nothing is written once somebody
   *   who had it later has written
   * @returns {Promise<RecallDocument>}
   */
  async put(key, value, version, { fence } = {}) {
    const headers = version === undefined ? { "if-none-match": "*" } : ifMatch(version);
    if (fence !== undefined) {
      headers["lock-fence"] = `${encodeURIComponent(fence.name)};${fence.fence}`;
    }
    return this.#written("PUT", this.#path(key), value, headers, true);
  }

  /**
   * Creates a document under a new key that nobody can guess.
   *
   * @param {any} value
   * @returns {Promise<RecallDocument>}
   */
  async create(value) {
    return this.#written("POST", this.#path(), value, {}, false);
  }

  async #written(method, path, value, more, again) {
    const headers = { "content-type": JSON_TYPE, ...more };
    const { key, version } = json(await this.#call(method, path, { headers, body: JSON.stringify(value), again }));
    return { key, value, version };
  }

  /**
   * Deletes a document, or only this version of it.
   *
   * @param {string} key
   * @param {number} [version]
   * @returns {Promise<void>}
   */
  async delete(key, version) {
    await this.#call("DELETE", this.#path(key), { headers: ifMatch(version) });
  }

  /**
   * Moves a document to a new key, as for a session after a login.
   *
   * @param {string} key
   * @param {number} [version]
   * @returns {Promise<{key: string, version: number}>}
   */
  async rotate(key, version) {
    const ask = { headers: ifMatch(version), again: false };
    const moved = json(await this.#call("POST", this.#path(key, "rotate"), ask));
    return { key: moved.key, version: moved.version };
  }
}

class Rate {
  #call;

  constructor(call) {
    this.#call = call;
  }

  /**
   * Takes some of what a caller is allowed.
   *
   * @param {string} name
   * @param {string} caller
   * @param {number} [cost]
   * @returns {Promise<Taken>}
   */
  async take(name, caller, cost = 1) {
    try {
      const path = pathOf("rate-limits", name, caller);
      const { remaining } = json(await this.#call("POST", path, { ...jsonBody({ cost }), again: false }));
      return { allowed: true, remaining, retryAfter: 0 };
    } catch (failure) {
      if (isOf(failure, "rate-limited")) {
        return { allowed: false, remaining: 0, retryAfter: failure.retryAfter ?? 0 };
      }
      throw failure;
    }
  }
}

/** Something that was got for a time, and is renewed until it is left. */
class Hold {
  #ttl;
  #until;
  #renew;
  #left = false;
  #lost = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor(ttl, until, renew) {
    this.#ttl = ttl;
    this.#until = until;
    this.#renew = renew;
  }

  get signal() {
    return this.#lost.signal;
  }

  get lost() {
    if (!this.#left && now() >= this.#until) {
      this.lose();
    }
    return this.#lost.signal.aborted;
  }

  lose() {
    this.#lost.abort(new RecallError(412, "urn:recall:lock-lost", "it was not renewed in time, or taken away"));
  }

  keep(pause = this.#ttl / 3) {
    this.#timer = setTimeout(() => this.#renewed(), pause * 1000);
  }

  leave() {
    void this.lost;
    this.#left = true;
    clearTimeout(this.#timer);
  }

  async #renewed() {
    if (this.#left || this.lost) {
      return;
    }
    const begun = now();
    let pause = this.#ttl / 3;
    try {
      const expiresIn = await this.#renew(Math.max(0.05, Math.min(this.#ttl / 3, this.#until - begun)));
      this.#until = begun + expiresIn;
    } catch (failure) {
      if (failure.status === 412 && !this.#left) {
        this.lose();
      }
      pause = Math.min(this.#ttl / 10, Math.max(0, this.#until - now()));
    }
    if (!this.#left && !this.#lost.signal.aborted) {
      this.keep(pause);
    }
  }
}

function now() {
  return performance.now() / 1000;
}

function millis(seconds) {
  return Math.max(0, Math.floor(seconds * 1000));
}

function times(ttl, wait) {
  return { ttl_ms: millis(ttl), wait_ms: wait === undefined ? undefined : millis(wait) };
}

function jsonBody(fields) {
  return { headers: { "content-type": JSON_TYPE }, body: JSON.stringify(fields) };
}

function ifMatch(tag) {
  return tag === undefined ? {} : { "if-match": `"${tag}"` };
}

// What stands for a dot segment would be taken out of the URL, escaped or not.
function pathOf(...names) {
  for (const name of names) {
    if (["", ".", ".."].includes(name) || SURROGATE.test(name)) {
      throw invalid(`a name must have a form in UTF-8, and be no dot segment: ${JSON.stringify(name)}`);
    }
  }
  return `/v1/${names.map(encodeURIComponent).join("/")}`;
}

function invalid(detail) {
  return new RecallError(422, "urn:recall:invalid", detail);
}

/** UTF-8 in a header, which has one character for each byte. */
function headerText(value) {
  if (CONTROL.test(value)) {
    throw invalid("a header must have no control characters");
  }
  return String.fromCharCode(...new TextEncoder().encode(value));
}

/**
 * The one argument, a string or a whole number, as it is; else all of them as canonical JSON. What would
 * be too long for a name is its SHA-256. recall.py makes the same of the same.
 */
function inputText(args) {
  const text =
    (args.length === 1 ? oneText(args[0]) : undefined) ?? JSON.stringify(sorted(args)).replace(UNPRINTED, escaped);
  const utf8 = new TextEncoder().encode(text);
  return utf8.length <= MAX_INPUT ? text : `sha256:${sha256(utf8)}`;
}

function oneText(one) {
  if (typeof one === "bigint" || Number.isSafeInteger(one)) {
    return String(one);
  }
  const plain = typeof one === "string" && !["", ".", ".."].includes(one) && !CONTROL.test(one) && !SURROGATE.test(one);
  return plain ? one : undefined;
}

function escaped(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** FIPS 180-4. That of the platform is not there on every page, and answers later. */
function sha256(bytes) {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(padded.length - 4, bytes.length << 3);
  const state = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const round = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
  const words = new Uint32Array(64);
  const turned = (word, by) => (word >>> by) | (word << (32 - by));
  for (let block = 0; block < padded.length; block += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        words[i] = view.getUint32(block + 4 * i);
        continue;
      }
      const [x, y] = [words[i - 15], words[i - 2]];
      const small = turned(x, 7) ^ turned(x, 18) ^ (x >>> 3);
      words[i] = words[i - 16] + small + words[i - 7] + (turned(y, 17) ^ turned(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + round[i] + words[i]) | 0;
      const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] = (state[i] + word) | 0;
    });
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The first of them: SHA-256 begins with their roots. */
function primes(count) {
  const found = [];
  for (let n = 2; found.length < count; n++) {
    if (found.every((prime) => n % prime !== 0)) {
      found.push(n);
    }
  }
  return found;
}

/** The first 32 bits after the point. */
function fraction(root) {
  return Math.floor((root % 1) * 2 ** 32) | 0;
}

function sorted(value) {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (isPlain(value)) {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, sorted(value[key])]),
    );
  }
  if (!isExactly(value, JSON.parse(JSON.stringify(value) ?? "null"))) {
    throw new TypeError("an argument has no exact form in JSON; say with options.key what the input is");
  }
  return value;
}

/**
 * The request body that a result is.
 *
 * @throws {TypeError} where it would not come back as it is
 */
function encoded(value, text) {
  if (text) {
    if (typeof value !== "string" || SURROGATE.test(value)) {
      throw new TypeError("it is no text");
    }
    return { headers: { "content-type": TEXT_TYPE }, body: value };
  }
  const body = JSON.stringify(value);
  if (body === undefined || !isExactly(value, JSON.parse(body))) {
    throw new TypeError("it does not come back from JSON as it was");
  }
  return { headers: { "content-type": JSON_TYPE }, body };
}

function isExactly(value, other) {
  if (Array.isArray(value)) {
    return Array.isArray(other) && value.length === other.length && other.every((one, i) => isExactly(value[i], one));
  }
  if (isPlain(value)) {
    const keys = Object.keys(value);
    return (
      isPlain(other) &&
      keys.length === Object.keys(other).length &&
      keys.every((key) => Object.hasOwn(other, key) && isExactly(value[key], other[key]))
    );
  }
  return Object.is(value, other);
}

function isPlain(value) {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function decoded(answer) {
  const type = (answer.headers.get("content-type") ?? "").split(";")[0].trim().toLowerCase();
  return type === JSON_TYPE || type.endsWith("+json") ? json(answer) : answer.text;
}

function json(answer) {
  return JSON.parse(answer.text);
}

function valueOf(answer) {
  const digits = /"value":(-?\d+)/.exec(answer.text)?.[1] ?? "0";
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
}

function errorOf(answer) {
  let problem = {};
  try {
    problem = json(answer) ?? {};
  } catch {
    // not of Recall, but of something before it
  }
  const retryAfter = /^\d+$/.test(answer.headers.get("retry-after") ?? "")
    ? Number(answer.headers.get("retry-after"))
    : undefined;
  return new RecallError(
    answer.status,
    problem.type ?? "about:blank",
    problem.detail ?? `HTTP ${answer.status}`,
    retryAfter,
  );
}

function isOf(failure, type) {
  return failure instanceof RecallError && failure.type === `urn:recall:${type}`;
}

function isLate(failure) {
  return failure.cause?.name === "TimeoutError";
}

function nameOf(failure) {
  return String(failure?.type ?? failure?.name ?? typeof failure);
}

async function orUndefined(type, ask) {
  try {
    return await ask();
  } catch (failure) {
    if (isOf(failure, type)) {
      return undefined;
    }
    throw failure;
  }
}

/**
 * recall.js against real nodes, which JavaScriptClientIT starts and names in the environment, as it does
 * for test_recall.py; RECALL_MODULE is the file.
 */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { Recall, RecallError } = await import(pathToFileURL(process.env.RECALL_MODULE));
const URL_OF_NODE = process.env.RECALL_URL;
const ODD = [
  "é€😀", "a/b", "/", "100%", "%2F", "a?b#c&d=e", "a b+c", '"q"', "\\", "...", "a.b", ".", "..", "", "a\nb\u007f",
  "x".repeat(256), "é".repeat(200),
];
const INPUTS = [
  [["a"], "a"],
  [[-7], "-7"],
  [["."], '["."]'],
  [["a\u007f"], '["a\\u007f"]'],
  [[true], "[true]"],
  [[], "[]"],
  [["é", { b: 1, a: [null, 2.5] }], '["é",{"a":[null,2.5],"b":1}]'],
  [["é".repeat(200)], "sha256:df20b2aa6262e99e133aa7f3614be707d35c4155d17e2aa7cbb49da555a454c3"],
];
const VALUES = [
  0, "0", "", "é😀\u2028\0", 0.1, -1e300, true, null, [], {}, 2 ** 53, { a: [1, "1", null, { b: 2.5 }] },
];
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const unused = () => `t${randomUUID().replaceAll("-", "")}`;
const client = (url = URL_OF_NODE, options = {}) => new Recall(url, options);

/** A function that is remembered, answers what it is given, and knows what it was called with. */
function counted(recall, name, options = {}) {
  const calls = options.calls ?? [];
  const product = recall.remember(name, (id) => (calls.push(id), id), { ttl: 60, ...options });
  return Object.assign(product, { calls });
}

async function rejected(promise) {
  const failure = await promise.then(() => assert.fail("it was not refused"), (caught) => caught);
  assert.ok(failure instanceof RecallError, String(failure));
  return failure;
}

async function raw(method, path, body) {
  const headers = body === undefined ? {} : { "content-type": "application/json" };
  const response = await fetch(URL_OF_NODE + path, { method, body, headers });
  return { status: response.status, text: await response.text() };
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

/** What stands before the node, and can be cut and stopped. */
class Proxy {
  accepted = 0;
  #port = 0;
  #sockets = new Set();

  async start() {
    this.server = net.createServer((socket) => {
      this.accepted++;
      const node = net.connect(new URL(URL_OF_NODE).port, "127.0.0.1");
      for (const [from, to] of [[socket, node], [node, socket]]) {
        this.#sockets.add(from);
        from.on("error", () => {}).on("close", () => to.destroy());
        from.pipe(to);
      }
    });
    this.server.listen(this.#port, "127.0.0.1");
    await once(this.server, "listening");
    this.#port = this.server.address().port;
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  cut() {
    this.#sockets.forEach((socket) => socket.destroy());
    this.#sockets.clear();
  }

  stop() {
    this.server.close();
    this.cut();
  }
}

test("a function that is asked again is not called", async () => {
  const name = unused();
  const product = counted(client(), name);
  assert.deepEqual([await product(7), await product(7), await product(8)], [7, 7, 8]);
  assert.deepEqual(product.calls, [7, 8]);
  const another = counted(client(), name);
  assert.equal(await another(7), 7);
  assert.deepEqual(another.calls, []);
});

test("a computation of the settings needs no ttl, one that nobody defines is called each time", async (t) => {
  const warned = t.mock.method(console, "warn", () => {});
  const input = unused();
  const known = counted(client(), "product", { ttl: undefined });
  assert.deepEqual([await known(input), await known(input)], [input, input]);
  assert.deepEqual(known.calls, [input]);
  assert.equal(warned.mock.callCount(), 0);

  const unknown = counted(client(), unused(), { ttl: undefined });
  assert.deepEqual([await unknown(1), await unknown(1)], [1, 1]);
  assert.deepEqual(unknown.calls, [1, 1]);
  assert.equal(warned.mock.callCount(), 1);
  assert.match(warned.mock.calls[0].arguments[0], /no-such-computation/);
});

test("inputs that are unusual are remembered each by itself", async () => {
  const name = unused();
  const calls = [];
  for (const recall of [client(), client()]) {
    const product = counted(recall, name, { calls });
    for (const input of ODD) {
      assert.equal(await product(input), input);
    }
  }
  assert.deepEqual(calls, ODD);
  const length = client().remember(name, (text) => (calls.push(text), text.length), { ttl: 60 });
  assert.deepEqual([await length("\ud800"), await length("\ud800")], [1, 1]);
  assert.equal(calls.length, ODD.length + 1);
});

test("several arguments are one input, and options.key makes another", async () => {
  const name = unused();
  const calls = [];
  const area = (...args) => (calls.push(args), args.length);
  const product = client().remember(name, area, { ttl: 60 });
  await product({ b: 1, a: [2] }, "é");
  await product({ a: [2], b: 1 }, "é");
  await product(["é", { a: [2], b: 1 }]);
  assert.equal(calls.length, 2);
  await assert.rejects(() => product(new Date()), TypeError);
  const keyed = client().remember(name, area, { key: (date) => String(date.getTime()) });
  assert.deepEqual([await keyed(new Date(5)), await keyed(new Date(5))], [1, 1]);
  assert.equal(calls.length, 3);
});

test("results of every type come back as they were", async () => {
  const name = unused();
  const calls = [];
  const made = client().remember(name, (i) => (calls.push(i), VALUES[i]), { ttl: 60 });
  for (const i of VALUES.keys()) {
    assert.deepEqual(await made(i), VALUES[i]);
    assert.deepEqual(await made(i), VALUES[i]);
  }
  assert.deepEqual(calls, [...VALUES.keys()]);
});

test("a result that JSON would change is answered, and not remembered", async (t) => {
  const warned = t.mock.method(console, "warn", () => {});
  const recall = client();
  const name = unused();
  let calls = 0;
  for (const value of [undefined, NaN, -0, new Date(0), { a: undefined }, [() => 1], 1n, new Map()]) {
    const made = recall.remember(name, () => (calls++, value), { ttl: 60 });
    assert.ok(Object.is(await made("x"), value));
    assert.ok(Object.is(await made("x"), value));
  }
  assert.equal(calls, 16);
  assert.equal(warned.mock.callCount(), 1);
});

test("texts are kept bare", async () => {
  const name = unused();
  const product = counted(client(), name, { text: true });
  assert.deepEqual([await product("55"), await product("55")], ["55", "55"]);
  assert.deepEqual(product.calls, ["55"]);
  assert.equal(await client().result(name, "55"), "55");
  assert.deepEqual(await raw("GET", `/v1/results/${name}/55`), { status: 200, text: "55" });
});

test("a function that throws throws, and the next one is called at once", async () => {
  let calls = 0;
  const failing = client().remember(
    unused(),
    async (id) => {
      if (++calls < 3) {
        throw new RangeError(`é${calls}`);
      }
      return id;
    },
    { ttl: 60 },
  );
  const begun = performance.now();
  await assert.rejects(() => failing(7), new RangeError("é1"));
  await assert.rejects(() => failing(7), new RangeError("é2"));
  assert.deepEqual([await failing(7), await failing(7)], [7, 7]);
  assert.equal(calls, 3);
  assert.ok(performance.now() - begun < 5000);
});

test("callers at once get one call each input", async () => {
  const calls = [];
  const slow = client().remember(unused(), async (id) => (calls.push(id), await pause(0.3), { id }), { ttl: 60 });
  const results = await Promise.all(Array.from({ length: 60 }, (_, i) => slow(i % 3)));
  assert.deepEqual(results, Array.from({ length: 60 }, (_, i) => ({ id: i % 3 })));
  assert.deepEqual(calls.sort(), [0, 1, 2]);
});

test("processes that ask at once get one call", async () => {
  const directory = await mkdtemp(join(tmpdir(), "recall"));
  const calls = join(directory, "calls");
  const program = `
    import { appendFileSync } from "node:fs";
    const [url, module, name, calls] = process.argv.slice(1);
    const { Recall } = await import(module);
    const slow = new Recall(url).remember(name, async (id) => {
      appendFileSync(calls, "called\\n");
      await new Promise((done) => setTimeout(done, 1000));
      return { "made for": id };
    }, { ttl: 60 });
    console.log(JSON.stringify(await slow("é/?")));`;
  const module = String(pathToFileURL(process.env.RECALL_MODULE));
  const args = ["--input-type=module", "--eval", program, URL_OF_NODE, module, unused(), calls];
  const printed = await Promise.all(
    Array.from({ length: 4 }, async () => {
      let text = "";
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      child.stdout.on("data", (data) => (text += data));
      await once(child, "close");
      return text;
    }),
  );
  assert.deepEqual(printed, Array(4).fill('{"made for":"é/?"}\n'));
  assert.equal(await readFile(calls, "utf8"), "called\n");
  await rm(directory, { recursive: true });
});

test("a function that takes longer than the lease keeps it", async () => {
  const calls = [];
  const slow = client().remember(unused(), async (id) => (calls.push(id), await pause(2.5), id), { ttl: 60, lease: 1 });
  assert.deepEqual(await Promise.all([slow(7), slow(7)]), [7, 7]);
  assert.deepEqual(calls, [7]);
});

test("the wait for another ends with the timeout, and the lease of one that died passes on", async () => {
  const name = unused();
  await counted(client(), name)("define it");
  assert.equal((await raw("POST", `/v1/leases/${name}/held`, '{"ttl_ms":60000}')).status, 201);
  const begun = performance.now();
  assert.equal(await counted(client(URL_OF_NODE, { timeout: 0.5 }), name)("held"), "held");
  assert.ok(performance.now() - begun > 400);
  assert.ok(performance.now() - begun < 5000);

  await raw("POST", `/v1/leases/${name}/dead`, '{"ttl_ms":500}');
  assert.equal(await counted(client(), name)("dead"), "dead");
  assert.equal(await client().result(name, "dead"), "dead");
});

test("results are read, stored and forgotten", async () => {
  const recall = client();
  const name = unused();
  const product = counted(recall, name);
  await product(1);
  assert.equal(await recall.result(name, 1), 1);
  assert.equal(await recall.result(name, 2), undefined);
  await recall.store(name, 2, { é: [2] });
  assert.deepEqual(await recall.result(name, 2), { é: [2] });
  assert.deepEqual(await product(2), { é: [2] });
  await recall.forget(name, 2);
  assert.equal(await recall.result(name, 2), undefined);
  assert.equal(await recall.result("fib", 10), "55");
  assert.equal((await rejected(recall.result("fib", -1))).type, "urn:recall:invalid");
});

test("inputs are those of the other library", async () => {
  const name = unused();
  const echo = client().remember(name, () => "made", { ttl: 60, text: true });
  for (const [args, input] of INPUTS) {
    await echo(...args);
    const path = `/v1/results/${name}/${encodeURIComponent(input)}`;
    assert.deepEqual(await raw("GET", path), { status: 200, text: "made" }, input);
  }
});

test("the example of the page runs", async () => {
  const page = await readFile(new URL("../../site/markdown/clients.md", import.meta.url), "utf8");
  const [, example] = /```javascript\n(.*?)```/s.exec(page);
  const module = String(pathToFileURL(process.env.RECALL_MODULE));
  const program = example.replace("./recall.mjs", module).replace("http://127.0.0.1:8080", URL_OF_NODE);
  const args = ["--input-type=module", "--eval", program];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (data) => (printed += data));
  const [exitCode] = await once(child, "close");
  assert.equal(exitCode, 0);
  assert.match(printed, /\{ n: 7, square: 49 \} \{ n: 7, square: 49 \}\ninvoice \d+ under the fence \d+\n\d{16}\n/);
});

test("while nobody listens the function is called", async () => {
  const recall = client(`http://127.0.0.1:${await freePort()}`);
  const product = counted(recall, unused());
  assert.deepEqual([await product(7), await product(7)], [7, 7]);
  assert.deepEqual(product.calls, [7, 7]);
  const failure = await rejected(recall.counter.add("k"));
  assert.deepEqual([failure.status, failure.type], [0, "urn:recall:unreachable"]);
});

test("while nobody answers the function is called, and the time lost once", async () => {
  const silent = net.createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const product = counted(client(`http://127.0.0.1:${silent.address().port}`, { timeout: 0.5 }), unused());
  const begun = performance.now();
  for (let i = 0; i < 10; i++) {
    assert.equal(await product(7), 7);
  }
  assert.ok(performance.now() - begun < 2000);
  assert.equal(product.calls.length, 10);
  silent.close();
});

test("the function is remembered again once Recall is back", async () => {
  const proxy = await new Proxy().start();
  const product = counted(client(proxy.url, { timeout: 2 }), unused());
  await product(1);
  proxy.stop();
  assert.deepEqual([await product(2), await product(2)], [2, 2]);
  await proxy.start();
  assert.deepEqual([await product(1), await product(2), await product(2)], [1, 2, 2]);
  assert.deepEqual(product.calls, [1, 2, 2, 2]);
  const cutting = client(proxy.url).remember(unused(), (id) => (proxy.stop(), id), { ttl: 60 });
  assert.equal(await cutting(7), 7);
});

test("kept connections that were closed are replaced", async () => {
  const proxy = await new Proxy().start();
  const recall = client(proxy.url, { timeout: 2 });
  const name = unused();
  for (let i = 1; i < 6; i++) {
    assert.equal(await recall.counter.add(name), i);
    proxy.cut();
    await pause(0.05);
  }
  assert.equal(proxy.accepted, 5);
  proxy.stop();
});

test("while Redis is killed, and then the node, the function returns its result", async (t) => {
  t.mock.method(console, "warn", () => {});
  const killing = (recall, pid) => {
    const calls = [];
    const fn = (id) => {
      if (calls.push(id) === 1) {
        process.kill(pid, "SIGKILL");
      }
      return id;
    };
    return Object.assign(recall.remember(unused(), fn, { ttl: 60 }), { calls });
  };
  const recall = client(process.env.RECALL_GUARDED_URL, { token: process.env.RECALL_TOKEN, timeout: 5 });
  assert.equal((await rejected(client(process.env.RECALL_GUARDED_URL).counter.get("k"))).status, 401);
  assert.equal(await counted(recall, unused())(1), 1);
  const begun = performance.now();
  const redis = killing(recall, Number(process.env.RECALL_REDIS_PID));
  assert.equal(await redis(7), 7);
  const failure = await rejected(recall.counter.get("k"));
  assert.deepEqual([failure.status, failure.retryAfter], [503, 1]);
  assert.ok(performance.now() - begun < 15_000);

  const node = killing(client(process.env.RECALL_MORTAL_URL, { timeout: 5 }), Number(process.env.RECALL_MORTAL_PID));
  assert.deepEqual([await node(7), await node(7)], [7, 7]);
  assert.deepEqual(node.calls, [7, 7]);
});

test("counters are read, added to and forgotten", async () => {
  const { counter } = client();
  const name = unused();
  for (const id of [name, `${name} é/?%#`]) {
    assert.equal(await counter.get(id), 0);
    assert.equal(await counter.add(id), 1);
    assert.equal(await counter.add(id, -5, { ttl: 60 }), -4);
    await counter.delete(id);
    assert.equal(await counter.get(id), 0);
  }
  assert.equal(await counter.add(name, 2n ** 63n - 1n), 2n ** 63n - 1n);
  assert.equal((await rejected(counter.add(name))).type, "urn:recall:counter-overflow");
  await counter.delete(name);
  const once = { idempotencyKey: "ü" };
  assert.deepEqual([await counter.add(name, 3, once), await counter.add(name, 3, once)], [3, 3]);
  assert.equal((await rejected(counter.add(name, 4, once))).type, "urn:recall:idempotency-key-reused");
});

test("a name that is a dot segment is refused", async () => {
  const recall = client();
  for (const name of ["", ".", ".."]) {
    assert.equal((await rejected(recall.counter.delete(name))).type, "urn:recall:invalid");
    assert.equal((await rejected(recall.session.rotate(name))).status, 422);
  }
});

test("documents are created, replaced, rotated and deleted", async () => {
  const { session } = client();
  const first = await session.create({ é: [1, null] });
  assert.deepEqual(await session.get(first.key), first);
  const second = await session.put(first.key, ["b"], first.version);
  assert.deepEqual(await session.get(first.key), second);
  assert.equal((await rejected(session.put(first.key, 0, first.version))).type, "urn:recall:stale-version");
  assert.equal((await rejected(session.put(first.key, 0))).status, 412);
  assert.equal((await rejected(session.delete(first.key, first.version))).status, 412);
  const { key, version } = await session.rotate(first.key, second.version);
  assert.equal(await session.get(first.key), undefined);
  assert.deepEqual(await session.get(key), { key, value: ["b"], version });
  await session.delete(key, version);
  assert.equal(await session.get(key), undefined);
  const named = await client().documents("profile").put(`${unused()}/é`, "x");
  assert.deepEqual(await client().documents("profile").get(named.key), named);
  assert.equal((await rejected(client().documents("none").get("k"))).type, "urn:recall:no-such-namespace");
});

test("a lock is had by one at a time, and renewed until it is left", async () => {
  const recall = client();
  const name = unused();
  let inside = 0;
  const work = () =>
    recall.lock(name, async (held) => {
      assert.equal(++inside, 1);
      await pause(0.02);
      inside--;
      return held.fence;
    });
  const fences = await Promise.all(Array.from({ length: 8 }, work));
  assert.deepEqual(fences.sort(), [1, 2, 3, 4, 5, 6, 7, 8]);

  const held = await recall.lock(
    name,
    async (lock) => {
      await pause(2.5);
      assert.equal(lock.lost, false);
      const failure = await rejected(recall.lock(name, () => {}, { wait: 0.1 }));
      assert.deepEqual([failure.status, failure.type], [409, "urn:recall:lock-held"]);
      assert.ok(failure.retryAfter >= 1);
      return lock;
    },
    { ttl: 1 },
  );
  await assert.rejects(() => recall.lock(name, () => Promise.reject(new RangeError("x"))), new RangeError("x"));
  assert.equal(await recall.lock(name, (next) => next.fence - held.fence, { wait: 0 }), 2);
});

test("a lock that was waited for longer than it lives is held", async () => {
  const recall = client();
  const name = unused();
  let waiting;
  await recall.lock(name, async () => {
    waiting = recall.lock(name, (held) => held.lost, { ttl: 0.5, wait: 20 });
    await pause(1);
  });
  assert.equal(await waiting, false);
});

test("a lock that was taken away, or cannot be renewed, is lost", async () => {
  const name = unused();
  const proxy = await new Proxy().start();
  for (const [recall, lose] of [
    [client(), () => raw("DELETE", `/v1/locks/${name}`)],
    [client(proxy.url, { timeout: 2 }), () => proxy.stop()],
  ]) {
    let seen;
    const losing = async (held) => {
      await lose();
      await once(held.signal, "abort", { signal: AbortSignal.timeout(5000) });
      seen = held.lost;
    };
    assert.equal((await rejected(recall.lock(name, losing, { ttl: 0.6 }))).type, "urn:recall:lock-lost");
    assert.equal(seen, true);
  }
});

test("the fence of an old holder is refused", async () => {
  const config = client().documents("config");
  const name = unused();
  const old = await client().lock(name, (held) => held);
  const { version } = await client().lock(name, (held) => config.put(name, 1, undefined, { fence: held }));
  assert.equal((await rejected(config.put(name, 2, version, { fence: old }))).type, "urn:recall:stale-fence");
});

test("a rate is taken until it is used up", async () => {
  const { rate } = client();
  const name = unused();
  assert.deepEqual(await rate.take("api", name, 2), { allowed: true, remaining: 1, retryAfter: 0 });
  assert.equal((await rate.take("api", name)).allowed, true);
  const refused = await rate.take("api", name);
  assert.equal(refused.allowed, false);
  assert.ok(refused.retryAfter > 1000);
  assert.equal((await rate.take("api", `${name}é/other`)).allowed, true);
  assert.equal((await rejected(rate.take("none", "x"))).type, "urn:recall:no-such-rate-limit");
});

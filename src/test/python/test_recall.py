"""recall.py against real nodes, which PythonClientIT starts and names in the environment.

RECALL_URL: a node that lives. RECALL_GUARDED_URL: one that asks for RECALL_TOKEN, whose Redis is
the process RECALL_REDIS_PID. RECALL_MORTAL_URL: one that is the process RECALL_MORTAL_PID.
"""

import asyncio
import http.client
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any, List
from urllib.parse import quote, urlsplit

from recall import Recall, RecallError

URL = os.environ["RECALL_URL"]
ODD = [
    "é€😀",
    "a/b",
    "/",
    "100%",
    "%2F",
    "a?b#c&d=e",
    "a b+c",
    '"q"',
    "\\",
    "...",
    "a.b",
    ".",
    "..",
    "",
    "a\nb\x7f",
    "\ud800",
    "x" * 256,
    "é" * 200,
]
INPUTS: List[Any] = [
    (["a"], "a"),
    ([-7], "-7"),
    (["."], '["."]'),
    (["a\x7f"], '["a\\u007f"]'),
    ([True], "[true]"),
    ([], "[]"),
    (["é", {"b": 1, "a": [None, 2.5]}], '["é",{"a":[null,2.5],"b":1}]'),
    (["é" * 200], "sha256:df20b2aa6262e99e133aa7f3614be707d35c4155d17e2aa7cbb49da555a454c3"),
]
VALUES: List[Any] = [
    0,
    "0",
    "",
    "é😀\u2028\x00",
    1.0,
    0.1,
    -1e300,
    True,
    None,
    [],
    {},
    10**30,
    {"a": [1, "1", None, {"b": 2.5}]},
    ["\ud800"[:0]],
]


class Node(unittest.TestCase):
    """What all tests need: names that nobody has used, and a client that is closed in the end."""

    def setUp(self) -> None:
        self.name = "t" + uuid.uuid4().hex
        self.recall = self.client()
        self.calls: List[Any] = []

    def client(self, url: str = URL, **options: Any) -> Recall:
        client = Recall(url, **options)
        self.addCleanup(client.close)
        return client

    def counted(self, recall: Recall, **options: Any) -> Any:
        """A function that is remembered, and returns what it is given."""

        @recall.remember(options.pop("name", self.name), **{"ttl": 60, **options})
        def product(id: Any) -> Any:
            self.calls.append(id)
            return id

        return product

    def refusal(self, call: Any, *arguments: Any, **named: Any) -> RecallError:
        with self.assertRaises(RecallError) as caught:
            call(*arguments, **named)
        return caught.exception


class RememberTest(Node):
    def test_function_when_asked_again_is_not_called(self) -> None:
        product = self.counted(self.recall)

        self.assertEqual([product(7), product(7), product(8)], [7, 7, 8])

        self.assertEqual(self.calls, [7, 8])
        self.assertEqual(self.counted(self.client())(7), 7)
        self.assertEqual(self.calls, [7, 8])

    def test_computation_when_the_settings_define_it_needs_no_ttl(self) -> None:
        product = self.counted(self.recall, name="product", ttl=None)

        self.assertEqual([product(self.name), product(self.name)], [self.name] * 2)

        self.assertEqual(self.calls, [self.name])

    def test_computation_when_nobody_defines_it_is_called_each_time_and_told_of_once(self) -> None:
        product = self.counted(self.recall, ttl=None)

        with self.assertLogs("recall", logging.WARNING) as log:
            self.assertEqual([product(1), product(1)], [1, 1])

        self.assertEqual(self.calls, [1, 1])
        self.assertEqual(len(log.output), 1)
        self.assertIn("no-such-computation", log.output[0])

    def test_inputs_that_are_unusual_are_remembered_each_by_itself(self) -> None:
        for client in (self.recall, self.client()):
            product = self.counted(client)
            for input in ODD:
                if input != "\ud800":
                    self.assertEqual(product(input), input)

        self.assertEqual(self.calls, [input for input in ODD if input != "\ud800"])

    def test_input_without_a_form_in_utf8_is_remembered(self) -> None:
        @self.recall.remember(self.name, ttl=60)
        def length(text: str) -> int:
            self.calls.append(text)
            return len(text)

        self.assertEqual([length("\ud800"), length("\ud800"), length("\\ud800")], [1, 1, 6])

        self.assertEqual(self.calls, ["\ud800", "\\ud800"])

    def test_arguments_however_they_are_given_are_one_input(self) -> None:
        @self.recall.remember(self.name, ttl=60)
        def area(width: int, height: int = 2, *, unit: str = "m") -> str:
            self.calls.append((width, height, unit))
            return "%d %s" % (width * height, unit)

        asked = [area(3), area(3, 2), area(height=2, width=3), area(3, unit="m"), area(3, unit="ft")]

        self.assertEqual(asked, ["6 m"] * 4 + ["6 ft"])
        self.assertEqual(self.calls, [(3, 2, "m"), (3, 2, "ft")])

    def test_key_when_given_makes_the_input(self) -> None:
        class Shop:
            @self.recall.remember(self.name, ttl=60, key=lambda shop, id: id)
            def product(shop, id: str) -> str:
                self.calls.append(id)
                return id

        self.assertEqual([Shop().product("a"), Shop().product("a")], ["a", "a"])
        self.assertEqual(self.calls, ["a"])

    def test_results_of_every_type_come_back_as_they_were(self) -> None:
        for i, value in enumerate(VALUES):

            @self.recall.remember(self.name, ttl=60)
            def made(id: int) -> Any:
                self.calls.append(id)
                return value

            for result in (made(i), made(i)):
                self.assertEqual((type(result), repr(result)), (type(value), repr(value)))
        self.assertEqual(self.calls, list(range(len(VALUES))))

    def test_result_that_json_would_change_is_returned_and_not_remembered(self) -> None:
        with self.assertLogs("recall", logging.WARNING) as log:
            for value in [(1, 2), {1: 2}, float("nan"), {"a": (1,)}, object(), "\ud800"]:

                @self.recall.remember(self.name, ttl=60)
                def made(id: str) -> Any:
                    self.calls.append(id)
                    return value

                self.assertIs(made("x"), value)
                self.assertIs(made("x"), value)
        self.assertEqual(len(self.calls), 12)
        self.assertEqual(len(log.output), 1)

    def test_texts_are_kept_bare(self) -> None:
        product = self.counted(self.recall, text=True)

        self.assertEqual([product("55"), product("55")], ["55", "55"])

        self.assertEqual(self.calls, ["55"])
        self.assertEqual(self.recall.result(self.name, "55"), "55")
        self.assertEqual(raw("GET", "/v1/results/%s/55" % self.name), (200, b"55"))

    def test_function_that_raises_raises_and_the_next_one_is_called_at_once(self) -> None:
        @self.recall.remember(self.name, ttl=60)
        def failing(id: int) -> int:
            self.calls.append(id)
            if len(self.calls) < 3:
                raise KeyError("é%d" % len(self.calls))
            return id

        begun = time.monotonic()
        for i in (1, 2):
            with self.assertRaises(KeyError) as caught:
                failing(7)
            self.assertEqual(caught.exception.args, ("é%d" % i,))
        self.assertEqual([failing(7), failing(7)], [7, 7])
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(len(self.calls), 3)

    def test_threads_that_ask_at_once_get_one_call(self) -> None:
        @self.recall.remember(self.name, ttl=60)
        def slow(id: int) -> int:
            self.calls.append(id)
            time.sleep(0.3)
            return id

        with ThreadPoolExecutor(16) as threads:
            self.assertEqual(list(threads.map(slow, [7] * 16)), [7] * 16)
        self.assertEqual(self.calls, [7])

    def test_processes_that_ask_at_once_get_one_call(self) -> None:
        program = (
            "import os, sys, time\n"
            "from recall import Recall\n"
            "@Recall(os.environ['RECALL_URL']).remember(sys.argv[1], ttl=60)\n"
            "def slow(id):\n"
            "    open(sys.argv[2], 'a').write('called\\n')\n"
            "    time.sleep(1)\n"
            "    return {'made for': id}\n"
            "print(slow('é/?'))\n"
        )
        with tempfile.TemporaryDirectory() as directory:
            calls = os.path.join(directory, "calls")
            command = [sys.executable, "-B", "-c", program, self.name, calls]
            started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
            printed = {process.communicate(timeout=60)[0].decode() for process in started}

            self.assertEqual(printed, {"{'made for': 'é/?'}\n"})
            with open(calls) as file:
                self.assertEqual(file.read(), "called\n")

    def test_function_that_takes_longer_than_the_lease_keeps_it(self) -> None:
        @self.recall.remember(self.name, ttl=60, lease=1)
        def slow(id: int) -> int:
            self.calls.append(id)
            time.sleep(2.5)
            return id

        with ThreadPoolExecutor(2) as threads:
            self.assertEqual(list(threads.map(slow, [7, 7])), [7, 7])
        self.assertEqual(self.calls, [7])

    def test_wait_for_another_ends_with_the_timeout(self) -> None:
        self.counted(self.recall)("define it")
        lease = {"Content-Type": "application/json"}
        status, _ = raw("POST", "/v1/leases/%s/held" % self.name, b'{"ttl_ms":60000}', lease)
        self.assertEqual(status, 201)
        begun = time.monotonic()

        self.assertEqual(self.counted(self.client(timeout=0.5))("held"), "held")

        self.assertGreater(time.monotonic() - begun, 0.4)
        self.assertLess(time.monotonic() - begun, 5)

    def test_lease_of_a_process_that_died_passes_on(self) -> None:
        self.counted(self.recall)("define it")
        lease = {"Content-Type": "application/json"}
        raw("POST", "/v1/leases/%s/dead" % self.name, b'{"ttl_ms":500}', lease)

        self.assertEqual(self.counted(self.recall)("dead"), "dead")

        self.assertEqual(self.calls, ["define it", "dead"])
        self.assertEqual(self.recall.result(self.name, "dead"), "dead")

    def test_result_and_store_and_forget(self) -> None:
        product = self.counted(self.recall)
        product(1)
        self.assertEqual(self.recall.result(self.name, 1), 1)
        self.assertIsNone(self.recall.result(self.name, 2))

        self.recall.store(self.name, 2, {"é": [2]})
        self.assertEqual(self.recall.result(self.name, 2), {"é": [2]})
        self.assertEqual(product(2), {"é": [2]})

        self.recall.forget(self.name, 2)
        self.assertIsNone(self.recall.result(self.name, 2))
        self.assertEqual(self.calls, [1])
        self.assertEqual(self.recall.result("fib", 10), "55")
        self.assertEqual(self.refusal(self.recall.result, "fib", -1).type, "urn:recall:invalid")


    def test_inputs_are_those_of_the_other_library(self) -> None:
        @self.recall.remember(self.name, ttl=60, text=True)
        def echo(*arguments: Any) -> str:
            return "made"

        for arguments, input in INPUTS:
            echo(*arguments)
            self.assertEqual(raw("GET", "/v1/results/%s/%s" % (self.name, quote(input, safe=""))), (200, b"made"))

    def test_examples_of_the_page_run(self) -> None:
        page = os.path.join(os.path.dirname(__file__), "..", "..", "site", "markdown", "clients.md")
        with open(page, encoding="utf-8") as file:
            examples = re.findall("```python\n(.*?)```", file.read(), re.DOTALL)
        self.assertEqual(len(examples), 3)
        printed = ""
        for example in examples:
            program = example.replace("http://127.0.0.1:8080", URL)
            ran = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, text=True, timeout=60)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""), program)
            printed += ran.stdout
        self.assertIn("{'n': 7, 'square': 49} {'n': 7, 'square': 49}", printed)
        self.assertIn("under the fence", printed)
        self.assertIn("412 urn:recall:stale-version", printed)


class AwayTest(Node):
    def test_function_while_nobody_listens_is_called(self) -> None:
        product = self.counted(self.client("http://127.0.0.1:%d" % free_port()))

        self.assertEqual([product(7), product(7)], [7, 7])

        self.assertEqual(self.calls, [7, 7])

    def test_function_while_nobody_answers_is_called_and_the_time_lost_once(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            product = self.counted(self.client("http://127.0.0.1:%d" % silent.getsockname()[1], timeout=0.5))
            begun = time.monotonic()

            self.assertEqual([product(7) for _ in range(20)], [7] * 20)

            self.assertLess(time.monotonic() - begun, 2)
            self.assertEqual(len(self.calls), 20)

    def test_function_is_remembered_again_once_recall_is_back(self) -> None:
        proxy = Proxy(self)
        recall = self.client(proxy.url, timeout=2)
        product = self.counted(recall)
        product(1)
        proxy.stop()
        self.assertEqual([product(2), product(2)], [2, 2])

        proxy.start()

        self.assertEqual([product(1), product(2), product(2)], [1, 2, 2])
        self.assertEqual(self.calls, [1, 2, 2, 2])

    def test_function_when_the_connection_is_cut_meanwhile_returns_its_result(self) -> None:
        proxy = Proxy(self)

        @self.client(proxy.url, timeout=2).remember(self.name, ttl=60)
        def cutting(id: int) -> int:
            proxy.stop()
            return id

        self.assertEqual(cutting(7), 7)

    def test_kept_connections_that_were_closed_are_replaced(self) -> None:
        proxy = Proxy(self)
        recall = self.client(proxy.url, timeout=2)
        for i in range(1, 6):
            self.assertEqual(recall.counter.add(self.name), i)
            proxy.cut()
            time.sleep(0.05)
        self.assertEqual(proxy.accepted, 5)

    def test_kept_connections_are_used_again(self) -> None:
        proxy = Proxy(self)
        recall = self.client(proxy.url)

        with ThreadPoolExecutor(4) as threads:
            sums = list(threads.map(lambda i: recall.counter.add(self.name), range(200)))

        self.assertEqual(sorted(sums), list(range(1, 201)))
        self.assertLessEqual(proxy.accepted, 4)

    def test_answers_however_they_are_framed_are_read(self) -> None:
        for answer in (
            b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{\"value\":7}",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"value\":7}",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"4;x=y\r\n{\"va\r\n7\r\nlue\":7}\r\n0\r\nTrailer: 1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"value\":7}",
        ):
            url = scripted(self, answer)
            self.assertEqual(self.client(url, timeout=5).counter.get("x"), 7)
            self.assertEqual(asyncio.run(self.client(url, timeout=5).aio.counter.get("x")), 7)

    def test_answer_that_breaks_off_or_is_none_is_an_error_with_status_0(self) -> None:
        for answer in (
            b"",
            b"HTTP/1.1 200",
            b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{}",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{}",
            b"SSH-2.0\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\nContent-Length: 11\r\n\r\n{\"value\":7}",
        ):
            refusal = self.refusal(self.client(scripted(self, answer), timeout=5).counter.get, "x")
            self.assertEqual((refusal.status, refusal.type), (0, "urn:recall:no-answer"))

    def test_call_while_recall_is_away_is_an_error_with_status_0(self) -> None:
        recall = self.client("http://127.0.0.1:%d" % free_port())

        refusal = self.refusal(recall.counter.add, self.name)

        self.assertEqual((refusal.status, refusal.type), (0, "urn:recall:unreachable"))
        self.assertIsNone(refusal.retry_after)

    def test_function_while_redis_is_killed_returns_its_result(self) -> None:
        recall = self.client(os.environ["RECALL_GUARDED_URL"], token=os.environ["RECALL_TOKEN"], timeout=5)
        self.assertEqual(self.counted(recall)(1), 1)
        stranger = self.client(os.environ["RECALL_GUARDED_URL"])
        self.assertEqual(self.refusal(stranger.counter.get, "k").status, 401)
        self.assertEqual(self.counted(stranger)(2), 2)

        @recall.remember(self.name, ttl=60)
        def killing(id: int) -> int:
            self.calls.append(id)
            os.kill(int(os.environ["RECALL_REDIS_PID"]), signal.SIGKILL)
            return id

        begun = time.monotonic()
        self.assertEqual(killing(3), 3)
        self.assertEqual(self.counted(recall)(4), 4)
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual(self.calls, [1, 2, 3, 4])
        self.assertEqual(self.refusal(recall.counter.get, "k").status, 503)
        self.assertEqual(self.refusal(recall.counter.get, "k").retry_after, 1)

    def test_function_while_the_node_is_killed_returns_its_result(self) -> None:
        recall = self.client(os.environ["RECALL_MORTAL_URL"], timeout=5)

        @recall.remember(self.name, ttl=60)
        def killing(id: int) -> int:
            self.calls.append(id)
            if len(self.calls) == 1:
                os.kill(int(os.environ["RECALL_MORTAL_PID"]), signal.SIGKILL)
            return id

        begun = time.monotonic()
        self.assertEqual([killing(7), killing(7)], [7, 7])
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(self.calls, [7, 7])


class StateTest(Node):
    def test_counter_is_read_added_to_and_forgotten(self) -> None:
        counter = self.recall.counter
        for id in (self.name, self.name + " é/?%#"):
            self.assertEqual(counter.get(id), 0)
            self.assertEqual(counter.add(id), 1)
            self.assertEqual(counter.add(id, -5, ttl=60), -4)
            self.assertEqual(counter.get(id), -4)
            counter.delete(id)
            self.assertEqual(counter.get(id), 0)
        self.assertEqual(counter.add(self.name, 2**63 - 1), 2**63 - 1)
        self.assertEqual(self.refusal(counter.add, self.name).type, "urn:recall:counter-overflow")

    def test_addition_with_an_idempotency_key_is_made_once(self) -> None:
        add = self.recall.counter.add
        self.assertEqual([add(self.name, 3, idempotency_key="ü") for _ in range(3)], [3, 3, 3])
        refusal = self.refusal(add, self.name, 4, idempotency_key="ü")
        self.assertEqual((refusal.status, refusal.type), (422, "urn:recall:idempotency-key-reused"))
        self.assertEqual(self.refusal(add, self.name, idempotency_key="a\r\nb: c").status, 422)

    def test_name_that_is_a_dot_segment_is_refused(self) -> None:
        for name in ("", ".", ".."):
            self.assertEqual(self.refusal(self.recall.counter.get, name).type, "urn:recall:invalid")
            self.assertEqual(self.refusal(self.recall.session.rotate, name).status, 422)

    def test_document_is_created_replaced_rotated_and_deleted(self) -> None:
        session = self.recall.session
        first = session.create({"é": [1, None]})
        self.assertEqual(session.get(first.key), first)
        second = session.put(first.key, ["b"], first.version)
        self.assertEqual(session.get(first.key), second)
        self.assertEqual(self.refusal(session.put, first.key, 0, first.version).type, "urn:recall:stale-version")
        self.assertEqual(self.refusal(session.put, first.key, 0).status, 412)
        self.assertEqual(self.refusal(session.delete, first.key, first.version).status, 412)

        key, version = session.rotate(first.key, second.version)
        self.assertIsNone(session.get(first.key))
        moved = session.get(key)
        assert moved is not None
        self.assertEqual((moved.value, moved.version), (["b"], version))
        session.delete(key, version)
        self.assertIsNone(session.get(key))

    def test_documents_of_another_namespace_are_created_by_key(self) -> None:
        profile = self.recall.documents("profile")
        document = profile.put(self.name + "/é", "x")
        self.assertEqual(profile.get(self.name + "/é"), document)
        refusal = self.refusal(self.recall.documents("none").get, "k")
        self.assertEqual((refusal.status, refusal.type), (404, "urn:recall:no-such-namespace"))

    def test_lock_is_had_by_one_at_a_time(self) -> None:
        lock = self.recall.lock(self.name)
        inside: List[int] = []

        def work(i: int) -> int:
            with lock as held:
                inside.append(i)
                self.assertEqual(len(inside), 1)
                time.sleep(0.02)
                inside.remove(i)
                return held.fence

        with ThreadPoolExecutor(8) as threads:
            self.assertEqual(sorted(threads.map(work, range(8))), list(range(1, 9)))

    def test_lock_that_is_held_is_refused_after_the_wait(self) -> None:
        with self.recall.lock(self.name):
            refusal = self.refusal(self.client().lock(self.name, wait=0.2).__enter__)
            self.assertEqual((refusal.status, refusal.type), (409, "urn:recall:lock-held"))
            self.assertGreaterEqual(refusal.retry_after or 0, 1)

    def test_lock_is_renewed_until_it_is_left(self) -> None:
        with self.recall.lock(self.name, ttl=1) as held:
            time.sleep(2.5)
            self.assertFalse(held.lost)
            self.assertEqual(self.refusal(self.client().lock(self.name, wait=0).__enter__).status, 409)
        with self.recall.lock(self.name, wait=0) as next:
            self.assertEqual(next.fence, held.fence + 1)

    def test_lock_that_was_waited_for_longer_than_it_lives_is_held(self) -> None:
        def work() -> bool:
            with self.client().lock(self.name, ttl=0.5, wait=20) as held:
                return held.lost

        with ThreadPoolExecutor(1) as threads:
            with self.recall.lock(self.name, ttl=5):
                waiting = threads.submit(work)
                time.sleep(1)
            self.assertFalse(waiting.result())

    def test_lock_that_was_taken_away_is_lost(self) -> None:
        refusal = self.refusal(self.lose, self.recall, lambda: raw("DELETE", "/v1/locks/" + self.name))

        self.assertEqual((refusal.status, refusal.type), (412, "urn:recall:lock-lost"))

    def test_lock_that_cannot_be_renewed_is_lost(self) -> None:
        proxy = Proxy(self)

        refusal = self.refusal(self.lose, self.client(proxy.url, timeout=2), proxy.stop)

        self.assertEqual(refusal.type, "urn:recall:lock-lost")

    def lose(self, recall: Recall, how: Any) -> None:
        with recall.lock(self.name, ttl=0.6) as held:
            held.check()
            how()
            time.sleep(1)
            self.assertTrue(held.lost)
            self.assertEqual(self.refusal(held.check).type, "urn:recall:lock-lost")

    def test_lock_that_is_left_by_an_exception_is_released(self) -> None:
        with self.assertRaises(KeyError):
            with self.recall.lock(self.name):
                raise KeyError
        with self.recall.lock(self.name, wait=0):
            pass

    def test_fence_of_an_old_holder_is_refused(self) -> None:
        config = self.recall.documents("config")
        with self.recall.lock(self.name) as old:
            pass
        with self.recall.lock(self.name) as new:
            written = config.put(self.name, 1, fence=new)
        refusal = self.refusal(config.put, self.name, 2, written.version, fence=old)
        self.assertEqual((refusal.status, refusal.type), (412, "urn:recall:stale-fence"))

    def test_rate_is_taken_until_it_is_used_up(self) -> None:
        take = self.recall.rate.take
        first = take("api", self.name, 2)
        self.assertTrue(first)
        self.assertEqual((first.allowed, first.remaining, first.retry_after), (True, 1, 0))
        self.assertTrue(take("api", self.name))
        refused = take("api", self.name)
        self.assertFalse(refused)
        self.assertGreater(refused.retry_after, 1000)
        self.assertTrue(take("api", self.name + "é/other"))
        self.assertEqual(self.refusal(take, "none", "x").type, "urn:recall:no-such-rate-limit")

    def test_process_that_forks_has_connections_of_its_own(self) -> None:
        self.recall.counter.add(self.name)
        child = os.fork()
        if child == 0:
            try:
                for _ in range(50):
                    self.recall.counter.add(self.name)
            finally:
                os._exit(0)
        for _ in range(50):
            self.recall.counter.add(self.name)
        os.waitpid(child, 0)
        self.assertEqual(self.recall.counter.get(self.name), 101)


class AsyncTest(Node, unittest.IsolatedAsyncioTestCase):
    async def asyncTearDown(self) -> None:
        await self.recall.aio.close()

    def slow(self, seconds: float, **options: Any) -> Any:
        @self.recall.remember(self.name, ttl=60, **options)
        async def product(id: int) -> Any:
            self.calls.append(id)
            await asyncio.sleep(seconds)
            return {"id": id}

        return product

    async def test_callers_at_once_get_one_call_each_input(self) -> None:
        product = self.slow(0.3)

        results = await asyncio.gather(*[product(i % 3) for i in range(60)])

        self.assertEqual(results, [{"id": i % 3} for i in range(60)])
        self.assertEqual(sorted(self.calls), [0, 1, 2])

    async def test_function_that_takes_longer_than_the_lease_keeps_it(self) -> None:
        product = self.slow(2.5, lease=1)

        self.assertEqual(await asyncio.gather(product(7), product(7)), [{"id": 7}] * 2)

        self.assertEqual(self.calls, [7])

    async def test_function_that_raises_raises(self) -> None:
        @self.recall.remember(self.name, ttl=60)
        async def failing(id: int) -> int:
            self.calls.append(id)
            raise KeyError(id)

        for _ in range(2):
            with self.assertRaises(KeyError):
                await failing(7)
        self.assertEqual(self.calls, [7, 7])

    async def test_function_that_is_cancelled_gives_the_lease_back(self) -> None:
        product = self.slow(30)
        task = asyncio.ensure_future(product(7))
        while not self.calls:
            await asyncio.sleep(0.01)
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task

        begun = time.monotonic()
        self.assertEqual(await self.slow(0)(7), {"id": 7})
        self.assertLess(time.monotonic() - begun, 3)

    async def test_function_while_nobody_listens_is_called(self) -> None:
        self.recall = self.client("http://127.0.0.1:%d" % free_port())

        self.assertEqual(await self.slow(0)(7), {"id": 7})

        with self.assertRaises(RecallError) as caught:
            await self.recall.aio.counter.get("k")
        self.assertEqual((caught.exception.status, caught.exception.type), (0, "urn:recall:unreachable"))

    async def test_function_while_nobody_answers_is_called_and_the_time_lost_once(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            self.recall = self.client("http://127.0.0.1:%d" % silent.getsockname()[1], timeout=0.5)
            product = self.slow(0)
            begun = time.monotonic()
            for _ in range(10):
                self.assertEqual(await product(7), {"id": 7})
            self.assertLess(time.monotonic() - begun, 2)
            await self.recall.aio.close()

    async def test_kept_connections_that_were_closed_are_replaced(self) -> None:
        proxy = Proxy(self)
        self.recall = self.client(proxy.url, timeout=2)
        for i in range(1, 6):
            self.assertEqual(await self.recall.aio.counter.add(self.name), i)
            proxy.cut()
            time.sleep(0.05)  # the loop hears of it no earlier than it asks again
        self.assertEqual(proxy.accepted, 5)

    async def test_state_is_that_of_sync_callers(self) -> None:
        aio = self.recall.aio
        self.assertEqual(await aio.counter.add(self.name, 2, idempotency_key="ü"), 2)
        self.assertEqual(await aio.counter.get(self.name), self.recall.counter.get(self.name))
        await aio.counter.delete(self.name)
        self.assertEqual(self.recall.counter.get(self.name), 0)
        document = await aio.session.create("é")
        self.assertEqual(await aio.session.get(document.key), document)
        document = await aio.session.put(document.key, "ü", document.version)
        key, version = await aio.session.rotate(document.key)
        await aio.documents("session").delete(key, version)
        self.assertIsNone(self.recall.session.get(key))
        self.assertTrue(await aio.rate.take("api", self.name))
        self.assertEqual(await aio.result("fib", 10), "55")
        await self.slow(0)(1)
        await aio.store(self.name, 1, "é")
        self.assertEqual(await self.slow(0)(1), "é")
        await aio.forget(self.name, 1)
        self.assertIsNone(await aio.result(self.name, 1))

    async def test_large_results_come_back(self) -> None:
        @self.recall.remember(self.name, ttl=60, text=True)
        async def large(id: int) -> str:
            self.calls.append(id)
            return "é" * 20_000

        self.assertEqual([await large(1), await large(1)], ["é" * 20_000] * 2)
        self.assertEqual(self.calls, [1])

    async def test_lock_is_had_by_one_task_at_a_time(self) -> None:
        lock = self.recall.lock(self.name)
        inside: List[int] = []

        async def work(i: int) -> int:
            async with lock as held:
                inside.append(i)
                self.assertEqual(len(inside), 1)
                await asyncio.sleep(0.02)
                inside.remove(i)
                return held.fence

        self.assertEqual(sorted(await asyncio.gather(*map(work, range(8)))), list(range(1, 9)))

    async def test_lock_is_renewed_and_then_lost(self) -> None:
        with self.assertRaises(RecallError) as caught:
            async with self.recall.lock(self.name, ttl=1) as held:
                await asyncio.sleep(2.5)
                self.assertFalse(held.lost)
                raw("DELETE", "/v1/locks/" + self.name)
                await asyncio.sleep(1)
                self.assertTrue(held.lost)
        self.assertEqual(caught.exception.type, "urn:recall:lock-lost")


class Proxy:
    """What stands before the node, and can be cut and stopped."""

    def __init__(self, test: unittest.TestCase) -> None:
        self.accepted = 0
        self._port = 0
        self._sockets: List[socket.socket] = []
        self.start()
        test.addCleanup(self.stop)

    @property
    def url(self) -> str:
        return "http://127.0.0.1:%d" % self._port

    def start(self) -> None:
        self._server = socket.create_server(("127.0.0.1", self._port))
        self._port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def stop(self) -> None:
        try:
            self._server.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was stopped already
        self._server.close()
        self.cut()

    def cut(self) -> None:
        while self._sockets:
            self._cut(self._sockets.pop())

    @staticmethod
    def _cut(one: socket.socket) -> None:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the other end was first
        one.close()

    def _accept(self, server: socket.socket) -> None:
        while True:
            try:
                client = server.accept()[0]
            except OSError:
                return
            self.accepted += 1
            target = urlsplit(URL)
            node = socket.create_connection((target.hostname or "", target.port or 0))
            self._sockets += [client, node]
            for pair in ((client, node), (node, client)):
                threading.Thread(target=self._pass, args=pair, daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while True:
                data = source.recv(65_536)
                if not data:
                    break
                sink.sendall(data)
        except OSError:
            pass
        self._cut(source)
        self._cut(sink)


def raw(method: str, path: str, body: bytes = b"", headers: Any = None) -> Any:
    """Status and body, as any other client would see them."""
    connection = http.client.HTTPConnection(urlsplit(URL).netloc, timeout=10)
    try:
        connection.request(method, path, body or None, headers or {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def scripted(test: unittest.TestCase, answer: bytes) -> str:
    """Where each is answered the same, a few bytes at a time, and then hung up on."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                peer = server.accept()[0]
            except OSError:
                return
            with peer:
                try:
                    peer.recv(65_536)
                    size = 3 if len(answer) < 1000 else 1000
                    for i in range(0, len(answer), size):
                        peer.sendall(answer[i : i + size])
                except OSError:
                    pass  # it has heard enough

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()

    def stop() -> None:
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        server.close()

    test.addCleanup(stop)
    return "http://127.0.0.1:%d" % server.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


if __name__ == "__main__":
    unittest.main()

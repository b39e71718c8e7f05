"""The shop of databases.md under uvicorn, on real nodes, which DatabaseExampleIT starts and names in the environment.

RECALL_URL: a node that lives. RECALL_GUARDED_URL: one that asks for RECALL_TOKEN.
RECALL_MORTAL_URL: one that is the process RECALL_MORTAL_PID.
"""

import asyncio
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid
from typing import Any, Callable, Dict, List, Optional

import httpx

from recall import Recall, RecallError

URL = os.environ["RECALL_URL"]
TESTS = os.path.dirname(os.path.abspath(__file__))
SHOP = os.path.join(TESTS, "shop")
PAGE = os.path.join(TESTS, "..", "..", "site", "markdown", "databases.md")
PATIENCE = 30.0


class App:
    """One process of the shop, on a free port of the loopback address."""

    def __init__(self, database: str, recall: str, token: Optional[str] = None) -> None:
        environment = {**os.environ, "SHOP_DB": database, "RECALL_URL": recall, "RECALL_TOKEN": token or ""}
        if token is None:
            del environment["RECALL_TOKEN"]
        self._changed = threading.Condition()
        self._printed: List[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-m", "uvicorn", "app:app", "--app-dir", SHOP, "--host", "127.0.0.1", "--port", "0"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        try:
            self.url = self.prints(r"running on (http://127\.0\.0\.1:\d+)")
        except BaseException:
            self.close()
            raise
        self._http = httpx.Client(base_url=self.url, trust_env=False, timeout=PATIENCE)

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                self._printed.append(line)
                self._changed.notify_all()
        with self._changed:
            self._printed.append("(ended)\n")
            self._changed.notify_all()

    def prints(self, pattern: str) -> str:
        """Waits until it has printed this, and returns the first group of it."""
        with self._changed:
            self._changed.wait_for(lambda: re.search(pattern + r"|^\(ended\)", self.printed(), re.M), PATIENCE)
            found = re.search(pattern, self.printed())
        if found is None:
            raise AssertionError("it does not print %s: %s" % (pattern, self.printed()))
        return found.group(found.re.groups and 1)

    def printed(self) -> str:
        return "".join(self._printed)

    def queries(self, id: int) -> int:
        return self.printed().count("querying product %d\n" % id)

    def get(self, id: int) -> Optional[Dict[str, Any]]:
        """The product; None where it answers that there is none."""
        answer = self._http.get("/products/%d" % id)
        if answer.status_code == 404:
            return None
        assert answer.status_code == 200, (answer, self.printed())
        return dict(answer.json())

    def set_price(self, id: int, price: int) -> int:
        return self._http.put("/products/%d/price" % id, json={"price": price}).status_code

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._reader.join()
            self._process.stdout.close()  # type: ignore[union-attr]
            if hasattr(self, "_http"):
                self._http.close()


def is_unreachable(recall: Recall) -> bool:
    try:
        recall.counter.get("any")
    except RecallError as failure:
        return failure.type == "urn:recall:unreachable"
    return False


class Shop(unittest.TestCase):
    """A database, and a product that no other test knows."""

    database: str

    def setUp(self) -> None:
        self.id = uuid.uuid4().int >> 80

    def app(self, recall: str, token: Optional[str] = None) -> App:
        """One more process."""
        app = App(self.database, recall, token)
        self.addCleanup(app.close)
        return app

    def elsewhere(self, *statements: str) -> List[Any]:
        """Does it as another program: this one is none of the shop's, and calls no Recall."""
        connection = sqlite3.connect(self.database, timeout=PATIENCE)
        try:
            with connection:
                rows = [connection.execute(sql, {"id": self.id}).fetchall() for sql in statements]
            return rows[-1]
        finally:
            connection.close()

    def insert(self) -> None:
        """A product of which there is no note: none of the processes will forget it."""
        self.elsewhere("INSERT INTO product VALUES (:id, 'lamp', 30)", "DELETE FROM changed WHERE product = :id")

    def lamp(self, price: int, sold: int = 0) -> Dict[str, Any]:
        return {"id": self.id, "name": "lamp", "price": price, "sold": sold}

    def eventually(self, holds: Callable[[], bool]) -> None:
        ends = time.monotonic() + PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), ends, "it does not come about")


class TwoProcessesTest(Shop):
    """The shop in two processes, which all tests have together."""

    apps: List[App]

    @classmethod
    def setUpClass(cls) -> None:
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.database = os.path.join(directory.name, "shop.db")
        cls.apps = []
        for _ in range(2):
            cls.apps.append(App(cls.database, URL))
            cls.addClassCleanup(cls.apps[-1].close)

    def test_get_when_many_ask_both_processes_for_one_cold_product_queries_once(self) -> None:
        apps = self.apps
        self.insert()
        sent: List[httpx.Request] = []
        all_sent = threading.Event()

        async def note(request: httpx.Request) -> None:
            sent.append(request)
            if len(sent) == 60:
                all_sent.set()

        async def ask() -> List[httpx.Response]:
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE, event_hooks={"request": [note]}) as http:
                urls = ["%s/products/%d" % (apps[i % 2].url, self.id) for i in range(60)]
                return await asyncio.gather(*map(http.get, urls))

        answers: List[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.extend(asyncio.run(ask())))
        slow = sqlite3.connect(self.database, isolation_level=None)
        slow.execute("BEGIN EXCLUSIVE")  # a query that has begun waits
        try:
            asking.start()
            all_sent.wait(PATIENCE)
            self.eventually(lambda: sum(app.queries(self.id) for app in apps) > 0)
        finally:
            slow.close()
            asking.join()

        self.assertEqual([answer.json() for answer in answers], [self.lamp(30)] * 60)
        self.assertEqual(sum(app.queries(self.id) for app in apps), 1)
        self.assertEqual([app.get(self.id) for app in apps], [self.lamp(30)] * 2)
        self.assertEqual(sum(app.queries(self.id) for app in apps), 1)

    def test_put_when_it_has_answered_is_seen_by_the_other_process(self) -> None:
        one, other = self.apps
        self.insert()

        for price in range(31, 36):
            one.get(self.id), other.get(self.id)
            self.assertEqual(one.set_price(self.id, price), 204)
            self.assertEqual(other.get(self.id), self.lamp(price))
            one, other = other, one

    def test_put_when_there_is_no_such_product_is_404(self) -> None:
        self.assertEqual(self.apps[0].set_price(self.id, 1), 404)

    def test_row_when_another_program_changes_it_is_seen(self) -> None:
        apps = self.apps
        self.assertEqual([app.get(self.id) for app in apps], [None, None])

        for change, then in (
            ("INSERT INTO product VALUES (:id, 'lamp', 30)", self.lamp(30)),
            ("UPDATE product SET price = 40 WHERE id = :id", self.lamp(40)),
            ("INSERT INTO sale VALUES (:id, 3)", self.lamp(40, 3)),
            ("UPDATE sale SET pieces = 5 WHERE product = :id", self.lamp(40, 5)),
            ("DELETE FROM sale WHERE product = :id", self.lamp(40)),
            ("DELETE FROM product WHERE id = :id", None),
        ):
            with self.subTest(change):
                self.elsewhere(change)
                self.eventually(lambda: [app.get(self.id) for app in apps] == [then, then])

    def test_row_when_it_moves_to_another_key_is_seen_under_both(self) -> None:
        app = self.apps[0]
        self.insert()
        self.assertEqual([app.get(self.id), app.get(self.id + 1)], [self.lamp(30), None])

        self.elsewhere("UPDATE product SET id = id + 1 WHERE id = :id")

        self.eventually(lambda: app.get(self.id) is None)
        self.eventually(lambda: app.get(self.id + 1) is not None)

    def test_row_when_its_transaction_is_rolled_back_is_not_forgotten(self) -> None:
        app = self.apps[0]
        self.insert()
        app.get(self.id)
        connection = sqlite3.connect(self.database, timeout=PATIENCE)
        connection.execute("UPDATE product SET price = 40 WHERE id = ?", (self.id,))
        connection.rollback()
        connection.close()

        self.elsewhere("INSERT INTO product VALUES (:id + 1, 'desk', 90)")
        self.eventually(lambda: self.elsewhere("SELECT * FROM changed WHERE product = :id + 1") == [])

        self.assertEqual(app.get(self.id), self.lamp(30))
        self.assertEqual(app.queries(self.id), 1)

    def test_result_when_its_row_changes_while_it_is_made_is_not_stored(self) -> None:
        app, other = self.apps
        self.insert()
        waited: List[Any] = []
        waiter = threading.Thread(target=lambda: waited.append(other.get(self.id)))
        with Recall(URL) as recall:

            @recall.remember("product")
            def slow(id: int) -> Dict[str, Any]:
                read = self.elsewhere("SELECT price FROM product WHERE id = :id")
                waiter.start()
                self.assertEqual(app.set_price(id, 40), 204)
                return self.lamp(read[0][0])

            self.assertEqual(slow(self.id), self.lamp(30))
        waiter.join()

        self.assertEqual(waited, [self.lamp(40)])
        self.assertEqual([app.get(self.id), other.get(self.id)], [self.lamp(40)] * 2)

    def test_put_when_its_process_cannot_reach_recall_is_seen_by_the_other_one(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as closed:
            nobody = "http://127.0.0.1:%d" % closed.getsockname()[1]
        app, cut_off = self.apps[0], self.app(nobody)
        self.insert()
        self.assertEqual(app.get(self.id), self.lamp(30))

        self.assertEqual(cut_off.set_price(self.id, 40), 204)

        cut_off.prints("product %d is forgotten later" % self.id)
        self.eventually(lambda: app.get(self.id) == self.lamp(40))


class OtherNodesTest(Shop):
    """The shop at a node that dies, and at one that asks for a token; a database for each test."""

    def setUp(self) -> None:
        super().setUp()
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.database = os.path.join(directory.name, "shop.db")

    def test_shop_when_recall_is_stopped_answers_from_the_database(self) -> None:
        mortal = os.environ["RECALL_MORTAL_URL"]
        apps = [self.app(mortal), self.app(mortal)]
        self.insert()
        self.assertEqual([app.get(self.id) for app in apps], [self.lamp(30)] * 2)
        self.assertEqual(sum(app.queries(self.id) for app in apps), 1)

        os.kill(int(os.environ["RECALL_MORTAL_PID"]), signal.SIGKILL)
        with Recall(mortal) as recall:
            self.eventually(lambda: is_unreachable(recall))

        self.assertEqual([app.get(self.id) for app in apps], [self.lamp(30)] * 2)
        self.assertEqual(sum(app.queries(self.id) for app in apps), 3)
        self.assertEqual(apps[0].set_price(self.id, 40), 204)
        self.assertEqual([app.get(self.id) for app in apps], [self.lamp(40)] * 2)
        apps[0].prints("changes are forgotten later")
        self.assertIn((self.id,), self.elsewhere("SELECT product FROM changed"))

    def test_shop_when_recall_asks_for_a_token_defines_remembers_and_forgets(self) -> None:
        app = self.app(os.environ["RECALL_GUARDED_URL"], os.environ["RECALL_TOKEN"])
        self.insert()
        self.assertEqual([app.get(self.id), app.get(self.id)], [self.lamp(30)] * 2)
        self.assertEqual(app.queries(self.id), 1)

        self.assertEqual(app.set_price(self.id, 40), 204)

        self.assertEqual(app.get(self.id), self.lamp(40))


class PageTest(unittest.TestCase):
    def test_page_shows_the_app(self) -> None:
        with open(PAGE, encoding="utf-8") as page, open(os.path.join(SHOP, "app.py"), encoding="utf-8") as app:
            self.assertEqual(re.findall("```python\n(.*?)```", page.read(), re.DOTALL), [app.read()])


if __name__ == "__main__":
    unittest.main()

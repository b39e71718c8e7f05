"""How many calls a second a remembered function answers, beside the same by hand on redis-py.

    bench_remember.py URL-OF-A-NODE URL-OF-ITS-REDIS WARM-UP ROUNDS SECONDS

One process, one thread, hits only; WARM-UP and SECONDS, of each round, are in seconds. ``./run.sh bench origin`` runs it. The node knows the
computation ``product``, which is made by callers.
"""

import json
import statistics
import sys
import time
from typing import Any, Callable, Dict, List

import redis
from recall import Recall

TTL = 600


def database(id: int) -> Dict[str, Any]:
    return {"id": id, "name": "Bread", "price": 3.5, "tags": ["new", "white"]}


def by_hand(url: str) -> Callable[[int], Any]:
    server = redis.Redis.from_url(url)

    def product(id: int) -> Any:
        key = "by-hand:%d" % id
        value = server.get(key)
        if value is None:
            value = json.dumps(database(id))
            server.set(key, value, ex=TTL)
        return json.loads(value)

    return product


def remembered(url: str) -> Callable[[int], Any]:
    return Recall(url).remember("product")(database)


def calls_per_second(function: Callable[[int], Any], seconds: float) -> float:
    calls = 0
    begun = now = time.perf_counter()
    while now - begun < seconds:
        function(17)
        calls += 1
        now = time.perf_counter()
    return calls / (now - begun)


def main(node: str, server: str, warm_up: float, rounds: int, seconds: float) -> None:
    ways = {"by hand, redis-py " + redis.__version__: by_hand(server), "@recall.remember": remembered(node)}
    for function in ways.values():
        assert function(17) == database(17)
        calls_per_second(function, warm_up)
    rates: Dict[str, List[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, function in ways.items():
            rates[name].append(calls_per_second(function, seconds))
    print("| a hit in Python | calls/s | ratio |")
    print("|---|---:|---:|")
    hand = next(iter(rates.values()))
    for name, these in rates.items():
        ratio = statistics.median(one / other for one, other in zip(these, hand))
        print("| %s | %.0f | %.2f |" % (name, statistics.median(these), ratio))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))

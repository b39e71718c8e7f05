"""A shop that remembers its slow SQL query, and forgets a result when its rows change."""

import asyncio
import logging
import os
import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Optional

from fastapi import Body, FastAPI, HTTPException, Response

from recall import Recall, RecallError

DATABASE = os.environ.get("SHOP_DB", "shop.db")
SCHEMA = """
CREATE TABLE IF NOT EXISTS product (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS sale (product INTEGER NOT NULL, pieces INTEGER NOT NULL);

-- Which results must be forgotten. AUTOINCREMENT: a number that is deleted is not given out again.
CREATE TABLE IF NOT EXISTS changed (seq INTEGER PRIMARY KEY AUTOINCREMENT, product INTEGER NOT NULL);

-- One trigger for each table that the query reads, and for each kind of change.
CREATE TRIGGER IF NOT EXISTS product_insert AFTER INSERT ON product
  BEGIN INSERT INTO changed (product) VALUES (NEW.id); END;
CREATE TRIGGER IF NOT EXISTS product_update AFTER UPDATE ON product
  BEGIN INSERT INTO changed (product) VALUES (OLD.id), (NEW.id); END;
CREATE TRIGGER IF NOT EXISTS product_delete AFTER DELETE ON product
  BEGIN INSERT INTO changed (product) VALUES (OLD.id); END;
CREATE TRIGGER IF NOT EXISTS sale_insert AFTER INSERT ON sale
  BEGIN INSERT INTO changed (product) VALUES (NEW.product); END;
CREATE TRIGGER IF NOT EXISTS sale_update AFTER UPDATE ON sale
  BEGIN INSERT INTO changed (product) VALUES (OLD.product), (NEW.product); END;
CREATE TRIGGER IF NOT EXISTS sale_delete AFTER DELETE ON sale
  BEGIN INSERT INTO changed (product) VALUES (OLD.product); END;
"""

log = logging.getLogger("uvicorn.error")
app = FastAPI()
recall = Recall(
    os.environ.get("RECALL_URL", "http://127.0.0.1:8080"),
    token=os.environ.get("RECALL_TOKEN"),
    timeout=2,  # longest wait for an answer of Recall
)


@contextmanager
def transaction() -> Iterator[sqlite3.Connection]:
    """Committed when its block ends, rolled back when its block fails."""
    connection = sqlite3.connect(DATABASE)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def query(id: int) -> Optional[Dict[str, Any]]:
    print("querying product", id, flush=True)
    with transaction() as database:
        row = database.execute(
            "SELECT name, price, (SELECT coalesce(sum(pieces), 0) FROM sale WHERE product = ?1)"
            " FROM product WHERE id = ?1",
            (id,),
        ).fetchone()
    return None if row is None else {"id": id, "name": row[0], "price": row[1], "sold": row[2]}


# The slow query, remembered. Who waits for the result of another caller needs no thread: it is async.
@recall.remember("product", ttl=60, wait=10)
async def product(id: int) -> Optional[Dict[str, Any]]:
    return await asyncio.to_thread(query, id)


@app.get("/products/{id}")
async def get_product(id: int) -> Dict[str, Any]:
    found = await product(id)
    if found is None:  # remembered, too: the trigger product_insert has it forgotten
        raise HTTPException(404)
    return found


# The first way to forget: by the program that changes the row, after the commit.
@app.put("/products/{id}/price")
def put_price(id: int, price: int = Body(..., embed=True)) -> Response:
    with transaction() as database:
        found = database.execute("UPDATE product SET price = ? WHERE id = ?", (price, id)).rowcount
    try:
        recall.forget("product", id)
    except RecallError as failure:
        log.warning("product %d is forgotten later: %s", id, failure)
    if not found:
        raise HTTPException(404)
    return Response(status_code=204)


# The second way: whatever program changes a row, the triggers note it in the same transaction.
def forget_changed() -> None:
    with transaction() as database:
        changed = database.execute("SELECT seq, product FROM changed ORDER BY seq LIMIT 1000").fetchall()
    for id in {id for _, id in changed}:
        recall.forget("product", id)
    with transaction() as database:  # not reached if Recall is away: then they are tried again
        database.executemany("DELETE FROM changed WHERE seq = ?", [(seq,) for seq, _ in changed])


def watch_changed() -> None:
    while True:
        try:
            forget_changed()
            time.sleep(0.2)
        except (RecallError, sqlite3.Error) as failure:
            log.warning("changes are forgotten later: %s", failure)
            time.sleep(1)


with transaction() as first:
    first.executescript(SCHEMA)
threading.Thread(target=watch_changed, daemon=True).start()

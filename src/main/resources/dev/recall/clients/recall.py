"""Recall for Python: results are remembered, and counters, documents, locks and rate limits shared.

One file, Python 3.9 or later, nothing but the standard library. Get it from any node:

    curl -O http://127.0.0.1:8080/clients/recall.py

    from recall import Recall

    recall = Recall("http://127.0.0.1:8080")

    @recall.remember("product", ttl=60)
    def product(id: int) -> dict:
        return slow_query(id)           # runs once, whoever asks, in however many processes

``remember`` and ``lock`` are for sync and async code alike. Everything else is there twice:
``recall.counter.add("visits")`` and ``await recall.aio.counter.add("visits")``.

Everything is safe for threads, and for processes that fork. The logger is called ``recall``.
"""

from __future__ import annotations

import asyncio
import collections
import functools
import hashlib
import inspect
import json
import logging
import os
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Callable, Deque, Dict, Generator, Generic, List, Optional, Set, Tuple, TypeVar, Union, cast
from urllib.parse import quote, urlsplit

__all__ = ["Document", "HeldLock", "Recall", "RecallError", "Taken"]

Seconds = Union[int, float, timedelta]
"""How long: a number of seconds, or a timedelta."""

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_LOG = logging.getLogger("recall")
_MAX_WAIT = 30.0
_MAX_INPUT = 256
_MAX_IDLE = 16
_MAX_HEAD = 65536
_AT_ONCE = 65536
_TEXT = "text/plain; charset=utf-8"
_JSON = "application/json"
_UNREACHABLE = "urn:recall:unreachable"
_NO_ANSWER = "urn:recall:no-answer"
_INVALID = "urn:recall:invalid"
_LOCK_HELD = "urn:recall:lock-held"
_LOCK_LOST = "urn:recall:lock-lost"
_LEASE_HELD = "urn:recall:lease-held"
_LEASE_LOST = "urn:recall:lease-lost"
_NO_SUCH_COMPUTATION = "urn:recall:no-such-computation"
_NO_SUCH_RESULT = "urn:recall:no-such-result"
_NO_SUCH_DOCUMENT = "urn:recall:no-such-document"
_RATE_LIMITED = "urn:recall:rate-limited"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTED = re.compile("[\x7f-\x9f\ud800-\udfff]")


class RecallError(Exception):
    """Recall refused, or could not be asked.

    ``status`` is that of HTTP, or 0 where no answer came. ``type`` is stable, for programs to
    branch on: an urn of the node, ``urn:recall:unreachable`` where there was no connection, or
    ``urn:recall:no-answer`` where it was lost or too slow. ``detail`` says what happened.
    ``retry_after`` is when to ask again, in seconds, where that is known.
    """

    def __init__(self, status: int, type: str, detail: str, retry_after: Optional[float] = None) -> None:
        super().__init__(status, type, detail, retry_after)
        self.status = status
        self.type = type
        self.detail = detail
        self.retry_after = retry_after

    def __str__(self) -> str:
        return "%s (%d): %s" % (self.type, self.status, self.detail)


class _Late(RecallError):
    """No answer in time."""

    def __init__(self) -> None:
        super().__init__(0, _NO_ANSWER, "no answer in time")


@dataclass(frozen=True)
class Document:
    """A document as it was read or written: what it holds, and which version that is."""

    key: str
    value: Any
    version: int


@dataclass(frozen=True)
class Taken:
    """What a rate limit has answered; true where it is allowed.

    ``remaining`` is how much could be taken now, ``retry_after`` after how many seconds it would
    be allowed, where it is not.
    """

    allowed: bool
    remaining: int = 0
    retry_after: float = 0.0

    def __bool__(self) -> bool:
        return self.allowed


# What is asked, and how its answer is read.


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    body: bytes = b""
    headers: Dict[str, str] = field(default_factory=dict)
    wait: float = 0.0  # for how long the node may keep it waiting, in seconds
    again: bool = True  # whether it does no harm to send it twice


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Dict[str, str]  # their names in lower case
    body: bytes

    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.body)

    def error(self) -> RecallError:
        problem: Dict[str, Any] = {}
        try:
            problem = dict(self.json())
        except (ValueError, TypeError):
            pass  # not of Recall, but of something before it
        retry_after = self.headers.get("retry-after", "")
        return RecallError(
            self.status,
            str(problem.get("type", "about:blank")),
            str(problem.get("detail", "HTTP %d" % self.status)),
            float(retry_after) if retry_after.isdigit() else None,
        )


@dataclass(frozen=True)
class _Call(Generic[T]):
    request: _Request
    read: Callable[[_Answer], T]
    otherwise: Dict[str, Callable[[RecallError], T]] = field(default_factory=dict)

    def result(self, answer: _Answer) -> T:
        if answer.status < 400:
            return self.read(answer)
        error = answer.error()
        if error.type in self.otherwise:
            return self.otherwise[error.type](error)
        raise error


def _path(*names: str) -> str:
    for name in names:
        if name in ("", ".", ".."):
            raise RecallError(422, _INVALID, "a name must be neither empty nor a dot segment: %r" % name)
        if _SURROGATE.search(name):
            raise RecallError(422, _INVALID, "a name must have a form in UTF-8: %r" % name)
    return "/v1/" + "/".join(quote(name, safe="") for name in names)


def _json_request(method: str, path: str, fields: Dict[str, Any], **rest: Any) -> _Request:
    headers = {"Content-Type": _JSON, **rest.pop("headers", {})}
    body = json.dumps({name: value for name, value in fields.items() if value is not None})
    return _Request(method, path, body.encode("ascii"), headers, **rest)


def _if_match(tag: Union[str, int, None]) -> Dict[str, str]:
    return {} if tag is None else {"If-Match": '"%s"' % tag}


def _header(value: str) -> str:
    """UTF-8 in a header, which has one character for each byte."""
    if _CONTROL.search(value):
        raise RecallError(422, _INVALID, "a header must have no control characters: %r" % value)
    return value.encode("utf-8").decode("latin-1")


def _seconds(time: Seconds) -> float:
    return time.total_seconds() if isinstance(time, timedelta) else float(time)


def _maybe_seconds(time: Optional[Seconds]) -> Optional[float]:
    return None if time is None else _seconds(time)


def _millis(seconds: float) -> int:
    return max(0, int(seconds * 1000))


def _nothing(answer: _Answer) -> None:
    return None


def _none(error: RecallError) -> None:
    return None


# Results and their inputs, as texts.


def _input_text(arguments: Tuple[Any, ...], named: Dict[str, Any]) -> str:
    """The one argument, a text or a whole number, as it is; else all of them as canonical JSON.

    What would be too long for a name is its SHA-256. recall.js makes the same of the same.
    """
    text = _one_text(arguments) if len(arguments) == 1 and not named else None
    if text is None:
        everything: List[Any] = list(arguments)
        if named:
            everything.append(named)
        text = json.dumps(everything, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        text = _UNPRINTED.sub(lambda one: "\\u%04x" % ord(one.group()), text)
    utf8 = text.encode("utf-8")
    return text if len(utf8) <= _MAX_INPUT else "sha256:" + hashlib.sha256(utf8).hexdigest()


def _one_text(arguments: Tuple[Any, ...]) -> Optional[str]:
    one = arguments[0]
    if type(one) is int:
        return str(one)
    if type(one) is str and one not in ("", ".", "..") and not _CONTROL.search(one) and not _SURROGATE.search(one):
        return one
    return None


def _encoded(value: Any, text_only: bool) -> Tuple[str, bytes]:
    """Media type and bytes of a result. ValueError or TypeError where it would not come back as it is."""
    if text_only:
        if type(value) is not str:
            raise TypeError("%s is no str" % type(value).__name__)
        return _TEXT, value.encode("utf-8")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if not _is_exactly(value, json.loads(text)):
        raise ValueError("%s does not come back from JSON as it was" % type(value).__name__)
    return _JSON, text.encode("utf-8")


def _is_exactly(value: Any, other: Any) -> bool:
    if type(value) is not type(other):
        return False
    if type(value) is list:
        return len(value) == len(other) and all(map(_is_exactly, value, other))
    if type(value) is dict:
        return value.keys() == other.keys() and all(_is_exactly(value[key], other[key]) for key in value)
    return bool(value == other)


def _decoded(answer: _Answer) -> Any:
    media_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
    is_json = media_type == _JSON or media_type.endswith("+json")
    return answer.json() if is_json else answer.text()


# How an answer is read, whoever reads: what is wanted next, until all is there.


_Wanted = Union[bytes, int, None]
"""All up to these bytes, and them; so many bytes; or all that comes."""


def _reading() -> Generator[_Wanted, bytes, Tuple[_Answer, bool]]:
    """Returns the answer, and whether the connection can be kept."""
    status = 100
    while status < 200:
        lines = (yield b"\r\n\r\n").decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
    headers: Dict[str, str] = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    keep = headers.get("connection", "").lower() != "close"
    if status in (204, 304):
        body = b""
    elif "chunked" in headers.get("transfer-encoding", "").lower():
        chunks: List[bytes] = []
        while True:
            size = int((yield b"\r\n").split(b";")[0], 16)
            if size == 0:
                break
            chunks.append((yield size))
            yield b"\r\n"
        while (yield b"\r\n") != b"\r\n":
            pass  # trailers
        body = b"".join(chunks)
    elif "content-length" in headers:
        body = yield int(headers["content-length"])
    else:
        body = yield None
        keep = False
    return _Answer(status, headers, body), keep


# How it is sent: by the threads that ask, or by an event loop.


class _Address:
    """Where a node is, and what each request to it carries."""

    def __init__(self, url: str, token: Optional[str]) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be like http://127.0.0.1:8080: %r" % url)
        self.tls = ssl.create_default_context() if parts.scheme == "https" else None
        self.host = parts.hostname
        self.port = parts.port or (443 if self.tls else 80)
        self.netloc = parts.netloc.rpartition("@")[2]
        self.prefix = parts.path.rstrip("/")
        self.headers = {"Authorization": "Bearer " + _header(token)} if token else {}

    def bytes(self, request: _Request) -> bytes:
        """What goes over the wire."""
        headers = {"Host": self.netloc, **self.headers, **request.headers}
        if request.body or request.method in ("POST", "PUT"):
            headers["Content-Length"] = str(len(request.body))
        lines = ["%s %s%s HTTP/1.1" % (request.method, self.prefix, request.path)]
        lines.extend("%s: %s" % header for header in headers.items())
        return "\r\n".join(lines + ["", ""]).encode("latin-1") + request.body


def _failed(type: str, failure: BaseException) -> RecallError:
    if isinstance(failure, (TimeoutError, socket.timeout, asyncio.TimeoutError)):
        return _Late()
    return RecallError(0, type, "%s: %s" % (failure.__class__.__name__, failure))


class _Connection:
    """A socket, and what has come on it that nobody has taken yet."""

    def __init__(self, address: _Address, timeout: float) -> None:
        self.socket = socket.create_connection((address.host, address.port), timeout)
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if address.tls:
                self.socket = address.tls.wrap_socket(self.socket, server_hostname=address.host)
        except BaseException:
            self.close()
            raise
        self._come = bytearray()

    def is_closed(self) -> bool:
        """What can be read, unasked, is the end."""
        self.socket.settimeout(0)
        try:
            socket.socket.recv(self.socket, 1, socket.MSG_PEEK)  # TLS has no such reading of its own
        except BlockingIOError:
            return False
        except OSError:
            pass
        return True

    def exchange(self, request: bytes, timeout: float) -> Tuple[_Answer, bool]:
        self.socket.settimeout(timeout)
        self.socket.sendall(request)  # head and body in one: the node is woken once
        reading = _reading()
        try:
            wanted = next(reading)
            while True:
                wanted = reading.send(self._take(wanted))
        except StopIteration as end:
            return cast(Tuple[_Answer, bool], end.value)

    def close(self) -> None:
        self.socket.close()

    def _take(self, wanted: _Wanted) -> bytes:
        if wanted is None:
            while self._hear():
                pass
            length = len(self._come)
        elif isinstance(wanted, int):
            length = wanted
        else:
            length = self._come.find(wanted) + len(wanted)
            while length < len(wanted):
                if len(self._come) > _MAX_HEAD:
                    raise ValueError("the head of an answer is too long")
                self._must_hear()
                length = self._come.find(wanted) + len(wanted)
        while len(self._come) < length:
            self._must_hear()
        taken = bytes(self._come[:length])
        del self._come[:length]
        return taken

    def _hear(self) -> int:
        come = self.socket.recv(_AT_ONCE)
        self._come += come
        return len(come)

    def _must_hear(self) -> None:
        if not self._hear():
            raise ConnectionResetError("the connection was closed")


class _Threads:
    """Sends in the thread that asks, on connections that are kept for whoever asks next."""

    def __init__(self, address: _Address) -> None:
        self._address = address
        self._idle: Deque[_Connection] = collections.deque()
        self._process = os.getpid()

    def send(self, request: _Request, timeout: float) -> _Answer:
        connection = self._kept()
        try:
            if connection is not None:
                try:
                    return self._exchange(connection, request, timeout)
                except ConnectionError:  # the node had closed it
                    if not request.again:
                        raise
            return self._exchange(self._new(timeout), request, timeout)
        except (OSError, ValueError, LookupError) as failure:
            raise _failed(_NO_ANSWER, failure) from failure

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _new(self, timeout: float) -> _Connection:
        try:
            return _Connection(self._address, timeout)
        except OSError as failure:
            raise _failed(_UNREACHABLE, failure) from failure

    def _kept(self) -> Optional[_Connection]:
        if self._process != os.getpid():  # after a fork: these are the parent's, who goes on with them
            self._process = os.getpid()
            self.close()
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return None
            if not connection.is_closed():
                return connection
            connection.close()

    def _exchange(self, connection: _Connection, request: _Request, timeout: float) -> _Answer:
        keep = False
        try:
            answer, keep = connection.exchange(self._address.bytes(request), timeout)
            return answer
        finally:
            if keep and len(self._idle) < _MAX_IDLE:
                self._idle.append(connection)
            else:
                connection.close()


_Stream = Tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Loops:
    """Sends on the event loop that asks, on connections that it keeps."""

    def __init__(self, address: _Address) -> None:
        self._address = address
        self._idle: Dict[asyncio.AbstractEventLoop, List[_Stream]] = {}
        self._locks: Dict[asyncio.AbstractEventLoop, asyncio.Lock] = {}

    async def send(self, request: _Request, timeout: float) -> _Answer:
        try:
            return await asyncio.wait_for(self._send(request), timeout)
        except (asyncio.TimeoutError, OSError, EOFError, ValueError, asyncio.LimitOverrunError) as failure:
            raise _failed(_NO_ANSWER, failure) from failure

    def lock(self) -> asyncio.Lock:
        """One for each loop."""
        loop = asyncio.get_running_loop()
        if loop not in self._locks:
            self._locks[loop] = asyncio.Lock()
        return self._locks[loop]

    def close(self) -> None:
        """Closes those of the loop that runs; for others it is too late."""
        for _, writer in self._streams():
            writer.close()
        self._streams().clear()

    async def _send(self, request: _Request) -> _Answer:
        stream = await self._kept(request)
        if stream is not None:
            try:
                return await self._exchange(stream, request)
            except (ConnectionError, asyncio.IncompleteReadError) as closed:  # the node had closed it
                begun = isinstance(closed, asyncio.IncompleteReadError) and closed.partial
                if begun or not request.again:
                    raise
        return await self._exchange(await self._new(), request)

    async def _new(self) -> _Stream:
        address = self._address
        try:
            return await asyncio.open_connection(address.host, address.port, ssl=address.tls)
        except OSError as failure:
            raise _failed(_UNREACHABLE, failure) from failure

    def _streams(self) -> List[_Stream]:
        loop = asyncio.get_running_loop()
        if loop not in self._idle:
            for other in list(self._idle):
                if other.is_closed():
                    self._idle.pop(other, None)
                    self._locks.pop(other, None)
        return self._idle.setdefault(loop, [])

    async def _kept(self, request: _Request) -> Optional[_Stream]:
        if self._streams() and not request.again:
            await asyncio.sleep(0)  # lets the loop hear
            await asyncio.sleep(0)  # that one was closed
        while self._streams():
            reader, writer = self._streams().pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return None

    async def _exchange(self, stream: _Stream, request: _Request) -> _Answer:
        reader, writer = stream
        keep = False
        try:
            writer.write(self._address.bytes(request))
            await writer.drain()
            answer, keep = await self._answer(reader)
            return answer
        finally:
            if keep and len(self._streams()) < _MAX_IDLE:
                self._streams().append(stream)
            else:
                writer.close()

    @staticmethod
    async def _answer(reader: asyncio.StreamReader) -> Tuple[_Answer, bool]:
        reading = _reading()
        try:
            wanted = next(reading)
            while True:
                if wanted is None:
                    come = await reader.read()
                elif isinstance(wanted, int):
                    come = await reader.readexactly(wanted)
                else:
                    come = await reader.readuntil(wanted)
                wanted = reading.send(come)
        except StopIteration as end:
            return cast(Tuple[_Answer, bool], end.value)


# What is held for a time: locks and leases.


class _Hold:
    """Something that was got for a time, and is renewed until it is left: by a thread or by a task."""

    def __init__(self, begun: float, ttl: float, expires_in: float, renewal: _Call[float]) -> None:
        self._ttl = ttl
        self._until = begun + expires_in
        self._renewal = renewal
        self._lost = False
        self._left = threading.Event()
        self._task: Optional["asyncio.Task[None]"] = None

    @property
    def lost(self) -> bool:
        return self._lost or (not self._left.is_set() and time.monotonic() >= self._until)

    def keep_by_thread(self, send: "Callable[[_Call[float], float], float]") -> None:
        threading.Thread(target=self._keep, args=(send,), name="recall-renewal", daemon=True).start()

    def keep_by_task(self, send: "Callable[[_Call[float], float], Any]") -> None:
        self._task = asyncio.get_running_loop().create_task(self._keep_async(send))

    def leave(self) -> None:
        """Ends the renewal; whether it was lost stays as it is."""
        self._lost = self.lost
        self._left.set()
        if self._task is not None:
            self._task.cancel()

    def lose(self) -> None:
        self._lost = True

    def _keep(self, send: "Callable[[_Call[float], float], float]") -> None:
        pause = self._ttl / 3
        while not self._left.wait(pause) and not self.lost:
            begun = time.monotonic()
            try:
                pause = self._renewed(begun, send(self._renewal, self._patience(begun)))
            except RecallError as failure:
                pause = self._failed(failure)

    async def _keep_async(self, send: "Callable[[_Call[float], float], Any]") -> None:
        pause = self._ttl / 3
        while True:
            await asyncio.sleep(pause)
            if self.lost:
                return
            begun = time.monotonic()
            try:
                pause = self._renewed(begun, await send(self._renewal, self._patience(begun)))
            except RecallError as failure:
                pause = self._failed(failure)

    def _patience(self, now: float) -> float:
        return max(0.05, min(self._ttl / 3, self._until - now))

    def _renewed(self, begun: float, expires_in: float) -> float:
        self._until = begun + expires_in
        return self._ttl / 3

    def _failed(self, failure: RecallError) -> float:
        if failure.status == 412 and not self._left.is_set():
            self._lost = True
        return self._ttl / 10


class HeldLock:
    """A lock that is held: its ``name``, ``token`` and ``fence``, and whether it was ``lost``."""

    def __init__(self, name: str, token: str, fence: int, hold: _Hold) -> None:
        self.name = name
        self.token = token
        self.fence = fence
        self._hold = hold

    @property
    def lost(self) -> bool:
        """Whether somebody else may have it: it could not be renewed in time, or was taken away."""
        return self._hold.lost

    def check(self) -> None:
        """Raises RecallError, ``urn:recall:lock-lost``, where it was lost."""
        if self.lost:
            raise RecallError(412, _LOCK_LOST, "the lock %s was lost" % self.name)


class Lock:
    """A lock for ``with`` and for ``async with``; what they give is a HeldLock."""

    def __init__(self, recall: "Recall", name: str, ttl: float, wait: float) -> None:
        self._recall = recall
        self._name = name
        self._ttl = ttl
        self._wait = wait
        self._held: Dict[Any, HeldLock] = {}  # by who holds it: one, unless it was lost

    def __enter__(self) -> HeldLock:
        held = self._recall._run(self._acquiring())
        held._hold.keep_by_thread(self._recall._send)
        self._held[threading.get_ident()] = held
        return held

    def __exit__(self, kind: Any, *rest: Any) -> None:
        self._recall._run(self._releasing(self._held.pop(threading.get_ident()), kind is not None))

    async def __aenter__(self) -> HeldLock:
        held = await self._recall._run_async(self._acquiring())
        held._hold.keep_by_task(self._recall._send_async)
        self._held[asyncio.current_task()] = held
        return held

    async def __aexit__(self, kind: Any, *rest: Any) -> None:
        await self._recall._run_async(self._releasing(self._held.pop(asyncio.current_task()), kind is not None))

    def _acquiring(self) -> "_Steps[HeldLock]":
        path = _path("locks", self._name)
        ends = time.monotonic() + self._wait
        while True:
            left = max(0.0, ends - time.monotonic())
            wait = min(left, _MAX_WAIT)
            begun = time.monotonic()
            fields = {"ttl_ms": _millis(self._ttl), "wait_ms": _millis(wait)}
            answer = yield _json_request("POST", path, fields, wait=wait)
            if answer.status == 201:
                break
            error = answer.error()
            if error.type != _LOCK_HELD or left <= _MAX_WAIT:
                raise error
        got = answer.json()
        renewal = _Call(
            _json_request("PUT", path, {"ttl_ms": _millis(self._ttl)}, headers=_if_match(got["token"])), _expires_in
        )
        hold = yield from _held_since(begun, self._ttl, got, renewal)
        return HeldLock(self._name, got["token"], got["fence"], hold)

    def _releasing(self, held: HeldLock, failed: bool) -> "_Steps[None]":
        held._hold.leave()
        try:
            answer = yield _Request("DELETE", _path("locks", self._name), headers=_if_match(held.token))
            if answer.status == 412:
                held._hold.lose()
        except RecallError as failure:
            _LOG.warning("the lock %s could not be released, and runs out: %s", self._name, failure)
        if not failed:
            held.check()


def _held_since(begun: float, ttl: float, got: Any, renewal: _Call[float]) -> "_Steps[_Hold]":
    """Got at some moment of a wait that began then: after a long one it is renewed first, and counts from there."""
    expires_in = got["expires_in_ms"] / 1000
    if time.monotonic() - begun > ttl / 3:
        begun = time.monotonic()
        expires_in = renewal.result((yield renewal.request))
    return _Hold(begun, ttl, expires_in, renewal)


def _expires_in(answer: _Answer) -> float:
    return float(answer.json()["expires_in_ms"]) / 1000


_Steps = Generator[_Request, _Answer, T]


# Counters, documents and rate limits: what is asked, and then who asks it.


def _count(id: str, by: int, ttl: Optional[Seconds], idempotency_key: Optional[str]) -> _Call[int]:
    fields = {"by": by, "ttl": None if ttl is None else int(_seconds(ttl))}
    headers = {} if idempotency_key is None else {"Idempotency-Key": _header(idempotency_key)}
    again = idempotency_key is not None
    request = _json_request("POST", _path("counters", id), fields, headers=headers, again=again)
    return _Call(request, _value)


def _value(answer: _Answer) -> int:
    return int(answer.json()["value"])


def _counter(method: str, id: str, read: Callable[[_Answer], T]) -> _Call[T]:
    return _Call(_Request(method, _path("counters", id)), read)


class Counter:
    """The counters: they begin at 0 and are exact, however many count."""

    def __init__(self, recall: "Recall") -> None:
        self._recall = recall

    def get(self, id: str) -> int:
        """Reads a counter."""
        return self._recall._ask(_counter("GET", id, _value))

    def add(self, id: str, by: int = 1, *, ttl: Optional[Seconds] = None, idempotency_key: Optional[str] = None) -> int:
        """Adds, and returns the sum; with an idempotency key once, however often it is called."""
        return self._recall._ask(_count(id, by, ttl, idempotency_key))

    def delete(self, id: str) -> None:
        """Forgets a counter."""
        self._recall._ask(_counter("DELETE", id, _nothing))


class AsyncCounter:
    """The counters, for async code; see Counter."""

    def __init__(self, recall: "Recall") -> None:
        self._recall = recall

    async def get(self, id: str) -> int:
        return await self._recall._ask_async(_counter("GET", id, _value))

    async def add(
        self, id: str, by: int = 1, *, ttl: Optional[Seconds] = None, idempotency_key: Optional[str] = None
    ) -> int:
        return await self._recall._ask_async(_count(id, by, ttl, idempotency_key))

    async def delete(self, id: str) -> None:
        await self._recall._ask_async(_counter("DELETE", id, _nothing))


class _DocumentCalls:
    def __init__(self, namespace: str) -> None:
        self._namespace = namespace

    def _path(self, *names: str) -> str:
        return _path("state", self._namespace, *names)

    def _get(self, key: str) -> _Call[Optional[Document]]:
        def read(answer: _Answer) -> Optional[Document]:
            return Document(key, answer.json(), int(answer.headers["etag"].strip('"')))

        return _Call(_Request("GET", self._path(key)), read, {_NO_SUCH_DOCUMENT: _none})

    def _put(self, key: str, value: Any, version: Optional[int], fence: Optional[HeldLock]) -> _Call[Document]:
        headers = {"If-None-Match": "*"} if version is None else _if_match(version)
        if fence is not None:
            headers["Lock-Fence"] = "%s;%d" % (quote(fence.name, safe=""), fence.fence)
        return self._written("PUT", self._path(key), value, headers)

    def _create(self, value: Any) -> _Call[Document]:
        return self._written("POST", self._path(), value, {})

    def _written(self, method: str, path: str, value: Any, headers: Dict[str, str]) -> _Call[Document]:
        body = json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")
        again = method == "PUT"
        request = _Request(method, path, body, {"Content-Type": _JSON, **headers}, again=again)
        return _Call(request, lambda answer: Document(answer.json()["key"], value, answer.json()["version"]))

    def _delete(self, key: str, version: Optional[int]) -> _Call[None]:
        return _Call(_Request("DELETE", self._path(key), headers=_if_match(version)), _nothing)

    def _rotate(self, key: str, version: Optional[int]) -> _Call[Tuple[str, int]]:
        request = _Request("POST", self._path(key, "rotate"), headers=_if_match(version), again=False)
        return _Call(request, lambda answer: (answer.json()["key"], answer.json()["version"]))


class Documents(_DocumentCalls):
    """The documents of a namespace: any JSON, each write of which says what it replaces."""

    def __init__(self, recall: "Recall", namespace: str) -> None:
        super().__init__(namespace)
        self._recall = recall

    def get(self, key: str) -> Optional[Document]:
        """Reads a document; None where there is none."""
        return self._recall._ask(self._get(key))

    def put(
        self, key: str, value: Any, version: Optional[int] = None, *, fence: Optional[HeldLock] = None
    ) -> Document:
        """Replaces this version; without one, creates a document that must not be there.

        RecallError, ``urn:recall:stale-version``, where that is not so. With ``fence``, a lock
        that is held, nothing is written once somebody who had it later has written.
        """
        return self._recall._ask(self._put(key, value, version, fence))

    def create(self, value: Any) -> Document:
        """Creates a document under a new key that nobody can guess."""
        return self._recall._ask(self._create(value))

    def delete(self, key: str, version: Optional[int] = None) -> None:
        """Deletes a document, or only this version of it."""
        self._recall._ask(self._delete(key, version))

    def rotate(self, key: str, version: Optional[int] = None) -> Tuple[str, int]:
        """Moves a document to a new key, as for a session after a login; returns key and version."""
        return self._recall._ask(self._rotate(key, version))


class AsyncDocuments(_DocumentCalls):
    """The documents of a namespace, for async code; see Documents."""

    def __init__(self, recall: "Recall", namespace: str) -> None:
        super().__init__(namespace)
        self._recall = recall

    async def get(self, key: str) -> Optional[Document]:
        return await self._recall._ask_async(self._get(key))

    async def put(
        self, key: str, value: Any, version: Optional[int] = None, *, fence: Optional[HeldLock] = None
    ) -> Document:
        return await self._recall._ask_async(self._put(key, value, version, fence))

    async def create(self, value: Any) -> Document:
        return await self._recall._ask_async(self._create(value))

    async def delete(self, key: str, version: Optional[int] = None) -> None:
        await self._recall._ask_async(self._delete(key, version))

    async def rotate(self, key: str, version: Optional[int] = None) -> Tuple[str, int]:
        return await self._recall._ask_async(self._rotate(key, version))


def _take(name: str, caller: str, cost: int) -> _Call[Taken]:
    request = _json_request("POST", _path("rate-limits", name, caller), {"cost": cost}, again=False)
    return _Call(
        request,
        lambda answer: Taken(True, answer.json()["remaining"]),
        {_RATE_LIMITED: lambda error: Taken(False, 0, error.retry_after or 0.0)},
    )


class Rate:
    """The rate limits that the settings of the node name."""

    def __init__(self, recall: "Recall") -> None:
        self._recall = recall

    def take(self, name: str, caller: str, cost: int = 1) -> Taken:
        """Takes some of what a caller is allowed; the answer is true where that was enough."""
        return self._recall._ask(_take(name, caller, cost))


class AsyncRate:
    """The rate limits, for async code; see Rate."""

    def __init__(self, recall: "Recall") -> None:
        self._recall = recall

    async def take(self, name: str, caller: str, cost: int = 1) -> Taken:
        return await self._recall._ask_async(_take(name, caller, cost))


# Results.


def _result(computation: str, input: str) -> _Call[Any]:
    return _Call(_Request("GET", _path("results", computation, input)), _decoded, {_NO_SUCH_RESULT: _none})


def _store(computation: str, input: str, value: Any, text: bool, token: Optional[str] = None) -> _Call[None]:
    media_type, body = _encoded(value, text)
    headers = {"Content-Type": media_type, **_if_match(token)}
    return _Call(_Request("PUT", _path("results", computation, input), body, headers), _nothing)


def _forget(computation: str, input: str) -> _Call[None]:
    return _Call(_Request("DELETE", _path("cache", computation, input)), _nothing)


@dataclass(frozen=True)
class _Found:
    value: Any


@dataclass(frozen=True)
class _Undefined:
    error: RecallError


@dataclass(frozen=True)
class _What:
    """What is remembered, and how; ``define``: for how long, where nobody has defined that."""

    computation: str
    lease: float
    wait: Optional[float]
    define: Optional[float]
    text: bool


@dataclass(frozen=True)
class _Lease:
    """The right, and the duty, to compute a result that others wait for."""

    what: _What
    input: str
    token: str
    hold: _Hold

    def give_back(self, why: str) -> _Request:
        path = _path("leases", self.what.computation, self.input) + "?reason=failed&detail=" + quote(why, safe="")
        return _Request("DELETE", path, headers=_if_match(self.token))


class Recall:
    """A client of the nodes at one address.

    ``timeout`` is how long an answer may take, in seconds; and how long another process is waited
    for that computes the same result, or has a lock, where nothing else is said.
    """

    def __init__(self, url: str, token: Optional[str] = None, timeout: Seconds = 10.0) -> None:
        address = _Address(url, token)
        self._timeout = _seconds(timeout)
        self._threads = _Threads(address)
        self._loops = _Loops(address)
        self._resting_until = 0.0
        self._away = False
        self._defining = threading.Lock()
        self._defined: Dict[str, float] = {}  # when
        self._told: Set[Tuple[str, str]] = set()
        self.counter = Counter(self)
        self.session = self.documents("session")
        self.rate = Rate(self)
        self.aio = Aio(self)

    def remember(
        self,
        computation: str,
        *,
        ttl: Optional[Seconds] = None,
        lease: Seconds = 10.0,
        wait: Optional[Seconds] = None,
        key: Optional[Callable[..., str]] = None,
        text: bool = False,
    ) -> Callable[[F], F]:
        """Decorates a function, sync or async, whose results Recall remembers.

        Of all who ask for one input at once, in however many processes, one runs the function and
        the others wait for its result. The input is the one argument, a str or an int; else all
        arguments as JSON; or what ``key``, called with the arguments, returns: 1 to 256 bytes.

        A result is anything that JSON brings back as it was; others are returned, and not
        remembered. With ``text``, it is a str and kept bare, without JSON's quotes. While Recall
        is away, or refuses, the function is simply called. What the function raises is raised to
        its caller; it is not remembered.

        ``ttl``: where no node knows the computation, it is defined, with this time to live (which
        needs the scope admin). ``lease``: how long the others wait for a process that died.
        ``wait``: and for one that lives, before they call the function, too; else for the timeout
        of the client.
        """
        what = _What(computation, _seconds(lease), _maybe_seconds(wait), _maybe_seconds(ttl), text)

        def decorate(function: F) -> F:
            signature = inspect.signature(function)

            def input_of(arguments: Tuple[Any, ...], named: Dict[str, Any]) -> str:
                if key is not None:
                    return key(*arguments, **named)
                bound = signature.bind(*arguments, **named)
                bound.apply_defaults()
                return _input_text(bound.args, bound.kwargs)

            @functools.wraps(function)
            def remembered(*arguments: Any, **named: Any) -> Any:
                got = self._begin(what, input_of(arguments, named))
                if isinstance(got, _Found):
                    return got.value
                if got is None:
                    return function(*arguments, **named)
                got.hold.keep_by_thread(self._send)
                try:
                    value = function(*arguments, **named)
                except BaseException as failure:
                    self._end(self._giving_back(got, type(failure).__name__))
                    raise
                self._end(self._storing(got, value))
                return value

            @functools.wraps(function)
            async def remembered_async(*arguments: Any, **named: Any) -> Any:
                got = await self._begin_async(what, input_of(arguments, named))
                if isinstance(got, _Found):
                    return got.value
                if got is None:
                    return await function(*arguments, **named)
                got.hold.keep_by_task(self._send_async)
                try:
                    value = await function(*arguments, **named)
                except BaseException as failure:
                    await self._end_async(self._giving_back(got, type(failure).__name__))
                    raise
                await self._end_async(self._storing(got, value))
                return value

            return cast(F, remembered_async if inspect.iscoroutinefunction(function) else remembered)

        return decorate

    def result(self, computation: str, *arguments: Any) -> Any:
        """A result of any computation; None where it is one of callers, and nobody has computed it."""
        return self._ask(_result(computation, _input_text(arguments, {})))

    def store(self, computation: str, input: Any, value: Any, *, text: bool = False) -> None:
        """Writes a result, as after a change of what it was computed from."""
        self._ask(_store(computation, _input_text((input,), {}), value, text))

    def forget(self, computation: str, *arguments: Any) -> None:
        """Forgets a result, everywhere (which needs the scope admin)."""
        self._ask(_forget(computation, _input_text(arguments, {})))

    def documents(self, namespace: str) -> Documents:
        """The documents of a namespace; ``session`` are those of the namespace of this name."""
        return Documents(self, namespace)

    def lock(self, name: str, *, ttl: Seconds = 10.0, wait: Optional[Seconds] = None) -> Lock:
        """A lock that one caller has at a time, for ``with`` and ``async with``.

        It is waited for ``wait`` seconds (else for the timeout of the client; 0: not at all), past
        which RecallError is raised, ``urn:recall:lock-held``. While it is held it is renewed; it
        is free ``ttl`` seconds after its holder has died. Who leaves it after it was lost gets
        RecallError, ``urn:recall:lock-lost``; ``lost`` and ``check()`` of what ``with`` gives
        tell earlier.
        """
        return Lock(self, name, _seconds(ttl), self._timeout if wait is None else _seconds(wait))

    def close(self) -> None:
        """Closes the connections that are kept. It can be used again."""
        self._threads.close()

    def __enter__(self) -> "Recall":
        return self

    def __exit__(self, *failure: Any) -> None:
        self.close()

    # How calls are sent.

    def _send(self, call: _Call[T], timeout: float) -> T:
        return call.result(self._threads.send(call.request, timeout))

    async def _send_async(self, call: _Call[T], timeout: float) -> T:
        return call.result(await self._loops.send(call.request, timeout))

    def _ask(self, call: _Call[T]) -> T:
        return self._send(call, self._timeout)

    async def _ask_async(self, call: _Call[T]) -> T:
        return await self._send_async(call, self._timeout)

    def _run(self, steps: _Steps[T]) -> T:
        try:
            request = next(steps)
            while True:
                try:
                    answer = self._threads.send(request, request.wait + self._timeout)
                except RecallError as failure:
                    request = steps.throw(failure)
                else:
                    request = steps.send(answer)
        except StopIteration as end:
            return cast(T, end.value)

    async def _run_async(self, steps: _Steps[T]) -> T:
        try:
            request = next(steps)
            while True:
                try:
                    answer = await self._loops.send(request, request.wait + self._timeout)
                except RecallError as failure:
                    request = steps.throw(failure)
                else:
                    request = steps.send(answer)
        except StopIteration as end:
            return cast(T, end.value)

    # How a remembered function is called.

    def _begin(self, what: _What, input: str) -> Union[_Found, _Lease, None]:
        begun = time.monotonic()
        if begun < self._resting_until:
            return None
        try:
            got = self._run(self._leasing(what, input))
            if not isinstance(got, _Undefined):
                return got
            with self._defining:
                self._run(self._define(what, begun, got))
            return self._known(self._run(self._leasing(what, input)))
        except (RecallError, ValueError, LookupError) as failure:
            self._do_without(what.computation, failure)
            return None

    async def _begin_async(self, what: _What, input: str) -> Union[_Found, _Lease, None]:
        begun = time.monotonic()
        if begun < self._resting_until:
            return None
        try:
            got = await self._run_async(self._leasing(what, input))
            if not isinstance(got, _Undefined):
                return got
            async with self._loops.lock():
                await self._run_async(self._define(what, begun, got))
            return self._known(await self._run_async(self._leasing(what, input)))
        except (RecallError, ValueError, LookupError) as failure:
            self._do_without(what.computation, failure)
            return None

    def _do_without(self, computation: str, failure: Exception) -> None:
        if not isinstance(failure, RecallError):  # something else answers there
            failure = RecallError(200, "not-recall", "%s: %s" % (type(failure).__name__, failure))
        if isinstance(failure, _Late):  # what was lost in waiting is not lost again by the next call
            self._resting_until = time.monotonic() + self._timeout
        if failure.status != 0:
            self._tell(computation, failure)
        elif not self._away:
            self._away = True
            _LOG.warning("functions are called, and not remembered, since Recall is away: %s", failure)

    def _define(self, what: _What, begun: float, undefined: "_Undefined") -> _Steps[None]:
        """One after the other: what was defined since a call has begun need not be defined again."""
        if what.define is None:
            raise undefined.error
        if self._defined.get(what.computation, begun) > begun:
            return
        media_type = _TEXT if what.text else None
        contract = {"by": "callers", "ttl": "%dms" % _millis(what.define), "media-type": media_type}
        answer = yield _json_request("PUT", _path("computations", what.computation), contract)
        if answer.status >= 400:
            raise answer.error()
        self._defined[what.computation] = time.monotonic()

    @staticmethod
    def _known(got: Union[_Found, _Lease, _Undefined, None]) -> Union[_Found, _Lease, None]:
        if isinstance(got, _Undefined):
            raise got.error
        return got

    def _leasing(self, what: _What, input: str) -> "_Steps[Union[_Found, _Lease, _Undefined, None]]":
        path = _path("leases", what.computation, input)
        life = {"ttl_ms": _millis(what.lease)}
        ends = time.monotonic() + (self._timeout if what.wait is None else what.wait)
        wait = 0.0
        while True:
            begun = time.monotonic()
            answer = yield _json_request("POST", path, {**life, "wait_ms": _millis(wait)}, wait=wait)
            self._away = False
            if answer.status == 200:
                return self._found(what, answer)
            if answer.status == 201:
                got = answer.json()
                renewal = _Call(_json_request("PUT", path, life, headers=_if_match(got["token"])), _expires_in)
                hold = yield from _held_since(begun, what.lease, got, renewal)
                return _Lease(what, input, got["token"], hold)
            error = answer.error()
            left = ends - time.monotonic()
            if error.type == _LEASE_HELD and left > 0.01:
                wait = min(left, _MAX_WAIT)
            elif error.type == _NO_SUCH_COMPUTATION:
                return _Undefined(error)
            else:
                if error.type not in (_LEASE_HELD, _NO_SUCH_RESULT):
                    self._tell(what.computation, error)
                return None

    def _found(self, what: _What, answer: _Answer) -> Optional[_Found]:
        """Read as it was written, whatever it is said to be."""
        try:
            return _Found(answer.text() if what.text else answer.json())
        except ValueError as failure:
            self._tell(what.computation, RecallError(200, "not-json", str(failure)))
            return None

    def _end(self, steps: _Steps[None]) -> None:
        try:
            self._run(steps)
        except RecallError as failure:
            _LOG.info("the end of a lease could not be told: %s", failure)

    async def _end_async(self, steps: _Steps[None]) -> None:
        try:
            await self._run_async(steps)
        except RecallError as failure:
            _LOG.info("the end of a lease could not be told: %s", failure)

    @staticmethod
    def _giving_back(lease: _Lease, why: str) -> _Steps[None]:
        lease.hold.leave()
        yield lease.give_back(why)

    def _storing(self, lease: _Lease, value: Any) -> _Steps[None]:
        lease.hold.leave()
        try:
            request = _store(lease.what.computation, lease.input, value, lease.what.text, lease.token).request
        except (TypeError, ValueError, RecursionError) as failure:
            self._tell(lease.what.computation, RecallError(0, "not-remembered", str(failure)))
            yield lease.give_back(type(failure).__name__)
            return
        answer = yield request
        if answer.status >= 400:
            error = answer.error()
            if error.type != _LEASE_LOST:
                self._tell(lease.what.computation, error)
                yield lease.give_back(error.type)

    def _tell(self, computation: str, failure: RecallError) -> None:
        """Once of each kind: a function that is never remembered should be heard of."""
        kind = (computation, failure.type)
        if kind not in self._told:
            self._told.add(kind)
            _LOG.warning("results of %s are not remembered: %s", computation, failure)


class Aio:
    """What Recall has for async code beside ``remember`` and ``lock``; all of it is awaited."""

    def __init__(self, recall: Recall) -> None:
        self._recall = recall
        self.counter = AsyncCounter(recall)
        self.session = self.documents("session")
        self.rate = AsyncRate(recall)

    def documents(self, namespace: str) -> AsyncDocuments:
        return AsyncDocuments(self._recall, namespace)

    async def result(self, computation: str, *arguments: Any) -> Any:
        return await self._recall._ask_async(_result(computation, _input_text(arguments, {})))

    async def store(self, computation: str, input: Any, value: Any, *, text: bool = False) -> None:
        await self._recall._ask_async(_store(computation, _input_text((input,), {}), value, text))

    async def forget(self, computation: str, *arguments: Any) -> None:
        await self._recall._ask_async(_forget(computation, _input_text(arguments, {})))

    async def close(self) -> None:
        """Closes the connections that are kept for the event loop that runs."""
        self._recall._loops.close()

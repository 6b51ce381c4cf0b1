"""A wire to a PostgreSQL server that can be cut: before the server hears of something, or after.

The wire knows turns: what a program asks in one go, and what the server answers to it.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from io import BufferedReader
from typing import Self

from sqlalchemy import make_url

from tests.servers import Server

_SSL, _GSS = 80877103, 80877104
_ASKS = b"QS"
"""A simple query, and the end of a prepared one: the server answers up to that it is ready."""
_READY, _AUTHENTICATION, _ENDS = b"Z", b"R", b"X"
_LET_IN = 0
Meant = Callable[[int, bytes], bool]
"""Whether a turn is meant: how many there were before it, and what it asks for."""


class Cut(Enum):
    """Where the wire is cut."""

    BEFORE = "the server never hears of it"
    AFTER = "the server has done it, and nobody hears the answer"


def commits(_: int, asked: bytes) -> bool:
    """The turn that commits."""
    return b"COMMIT\0" in asked


def turn(number: int) -> Meant:
    """The turn after so many others."""
    return lambda before, _: before == number


@dataclass(slots=True)
class Wire:
    """A wire to a server; `cuts` says of which turn it is cut, once."""

    server: Server
    turns: int = 0
    cuts: tuple[Meant, Cut] | None = None
    _door: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _open: list[socket.socket] = field(default_factory=list)

    @classmethod
    @contextmanager
    def to(cls, server: Server) -> Iterator[Self]:
        """Lay a wire to a server."""
        made = cls(server)
        threading.Thread(target=made._listen, daemon=True).start()
        try:
            yield made
        finally:
            made.close()

    def url(self, name: str, role: str) -> str:
        """Say where a database is at the other end of the wire."""
        own = make_url(self.server.tcp_url(name, role)).set(port=self._door.getsockname()[1])
        return own.render_as_string(hide_password=False)

    def count(self) -> None:
        """Count turns from here."""
        self.turns, self.cuts = 0, None

    def cut(self, meant: Meant, where: Cut) -> None:
        """Cut the next turn that is meant; turns are counted from here."""
        self.turns, self.cuts = 0, (meant, where)

    def close(self) -> None:
        """Take the wire away."""
        for one in (self._door, *self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self.server.port))
        self._open += (client, server)
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client, server, suppress(OSError, _HungUp):
            self._carry(_End(client), _End(server))

    def _carry(self, client: "_End", server: "_End") -> None:
        server.send(_first_words(client))
        while _answers(server, client) != _READY:
            server.send(client.message()[1])
        while True:
            asked = _asks(client)
            cut = self._cut(asked)
            if cut is Cut.BEFORE:
                return
            server.send(asked)
            _answers(server, None if cut else client)
            if cut:
                return

    def _cut(self, asked: bytes) -> Cut | None:
        before, self.turns = self.turns, self.turns + 1
        if not self.cuts or not self.cuts[0](before, asked):
            return None
        (_, where), self.cuts = self.cuts, None
        return where


class _HungUp(Exception):
    """The other one has gone."""


class _End:
    """One end of a connection: messages come from it, bytes go to it."""

    def __init__(self, one: socket.socket) -> None:
        self._from: BufferedReader = one.makefile("rb")
        self.send = one.sendall

    def read(self, count: int) -> bytes:
        found = self._from.read(count)
        if len(found) < count:
            raise _HungUp
        return found

    def message(self) -> tuple[bytes, bytes]:
        """Read a message; returns its kind, and all of it."""
        head = self.read(5)
        (length,) = struct.unpack("!i", head[1:])
        return head[:1], head + self.read(length - 4)


def _first_words(client: _End) -> bytes:
    """Read who comes; neither TLS nor Kerberos is offered."""
    while True:
        head = client.read(8)
        length, code = struct.unpack("!ii", head)
        if code not in (_SSL, _GSS):
            return head + client.read(length - 8)
        client.send(b"N")


def _asks(client: _End) -> bytes:
    """Read what a program asks in one go."""
    asked = b""
    while True:
        kind, message = client.message()
        asked += message
        if kind == _ENDS:
            raise _HungUp
        if kind in _ASKS:
            return asked


def _answers(server: _End, client: _End | None) -> bytes:
    """Carry what the server says until it waits for an answer; returns the last kind of message."""
    while True:
        kind, message = server.message()
        if client:
            client.send(message)
        if kind == _READY:
            return kind
        if kind == _AUTHENTICATION and _asks_back(message):
            return kind


def _asks_back(message: bytes) -> bool:
    """Whether the server waits for a proof of who somebody is: not once it lets them in."""
    (step,) = struct.unpack("!i", message[5:9])
    return step not in (_LET_IN, 12)

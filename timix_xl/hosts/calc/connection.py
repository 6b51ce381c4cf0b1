"""The way to a running LibreOffice, and what is known of whether it still answers."""

import atexit
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import ModuleType
from typing import Any

from timix_xl.errors import HostError, counted
from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.calc.listening import disposing_listener
from timix_xl.hosts.calc.uno_loading import load
from timix_xl.hosts.refusals import CalcGone, CalcNotStarted, CalcSilent, NotReached

CALL_SECONDS = 60.0
"""How long one call from outside may take, unless it says otherwise."""
_PAUSE = 0.05
_LOOK = 0.1
_open: "dict[str, Connection]" = {}


class Connection:
    """One LibreOffice as UNO shows it; `close` lets go of it and ends nothing."""

    is_beyond_books = True

    def __init__(self, office: Office, pipe: str, uno: Any, bridge: Any, ctx: Any) -> None:
        self.office = office
        self.pipe = pipe
        self.users = 1
        self.uno = uno
        self.ctx = ctx
        self.smgr: Any = ctx.ServiceManager
        self.desktop: Any = self.create("com.sun.star.frame.Desktop")
        self.exception: type[BaseException] = uno.getClass("com.sun.star.uno.Exception")
        self.call_seconds = CALL_SECONDS
        self.depth = 0
        self.closed_books = False
        self.closings = 0
        self.dropped = False
        self._bridge = bridge
        self._watch = _Watch(self._give_up)
        self._silent_for: float | None = None
        self._let_go = False
        bridge.addEventListener(disposing_listener(uno, self._note_drop))

    def create(self, service: str) -> Any:
        """Make a service in the office."""
        return self.smgr.createInstanceWithContext(service, self.ctx)

    def struct(self, name: str, *values: object) -> Any:
        """Make a UNO struct of this full name."""
        return self.uno.createUnoStruct(name, *values)

    def props(self, **values: object) -> tuple[Any, ...]:
        """Write named values as UNO wants them."""
        make = self.uno.getClass("com.sun.star.beans.PropertyValue")
        return tuple(make(name, 0, value, _direct(self.uno)) for name, value in values.items())

    def url(self, path: object) -> str:
        """Write a path as UNO wants it."""
        return str(self.uno.systemPathToFileUrl(str(path)))

    def path(self, url: str) -> str:
        """Write the path of a file's URL."""
        return str(self.uno.fileUrlToSystemPath(url))

    def enter(self, seconds: float | None) -> None:
        """Begin a call from outside; None waits as long as it takes."""
        self.depth = 1
        if seconds is not None:
            self._watch.begin(seconds)

    def leave(self) -> None:
        """End the call that was begun."""
        self.depth = 0
        self._watch.end()

    def lost(self) -> HostError | None:
        """Say what became of the office, if it does not answer any more."""
        if not self.dropped:
            self.enter(self.call_seconds)
            try:
                self.desktop.getName()
            except self.exception:
                self.dropped = True
            finally:
                self.leave()
        return self.known_lost()

    def known_lost(self) -> HostError | None:
        """Say what is known to have become of the office, without asking it."""
        if self._silent_for is not None:
            return CalcSilent(seconds=counted(max(1, round(self._silent_for)), "second"))
        return CalcGone() if self.dropped else None

    def expect_end(self) -> None:
        """Note that we end the office, or let go of it: nothing is lost by that."""
        self._let_go = True

    def close(self) -> None:
        """Let go of the office, if no other app of this process needs it."""
        self.users -= 1
        if self.users <= 0:
            self.drop()

    def drop(self) -> None:
        """Let go of the office, whoever needs it."""
        self.expect_end()
        self._watch.stop()
        if _open.get(self.pipe) is self:
            del _open[self.pipe]
        self._drop()

    def _give_up(self, seconds: float) -> None:
        """Let go of an office that does not answer, so that the call that waits for it ends."""
        self._silent_for = seconds
        self.dropped = True
        self._drop()

    def _note_drop(self) -> None:
        self.dropped = not self._let_go

    def _drop(self) -> None:
        with suppress(self.exception):  # the bridge may be gone already
            self._bridge.dispose()


def connect(
    office: Office,
    pipe: str,
    *,
    seconds: float,
    secret: str = "",
    running: Callable[[], bool] | None = None,
) -> Connection:
    """Reach the LibreOffice that waits, or will wait, on a pipe of this name.

    It may ask for a secret; without it, it gives us nothing. Raises CalcNotStarted of one that was
    started for us, whose `running` tells whether it still does, NotReached of another.
    """
    known = _open.get(pipe)
    if known is not None and known.lost() is None:
        # A second bridge to one LibreOffice would get the objects of the first, and end unused.
        known.users += 1
        return known
    uno = load(office)
    local = uno.getComponentContext()
    services = local.ServiceManager
    connector = services.createInstanceWithContext("com.sun.star.connection.Connector", local)
    line = _line(office, uno, connector, pipe, seconds, running)
    bridges = services.createInstanceWithContext("com.sun.star.bridge.BridgeFactory", local)
    bridge = bridges.createBridge("", "urp", line, None)
    refused = uno.getClass("com.sun.star.uno.Exception")
    watch = _Watch(lambda _seconds: bridge.dispose())
    watch.begin(max(seconds, 1))
    try:
        ctx = bridge.getInstance(f"StarOffice.ComponentContext{secret}")
        if ctx is not None:
            return _kept(Connection(office, pipe, uno, bridge, ctx))
        why = "it does not let us in"
        with suppress(refused):  # a bridge over which nothing is held may be gone already
            bridge.dispose()
    except refused as error:
        why = f"it does not answer ({error})"
    finally:
        watch.stop()
    raise _unreached(office, why, running)


def _unreached(
    office: Office, why: str, running: Callable[[], bool] | None
) -> CalcNotStarted | NotReached:
    """Word why there is no connection: to a LibreOffice that was started for it, or to one there."""
    if running is None:
        return NotReached(why=why)
    return CalcNotStarted(soffice=office.soffice, why=why)


def close_all() -> None:
    """Let go of every office, before Python ends: a bridge calls into it."""
    for connection in list(_open.values()):
        connection.drop()


def _kept(connection: Connection) -> Connection:
    atexit.unregister(close_all)
    atexit.register(close_all)
    _open[connection.pipe] = connection
    return connection


def _line(
    office: Office,
    uno: ModuleType,
    connector: Any,
    pipe: str,
    seconds: float,
    running: Callable[[], bool] | None,
) -> Any:
    """Try until somebody waits at the other end."""
    nobody = uno.getClass("com.sun.star.connection.NoConnectException")
    end = time.monotonic() + seconds
    while True:
        try:
            return connector.connect(f"pipe,name={pipe}")
        except nobody:
            pass
        if running is not None and not running():
            raise CalcNotStarted(soffice=office.soffice, why="it ended at once")
        if time.monotonic() > end:
            waited = counted(round(seconds), "second")
            raise _unreached(office, f"it has not answered for {waited}", running)
        time.sleep(_PAUSE)


def _direct(uno: Any) -> Any:
    return uno.Enum("com.sun.star.beans.PropertyState", "DIRECT_VALUE")


class _Watch:
    """A thread that looks whether a call takes longer than it may."""

    def __init__(self, late: Callable[[float], None]) -> None:
        self._late = late
        self._call: tuple[float, float] | None = None
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, seconds: float) -> None:
        """Note that a call begins."""
        self._call = (time.monotonic() + seconds, seconds)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="timix-calc", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Note that it has ended."""
        self._call = None

    def stop(self) -> None:
        """End the thread."""
        self._call = None
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(_LOOK):
            call = self._call
            if call is not None and time.monotonic() > call[0]:
                self._late(call[1])
                return

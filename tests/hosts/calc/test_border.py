"""The border to LibreOffice: our own words for what goes wrong beyond it, and in time."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest
import xlwings as xw

from timix_xl.errors import HostError
from timix_xl.hosts import calc
from timix_xl.hosts.calc.border import bordered, outside, patient
from timix_xl.hosts.calc.connection import Connection
from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.refusals import (
    CalcGone,
    CalcRefused,
    CalcSilent,
    DiskFull,
    WorkbookGone,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stops processes by signals")


@bordered
class Probe:
    """An impl object with members that go wrong in every way."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.connection: Connection = book.connection

    @property
    def title(self) -> str:
        """Give the title."""
        return str(self.book.doc.getTitle())

    @property
    def missing(self) -> Any:
        return self.book.doc.getSheets().getByName("not there")

    @missing.setter
    def missing(self, name: str) -> None:
        self.book.doc.getSheets().removeByName(name)

    def fails(self, error: Exception) -> None:
        raise error

    def fails_after_uno(self) -> None:
        try:
            self.missing  # noqa: B018  asked for what it raises
        except self.connection.exception:
            raise KeyError("sheet") from None

    def fails_because_of_uno(self) -> None:
        try:
            self.missing  # noqa: B018  asked for what it raises
        except self.connection.exception as error:
            raise KeyError("sheet") from error

    def handles(self) -> str:
        try:
            return str(self.missing)
        except self.connection.exception:
            return "handled"

    def calls_others(self) -> str:
        return self.handles() + self.title

    def __iter__(self) -> Iterator[str]:
        yield self.title
        yield self.missing

    def does_nothing(self) -> None:
        pass

    def sleeps(self, seconds: float) -> None:
        time.sleep(seconds)

    @patient(None)
    def waits(self, seconds: float) -> str:
        time.sleep(seconds)
        return self.title

    @outside
    def depth(self) -> int:
        return self.connection.depth

    def depth_inside(self) -> int:
        return self.depth()

    def loses_sight(self) -> str:
        with suppress(self.connection.exception):
            self.book.doc.getTitle()
        return "nothing"


@pytest.fixture
def probe(book: xw.Book) -> Probe:
    """Members over a book of the shared LibreOffice."""
    return Probe(book.impl)


@pytest.fixture
def own(office: Office) -> Iterator[xw.App]:
    """A LibreOffice that a test may do anything to."""
    app = calc.start()
    yield app
    with suppress(ProcessLookupError):
        os.killpg(app.impl._started.process.pid, signal.SIGCONT)
    app.kill()


def signalled(app: xw.App, number: int) -> None:
    """Send all processes of a LibreOffice a signal."""
    os.killpg(app.impl._started.process.pid, number)
    if number == signal.SIGSTOP:
        # Its threads may still answer what is asked in the same moment.
        time.sleep(0.3)


@contextmanager
def later(seconds: float, act: Callable[[], None]) -> Iterator[None]:
    """Do something while the test waits for an answer."""
    timer = threading.Timer(seconds, act)
    timer.start()
    yield
    timer.join()


# What is raised


def test_what_libreoffice_raises_comes_as_a_refusal_with_its_reason(probe: Probe) -> None:
    with pytest.raises(CalcRefused, match=r"\(missing of a probe\): no such element"):
        probe.missing  # noqa: B018  asked for what it raises


def test_a_setter_refuses_too(probe: Probe) -> None:
    with pytest.raises(CalcRefused):
        probe.missing = "not there"


def test_nothing_foreign_hangs_on_what_is_raised(probe: Probe) -> None:
    with pytest.raises(CalcRefused) as stopped:
        probe.missing  # noqa: B018  asked for what it raises
    assert stopped.value.__context__ is None
    assert stopped.value.__cause__ is None


@pytest.mark.parametrize("name", ["fails_after_uno", "fails_because_of_uno"])
def test_our_own_errors_pass_without_what_was_foreign(probe: Probe, name: str) -> None:
    with pytest.raises(KeyError) as stopped:
        getattr(probe, name)()
    assert stopped.value.__context__ is None
    assert stopped.value.__cause__ is None


@pytest.mark.parametrize(
    "error",
    [
        KeyError("a"),
        ValueError("b"),
        IndexError("c"),
        xw.XlwingsError("d"),
        DiskFull(path="e"),
        AttributeError("f"),
        TypeError("g"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_other_errors_pass_as_they_are(probe: Probe, error: Exception) -> None:
    with pytest.raises(type(error)) as stopped:
        probe.fails(error)
    assert stopped.value is error


def test_a_context_manager_sees_python_errors_only(app: xw.App, probe: Probe) -> None:
    with pytest.raises(CalcRefused), app.properties(screen_updating=False, display_alerts=False):
        probe.missing  # noqa: B018  asked for what it raises
    assert app.screen_updating is True


def test_a_stack_of_context_managers_does_too(app: xw.App, probe: Probe) -> None:
    with pytest.raises(KeyError), ExitStack() as stack:
        stack.enter_context(app.properties(calculation="manual"))
        stack.enter_context(app.properties(screen_updating=False))
        probe.fails_because_of_uno()
    assert app.calculation == "automatic"


def test_members_that_call_each_other_are_one_call(probe: Probe) -> None:
    assert probe.calls_others() == "handled" + probe.title


def test_what_is_stepped_through_is_inside(probe: Probe) -> None:
    with pytest.raises(CalcRefused, match="list of a probe"):
        iter(probe)


def test_a_member_may_stay_outside(probe: Probe) -> None:
    assert probe.depth() == 0
    assert probe.depth_inside() == 1
    assert probe.depth() == 0


def test_docstrings_and_names_stay(probe: Probe) -> None:
    assert type(probe).fails.__name__ == "fails"
    assert type(probe).title.__doc__ == "Give the title."


def test_a_call_costs_little(probe: Probe) -> None:
    def per_call() -> float:
        start = time.thread_time()
        for _ in range(1_000):
            probe.does_nothing()
        return (time.thread_time() - start) / 1_000

    # The best of many: a machine may be busy with something else for a while.
    assert min(per_call() for _ in range(20)) < 50e-6


# What ended


def test_a_libreoffice_that_stands_still_is_given_up(own: xw.App) -> None:
    book = own.books.add()
    own.impl.connection.call_seconds = 1
    signalled(own, signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(CalcSilent, match="not answered for 1 second"):
        book.name  # noqa: B018  asked for what it raises
    assert 0.9 < time.monotonic() - start < 30
    with pytest.raises(CalcSilent):
        book.fullname  # noqa: B018  asked for what it raises
    assert time.monotonic() - start < 30


def test_one_that_stands_still_can_be_quit(own: xw.App, monkeypatch: pytest.MonkeyPatch) -> None:
    own.books.add()
    monkeypatch.setattr("timix_xl.hosts.calc.app._QUIT_SECONDS", 0.5)
    monkeypatch.setattr("timix_xl.hosts.calc.app._LAST_SECONDS", 0.1)
    signalled(own, signal.SIGSTOP)
    own.quit()
    assert not own.impl._started.runs
    assert not own.impl._started.profile.exists()


def test_a_libreoffice_that_ends_during_a_call_is_told_at_once(own: xw.App) -> None:
    book = own.books.add()
    signalled(own, signal.SIGSTOP)
    start = time.monotonic()
    with later(0.3, lambda: signalled(own, signal.SIGKILL)), pytest.raises(CalcGone):
        len(book.sheets)
    assert time.monotonic() - start < 30


def test_a_libreoffice_that_ended_between_calls_is_told(own: xw.App) -> None:
    book = own.books.add()
    signalled(own, signal.SIGKILL)
    own.impl._started.process.wait()
    with pytest.raises(CalcGone):
        len(book.sheets)


def test_a_member_that_overlooks_the_end_is_found_out(own: xw.App) -> None:
    probe = Probe(own.books.add().impl)
    signalled(own, signal.SIGKILL)
    own.impl._started.process.wait()
    with pytest.raises(CalcGone):
        probe.loses_sight()


def test_properties_are_put_back_in_vain_where_it_has_ended(own: xw.App) -> None:
    book = own.books.add()
    with pytest.raises(CalcGone), own.properties(screen_updating=False, calculation="manual"):
        signalled(own, signal.SIGKILL)
        book.name  # noqa: B018  asked for what it raises


def test_what_takes_long_may_say_so(own: xw.App) -> None:
    probe = Probe(own.books.add().impl)
    own.impl.connection.call_seconds = 0.3
    assert probe.waits(1) == probe.title
    with pytest.raises(CalcSilent):
        probe.sleeps(1)


# Workbooks that close


def closed(book: xw.Book) -> None:
    """Close a workbook as a person does: nobody tells us."""
    book.impl.doc.close(True)


def test_a_workbook_that_was_closed_is_told_and_others_go_on(app: xw.App, probe: Probe) -> None:
    other = app.books.add()
    closed(other)
    with pytest.raises(WorkbookGone, match=other.impl.known_name):
        other.fullname  # noqa: B018  asked for what it raises
    with pytest.raises(WorkbookGone):
        Probe(other.impl).loses_sight()
    assert probe.title
    assert other.impl.uid not in [each.impl.uid for each in app.books]


def test_one_that_is_closed_during_a_call_is_told(app: xw.App) -> None:
    other = app.books.add()

    @bordered
    class Closes(Probe):
        def closes(self) -> str:
            closed(other)
            return "done"

    with pytest.raises(WorkbookGone):
        Closes(other.impl).closes()


def test_what_belongs_to_it_is_gone_with_it(app: xw.App) -> None:
    other = app.books.add()
    sheet = other.sheets[0]
    cell = sheet.range("A1")
    closed(other)
    for ask in (lambda: sheet.name, lambda: cell.value, lambda: other.sheets[0]):
        with pytest.raises(WorkbookGone):
            ask()


def test_one_that_we_close_is_no_surprise(app: xw.App, probe: Probe) -> None:
    other = app.books.add()
    other.close()
    assert probe.title
    with pytest.raises(WorkbookGone):
        other.name  # noqa: B018  asked for what it raises


def test_every_refusal_of_the_border_is_a_host_error() -> None:
    assert all(issubclass(kind, HostError) for kind in (CalcGone, CalcSilent, WorkbookGone))

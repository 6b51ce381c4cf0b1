"""LibreOffice as an app: what it says, asks, calculates and shows."""

from collections.abc import Iterator

import pytest
import xlwings as xw

from timix_xl.hosts import calc
from timix_xl.hosts.alerts import Alert
from timix_xl.hosts.calc.app import App
from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.refusals import WorkbookGone


@pytest.fixture(autouse=True)
def forgotten(app: xw.App) -> Iterator[None]:
    """Begin each test with an app that was told nothing."""
    yield
    app.impl.alerts.clear()
    app.impl.answers.clear()
    app.status_bar = False


def test_it_tells_its_version(app: xw.App, office: Office) -> None:
    assert (app.version.major, app.version.minor) == office.version


def test_an_alert_without_a_window_is_written_down(app: xw.App) -> None:
    assert app.alert("Done.", "Timix", "ok", "info") == "ok"
    assert app.impl.alerts == [Alert("Done.", "Timix", "ok", "info")]


def test_and_answered_as_the_test_said(app: xw.App) -> None:
    app.impl.answers += ["yes", "cancel"]
    assert [app.alert("Go on?", buttons="yes_no_cancel") for _ in range(3)] == [
        "yes",
        "cancel",
        "ok",
    ]


class Box:
    """A message box that somebody answers."""

    def __init__(self, pressed: int) -> None:
        self.pressed = pressed
        self.asked: tuple[object, ...] = ()
        self.is_there = True

    def createMessageBox(self, *asked: object) -> "Box":  # noqa: N802  LibreOffice's name
        self.asked = asked
        return self

    def execute(self) -> int:
        return self.pressed

    def dispose(self) -> None:
        self.is_there = False


@pytest.mark.parametrize(
    ("buttons", "number", "pressed", "answer"),
    [
        ("ok", 1, 1, "ok"),
        ("ok_cancel", 2, 0, "cancel"),
        ("yes_no", 3, 2, "yes"),
        ("yes_no_cancel", 4, 3, "no"),
    ],
)
def test_with_a_window_it_is_a_message_box(
    app: xw.App,
    book: xw.Book,
    monkeypatch: pytest.MonkeyPatch,
    buttons: str,
    number: int,
    pressed: int,
    answer: str,
) -> None:
    box = Box(pressed)
    calc.document(app, book.impl.uid)  # nothing need be in front where nobody sees it
    monkeypatch.setattr(app.impl, "headless", False)
    monkeypatch.setattr(app.impl.connection, "create", lambda _service: box)
    assert app.alert("Sure?", "Timix", buttons, "critical") == answer
    window, kind, *rest = box.asked
    assert window is not None
    assert kind.value == "ERRORBOX"
    assert rest == [number, "Timix", "Sure?"]
    assert not box.is_there


def test_it_is_over_the_workbook_where_the_button_was_pressed(
    app: xw.App, book: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = Box(1)
    pressed = calc.document(app, book.impl.uid)
    other = app.books.add()
    monkeypatch.setattr(app.impl, "headless", False)
    monkeypatch.setattr(app.impl.connection, "create", lambda _service: box)
    app.alert("Done.")
    here, elsewhere = (one.impl.doc.CurrentController.Frame for one in (pressed, other))
    assert box.asked[0] == here.ContainerWindow != elsewhere.ContainerWindow
    assert app.impl._frame() == here
    pressed.close()
    assert app.impl._frame() == elsewhere
    other.close()


def test_an_alert_may_take_as_long_as_it_takes() -> None:
    assert App.alert.patience is None


def test_the_status_bar_shows_a_text_and_is_given_back(app: xw.App, book: xw.Book) -> None:
    assert app.status_bar is False
    app.status_bar = "Loading"
    app.status_bar = "Pricing"
    assert app.status_bar == "Pricing"
    app.status_bar = False
    assert app.status_bar is False


def test_the_status_bar_of_no_book_is_nobody_s(app: xw.App) -> None:
    app.status_bar = "Loading"
    app.status_bar = False
    assert app.status_bar is False


def test_the_status_bar_of_a_book_that_closed_is_let_go(app: xw.App) -> None:
    other = app.books.add()
    app.status_bar = "Loading"
    other.close()
    app.status_bar = "Pricing"
    app.status_bar = False
    assert app.status_bar is False


def test_calculation_waits_where_it_is_manual(app: xw.App, book: xw.Book) -> None:
    cell = book.impl.doc.Sheets.getByIndex(0).getCellByPosition
    cell(1, 0).Formula = "=A1*2"
    with app.properties(calculation="manual"):
        assert app.calculation == "manual"
        cell(0, 0).Value = 21
        assert cell(1, 0).Value == 0
        app.calculate()
        assert cell(1, 0).Value == 42
    assert app.calculation == "automatic"


def test_semiautomatic_is_automatic_in_calc(app: xw.App, book: xw.Book) -> None:
    app.calculation = "semiautomatic"
    assert app.calculation == "automatic"


def test_no_other_way_of_calculating_is_known(app: xw.App, book: xw.Book) -> None:
    with pytest.raises(ValueError, match="sometimes"):
        app.calculation = "sometimes"


def test_the_screen_rests_in_all_books_and_wakes_as_it_was(app: xw.App, book: xw.Book) -> None:
    other = app.books.add()
    docs = [book.impl.doc, other.impl.doc]
    with app.properties(screen_updating=False):
        app.screen_updating = False
        assert app.screen_updating is False
        assert [doc.hasControllersLocked() for doc in docs] == [True, True]
    assert [doc.hasControllersLocked() for doc in docs] == [False, False]
    other.close()


def test_the_lock_of_somebody_else_stays(app: xw.App, book: xw.Book) -> None:
    book.impl.doc.lockControllers()
    with app.properties(screen_updating=False):
        pass
    app.screen_updating = True
    assert book.impl.doc.hasControllersLocked()
    book.impl.doc.unlockControllers()


def test_the_screen_wakes_though_a_book_has_closed(app: xw.App, book: xw.Book) -> None:
    other = app.books.add()
    with app.properties(screen_updating=False):
        other.close()
    assert not book.impl.doc.hasControllersLocked()


def test_events_and_alerts_are_plain_values(app: xw.App) -> None:
    with app.properties(enable_events=False, display_alerts=False):
        assert (app.enable_events, app.display_alerts) == (False, False)
    assert (app.enable_events, app.display_alerts) == (True, True)


def test_books_are_found_by_place_name_and_path(app: xw.App, book: xw.Book) -> None:
    assert app.books[book.name.upper()] == book
    assert book in [app.books(number + 1) for number in range(len(app.books))]
    with pytest.raises(KeyError):
        app.books["not there.xlsx"]


def test_the_book_in_front_is_the_active_one(app: xw.App, book: xw.Book) -> None:
    other = app.books.add()
    assert app.books.active == other
    book.activate()
    assert app.books.active == book
    other.close()


def test_a_document_is_found_by_its_id(app: xw.App, book: xw.Book) -> None:
    assert calc.document(app, book.impl.doc.RuntimeUID) == book
    with pytest.raises(WorkbookGone, match="The workbook has been closed"):
        calc.document(app, "no such")


def test_xlwings_finds_the_app_again(app: xw.App) -> None:
    engine = xw.engines[calc.NAME]
    assert app in list(engine.apps)
    assert engine.apps[app.pid] == app
    app.activate() if xw.engines.active is engine else app.impl.activate()
    assert next(iter(engine.apps)) == app
    with pytest.raises(KeyError):
        engine.apps[-1]

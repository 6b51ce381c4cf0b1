"""The program: its messages, its status bar, and the switches that are put back."""

from pathlib import Path

import pytest
import xlwings as xw


def test_a_message_is_written_down_and_answered(book: xw.Book) -> None:
    assert book.app.alert("Issued 3 invoices.", title="Timix") == "ok"
    alert = book.app.impl.alerts[-1]
    assert (alert.prompt, alert.title, alert.buttons, alert.mode) == (
        "Issued 3 invoices.",
        "Timix",
        "ok",
        None,
    )


def test_answers_are_given_in_their_order(book: xw.Book) -> None:
    book.app.impl.answers += ["cancel", "ok"]
    told = [book.app.alert("Go on?", buttons="ok_cancel") for _ in range(3)]
    assert told == ["cancel", "ok", "ok"]


def test_the_status_bar_says_and_is_given_back(book: xw.Book) -> None:
    assert book.app.status_bar is False
    book.app.status_bar = "Timix: load unbilled …"
    assert book.app.status_bar == "Timix: load unbilled …"
    book.app.status_bar = "Timix: issue …"
    assert book.app.status_bar == "Timix: issue …"
    book.app.status_bar = False
    assert book.app.status_bar is False


@pytest.mark.parametrize("name", ["screen_updating", "display_alerts", "enable_events"])
def test_a_switch_is_turned_and_turned_back(book: xw.Book, name: str) -> None:
    app = book.app
    setattr(app, name, False)
    assert getattr(app, name) is False
    book.sheets["Entries"].range("A6").value = "x"
    assert book.sheets["Entries"].range("A6").value == "x"
    setattr(app, name, True)
    assert getattr(app, name) is True


def test_properties_are_put_back(book: xw.Book) -> None:
    app = book.app
    app.screen_updating = True
    with app.properties(status_bar="Loading ...", screen_updating=False):
        assert (app.status_bar, app.screen_updating) == ("Loading ...", False)
    assert (app.status_bar, app.screen_updating) == (False, True)


def test_properties_are_put_back_after_an_error(book: xw.Book) -> None:
    app = book.app
    app.screen_updating = True
    with pytest.raises(ZeroDivisionError), app.properties(screen_updating=False):
        _ = 1 / 0
    assert app.screen_updating is True


def test_calculation_is_by_hand_or_by_itself(book: xw.Book) -> None:
    entries, app = book.sheets["Entries"], book.app
    assert app.calculation == "automatic"
    app.calculation = "manual"
    assert app.calculation == "manual"
    entries.range("C6").value = 3
    app.calculate()
    assert entries.range("B1").value == 325.0
    app.calculation = "automatic"
    entries.range("C6").value = 1.5
    assert entries.range("B1").value == 175.0


def test_books_are_opened_by_the_program_of_another(book: xw.Book, path: Path) -> None:
    other = path.with_name("other.xlsx")
    other.write_bytes(path.read_bytes())
    made = book.app.books.open(str(other))
    assert (made.name, made.app) == ("other.xlsx", book.app)
    assert made.sheets["Entries"].range("A6").value == "001"

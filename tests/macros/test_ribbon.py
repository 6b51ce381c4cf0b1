"""The ribbon: every button changes what it says, on a workbook, through the one door."""

import datetime as dt
import errno
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.builders import ANN, BILLING_DATE, D, Shop
from tests.macros.driver import Workbook, dump
from tests.macros.presses import press
from tests.macros.test_invoices_sheet import ballots
from timix_xl import __version__, macros
from timix_xl.addin.ribbon import actions
from timix_xl.billing.bill import bill
from timix_xl.billing.close import close
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.credit import credit_money
from timix_xl.billing.draft import issue_draft
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.pro_forma import open_
from timix_xl.billing.release import release
from timix_xl.billing.send import send
from timix_xl.errors import NothingToBill
from timix_xl.hosts import files
from timix_xl.hosts.files.app import App
from timix_xl.macros import ribbon
from timix_xl.macros.ballots import carry_out
from timix_xl.settings import bundled
from timix_xl.store.database import make_store
from timix_xl.workbook.refusals import ColumnMissing

pytestmark = pytest.mark.usefixtures("excel")

ONE = "INV-2026-00001"
PF = "PF-00001"


@dataclass(frozen=True)
class World:
    """A workbook with work loaded, its store, and a home."""

    book: Workbook
    shop: Shop
    home: Path

    @property
    def folder(self) -> Path:
        """Where the workbook lies."""
        return self.book.path.parent

    def column(self, title: str, table: str) -> list[Any]:
        """Read a column as it shows."""
        return self.book.column(title, table)


@pytest.fixture
def world(book: Workbook, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose store the settings name."""
    home = tmp_path / "home"
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setattr("timix_xl.settings.sys.platform", "linux")
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    return World(book, shop, home)


# Every button.


def as_it_is(world: World) -> None:
    """Leave everything as it is."""


def a_file(world: World) -> None:
    """Put entries beside the workbook and name the file."""
    (world.folder / "hours.csv").write_text(
        "id,date,project,task,person,quantity,status\nN1,2026-01-09,P,T,ann,3,approved\n"
    )
    world.book.put(import_file="hours.csv")


def more_work(world: World) -> None:
    """Add an entry that the workbook does not show yet."""
    world.shop.time("E9", on="2026-01-09")


def an_order(world: World) -> None:
    """Add a frame order that only the first entry fits, and choose it."""
    world.shop.order("FO-1", "7.5")
    world.book.load()
    world.book.put(frame_order="FO-1")


def an_invoice(world: World) -> None:
    """Issue everything, and show the register."""
    world.book.run(macros.issue)


def a_void(world: World) -> None:
    """Fill in the ballot of a void."""
    an_invoice(world)
    ballots(world.book, {ONE: {"action": "Void", "note": "wrong order"}})


def unseen_invoice(world: World) -> None:
    """Issue everything without the workbook."""
    world.shop.issue()


def a_project(world: World) -> None:
    """Choose a project that is billed by pro forma."""
    world.shop.project("X", pro_forma=True)
    world.shop.time("X1", project="X", hours="2")
    world.book.put(project="X", project_billing_date=BILLING_DATE)


def a_pro_forma(world: World) -> None:
    """Bill it, so that there is a pro forma."""
    a_project(world)
    bill(world.shop.store, "X", date=BILLING_DATE, actor=ANN)


def a_loaded_pro_forma(world: World) -> None:
    """Load the pro forma."""
    a_pro_forma(world)
    world.book.run(macros.refresh_pro_forma)


def an_edited_pro_forma(world: World) -> None:
    """Type another amount into its line."""
    a_loaded_pro_forma(world)
    world.book.type("tblProForma", "Line", {"1": {"Amount to invoice": 150}})


def an_open_pro_forma(world: World) -> None:
    """Open the pro forma."""
    a_loaded_pro_forma(world)
    world.book.run(macros.open_pro_forma)


def a_revision(world: World) -> None:
    """Release and issue the pro forma, correct it, and open the revision of 150.00."""
    a_pro_forma(world)
    store = world.shop.store
    open_(store, PF, actor=ANN)
    issue_draft(store, release(store, PF, actor=ANN).document, actor=ANN)
    correct_pro_forma(store, PF, "agreed anew", actor=ANN)
    world.book.run(macros.refresh_pro_forma)
    world.book.type("tblProForma", "Line", {"1": {"Amount to invoice": 150}})
    world.book.run(macros.save_pro_forma)
    world.book.run(macros.open_pro_forma)


def in_store(query: str) -> Callable[[World], Any]:
    """Look into the store."""
    return lambda world: world.shop.rows(query)


def in_sheet(title: str, table: str) -> Callable[[World], Any]:
    """Look at a column."""
    return lambda world: world.book.column(title, table)


def files_in(*parts: str, pattern: str = "*") -> Callable[[World], Any]:
    """Look at the files of a folder."""
    return lambda world: sorted(
        one.name for one in world.folder.joinpath(*parts).glob(pattern) if one.is_file()
    )


STATE = in_store("SELECT state FROM pro_formas")
DECISIONS = in_sheet("Decision", "tblEntries")
DOCUMENTS = in_store("SELECT number, status FROM documents")


@dataclass(frozen=True)
class Press:
    """A button: what is there before, where one looks, and what changes there."""

    action: str
    prepare: Callable[[World], None]
    look: Callable[[World], Any]
    before: Any
    after: Any

    def __str__(self) -> str:
        return self.action


PRESSES = [
    Press("new_workbook", as_it_is, files_in("home", "Documents"), [], ["billing.xlsx"]),
    Press("import_entries", a_file, in_store("SELECT state FROM entries WHERE id = 'N1'"), [], [("open",)]),
    Press("refresh_customers", more_work, in_sheet("Unbilled hours", "tblCustomers"), [9.8333], [10.8333]),
    Press("load_unbilled", more_work, in_sheet("Entry", "tblEntries"), ["E1", "E2", "E3", "M1"], ["E1", "E2", "E3", "M1", "E9"]),
    Press("bill_all", as_it_is, DECISIONS, [None] * 4, ["Bill"] * 4),
    Press("defer_all", as_it_is, DECISIONS, [None] * 4, ["Defer"] * 4),
    Press("save_decisions", lambda world: world.book.decide(E1="Defer"), in_store("SELECT entry, decision FROM decisions"), [], [("E1", "defer")]),
    Press("fit_to_frame_order", an_order, DECISIONS, [None] * 4, ["Bill", "Defer", "Defer", None]),
    Press("preview", as_it_is, lambda world: world.column("Description", "tblPreview")[:4], [], ["Work E1", "Work E2", "Work E3", "Work M1"]),
    Press("save_draft", as_it_is, DOCUMENTS, [], [(None, "draft")]),
    Press("issue", as_it_is, DOCUMENTS, [], [(ONE, "issued")]),
    Press("refresh_invoices", unseen_invoice, in_sheet("Number", "tblInvoices"), [], [ONE]),
    Press("run_actions", a_void, DOCUMENTS, [(ONE, "issued")], [(ONE, "void")]),
    Press("export_pdf", an_invoice, files_in(pattern="*.pdf"), [], [f"{ONE}.pdf"]),
    Press("bill_project", a_project, in_store("SELECT number FROM pro_formas"), [], [(PF,)]),
    Press("refresh_pro_forma", a_pro_forma, in_sheet("Entries", "tblProForma"), [], ["X1"]),
    Press("save_pro_forma", an_edited_pro_forma, in_store("SELECT amount FROM document_lines"), [(20000,)], [(15000,)]),
    Press("open_pro_forma", a_loaded_pro_forma, STATE, [("on_hold",)], [("open",)]),
    Press("hold_pro_forma", an_open_pro_forma, STATE, [("open",)], [("on_hold",)]),
    Press("release_pro_forma", an_open_pro_forma, STATE, [("open",)], [("closed",)]),
    Press("verify_store", as_it_is, lambda world: world.book.shown("status").partition(":")[0], "Loaded 4 entries of ACME up to 2026-01-31", "Everything holds"),
    Press("help", as_it_is, files_in("home", "data", "timix-xl"), [], ["timix-xl-help.html"]),
]  # fmt: skip
BY_MESSAGE = {"recalculate", "settings"}
"""Buttons that change no store and no sheet of ours: each has a test of its own below."""


@pytest.mark.parametrize("case", PRESSES, ids=str)
def test_a_button_changes_what_it_is_for(case: Press, world: World) -> None:
    case.prepare(world)
    assert case.look(world) == case.before
    press(world.book, case.action)
    assert case.look(world) == case.after


def test_every_button_of_the_ribbon_is_pressed_here() -> None:
    assert {case.action for case in PRESSES} | BY_MESSAGE == set(actions())


def test_the_ribbon_and_the_macros_name_the_same_actions_in_the_same_order() -> None:
    assert tuple(ribbon.ACTIONS) == actions()


def test_recalculate_calculates(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calculated: list[object] = []

    def calculate(app: App) -> None:
        calculated.append(app)

    monkeypatch.setattr(App, "calculate", calculate)
    assert press(world.book, "recalculate") == []
    assert len(calculated) == 1


# The door.


def test_an_add_in_of_another_version_is_told_so_and_does_nothing(world: World) -> None:
    before = dump(world.shop.store)
    (message,) = press(world.book, "issue", version="0.0.9")
    assert message == (
        f"The add-in in Excel is of timix-xl 0.0.9, but timix-xl {__version__} is installed."
        " Run: timix-xl addin install; then quit Excel and start it again. [RIBBON-01]"
    )
    assert dump(world.shop.store) == before


def test_an_unknown_button_is_told_so(world: World) -> None:
    (message,) = press(world.book, "issue_everything")
    assert message.endswith("[RIBBON-02]")


def test_a_name_of_python_is_no_button(world: World) -> None:
    (message,) = press(world.book, "__class__")
    assert message.endswith("[RIBBON-02]")


def test_the_command_that_the_add_in_gives_is_one_that_python_runs(world: World) -> None:
    press_it = f"timix_xl.macros.ribbon.press('bill_all','{__version__}')"
    with files.open_book(world.book.path) as opened:
        opened.set_mock_caller()
        exec(f"import timix_xl.macros.ribbon;{press_it}", {})
        opened.save()
    assert world.book.column("Decision") == ["Bill"] * 4


# The status bar.


def shown_while_busy(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Note what the status bar is set to."""
    shown: list[object] = []
    monkeypatch.setattr(
        App, "__setattr__", lambda app, name, value: _noted(app, name, value, shown)
    )
    return shown


def _noted(app: App, name: str, value: object, shown: list[object]) -> None:
    if name == "status_bar":
        shown.append(value)
    object.__setattr__(app, name, value)


def test_the_status_bar_says_what_is_done_and_is_given_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = shown_while_busy(monkeypatch)
    press(world.book, "load_unbilled")
    assert shown == ["Timix: load unbilled …", False]


def test_the_status_bar_is_given_back_after_a_refusal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.book.put(customer="NOBODY")
    shown = shown_while_busy(monkeypatch)
    assert len(press(world.book, "load_unbilled")) == 1
    assert shown[-1] is False


def test_the_status_bar_is_given_back_after_a_crash(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ConnectionAbortedError

    shown = shown_while_busy(monkeypatch)
    monkeypatch.setattr("timix_xl.macros.loading.load", crash)
    with pytest.raises(ConnectionAbortedError):
        press(world.book, "load_unbilled")
    assert shown[-1] is False


def test_a_caller_with_a_desk_of_its_own_gets_no_status_bar_and_no_question(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = shown_while_busy(monkeypatch)
    asked: list[object] = []
    monkeypatch.setattr(App, "alert", lambda *given: asked.append(given))
    assert world.book.run(macros.issue).numbers == (ONE,)
    assert (shown, asked) == ([], [])


# Questions.


def test_an_issue_asks_with_its_totals(world: World) -> None:
    world.shop.order("FO-1", "100")
    world.book.load()
    world.book.put(frame_order="FO-1")
    world.book.decide(E1="Defer", M1="Write off")
    assert press(world.book, "issue") == [
        "Issue 1 invoice to Acme Ltd, dated 2026-01-31, due 2026-03-02:"
        " 277.66 EUR (net 233.33, tax 44.33)?\n"
        "2 entries are billed, 1 deferred, 1 written off (99.80 EUR).\n"
        "2.3333 h are drawn from frame order FO-1, 97.6667 h remain.\n"
        "\nAn issued invoice cannot be changed or undone, only credited or voided.\n"
        "What is written off is not billed again unless it is restored (timix-xl restore)."
    ]
    assert world.shop.value("SELECT total FROM documents") == 27766


def test_an_issue_asks_with_the_date_that_a_closed_month_makes(world: World) -> None:
    close(world.shop.store, "2026-01", actor=ANN)
    (question,) = press(world.book, "issue")
    assert "dated 2026-02-01, due 2026-03-03:" in question.splitlines()[0]
    assert question.splitlines()[1] == (
        "The date is not the billing date, 2026-01-31: everything up to the day before is closed."
    )
    assert world.shop.value("SELECT issue_date FROM documents") == "2026-02-01"


def test_an_issue_asks_with_the_date_that_the_series_makes(world: World) -> None:
    an_invoice_of_february(world)
    (question,) = press(world.book, "issue")
    assert "dated 2026-02-10, due 2026-03-12:" in question.splitlines()[0]
    assert question.splitlines()[1] == (
        "The date is not the billing date, 2026-01-31: the last invoice is dated so,"
        " and dates do not run backwards."
    )


def an_invoice_of_february(world: World) -> None:
    """Issue another customer's invoice, dated 10 February."""
    world.shop.customer("BETA")
    world.shop.time("B1", project="P-BETA")
    world.shop.issue("BETA", issue_date=dt.date(2026, 2, 10))


def test_an_issue_on_a_chosen_date_does_not_explain_it(world: World) -> None:
    world.book.put(issue_date=dt.date(2026, 2, 3))
    (question,) = press(world.book, "issue")
    assert "dated 2026-02-03, due 2026-03-05:" in question
    assert "billing date" not in question


def test_an_issue_is_refused_when_its_date_changed_while_it_was_asked(world: World) -> None:
    _, message = press(world.book, "issue", asked=once(lambda: an_invoice_of_february(world)))
    assert message.endswith("[RUN-08]")
    assert world.book.column("Entry") == ["E1", "E2", "E3", "M1"]


def test_a_run_that_writes_nothing_off_does_not_speak_of_it(world: World) -> None:
    (question,) = press(world.book, "issue")
    assert "What is written off" not in question


def test_a_draft_that_writes_something_off_asks(world: World) -> None:
    world.book.decide(E1="Defer", M1="Write off")
    assert press(world.book, "save_draft") == [
        "Save 1 draft for Acme Ltd, dated 2026-01-31, due 2026-03-02:"
        " 277.66 EUR (net 233.33, tax 44.33)?\n"
        "2 entries are on it, 1 deferred, 1 written off (99.80 EUR).\n"
        "What is decided takes effect at once.\n"
        "\nWhat is written off is not billed again unless it is restored (timix-xl restore)."
    ]
    assert DOCUMENTS(world) == [(None, "draft")]


def test_a_no_saves_no_draft(world: World) -> None:
    world.book.decide(M1="Write off")
    before = dump(world.shop.store)
    press(world.book, "save_draft", "cancel")
    assert dump(world.shop.store) == before
    assert world.book.shown("status") == "Nothing was saved."


def test_a_draft_is_refused_when_what_it_writes_off_changed_while_it_was_asked(
    world: World,
) -> None:
    world.book.decide(M1="Write off")
    change = CHANGES["the terms"]
    _, message = press(world.book, "save_draft", asked=once(lambda: change(world.shop)))
    assert message.endswith("[RUN-08]")
    assert DOCUMENTS(world) == []


def test_a_draft_that_writes_nothing_off_asks_nothing(world: World) -> None:
    world.book.decide(E1="Defer")
    assert press(world.book, "save_draft") == []


def test_a_draft_over_a_limit_that_writes_something_off_asks(world: World) -> None:
    world.shop.add("limits", id=1, project="P", amount=1)
    world.book.load()
    world.book.decide(M1="Write off")
    (question,) = press(world.book, "save_draft")
    assert (
        "\nLine 1 bills 750.00 EUR of project P, whose limit of 0.01 EUR leaves 0.01 EUR:"
        " 749.99 EUR too much.\n"
    ) in question


def test_a_question_names_the_first_of_many_warnings(world: World) -> None:
    world.shop.add("limits", id=1, project="P", amount=1)
    world.shop.time("F1")
    world.book.load()
    world.book.put(group_by="Entry")
    world.book.decide(E2="Write off")
    (question,) = press(world.book, "save_draft")
    assert question.count("too much.") == 3
    assert "\n1 more warning.\n" in question


def test_a_run_without_an_invoice_asks_as_well(world: World) -> None:
    world.book.decide(E1="Defer", E2="Defer", E3="Defer", M1="Write off")
    (question,) = press(world.book, "issue")
    assert question.startswith(
        "Carry out the run of Acme Ltd without an invoice?\n"
        "0 entries are billed, 3 deferred, 1 written off (99.80 EUR).\n"
    )


def test_a_question_says_that_there_are_warnings(world: World) -> None:
    world.shop.order("FO-1", "1", overrun="warn")
    world.book.load()
    world.book.put(frame_order="FO-1")
    (question,) = press(world.book, "issue")
    assert (
        "\nFrame order FO-1 has 1 h left; this run draws 9.8333 h, 8.8333 h more than that.\n"
    ) in question


def over_limits_are_told(world: World) -> None:
    """Let limits warn, not refuse."""
    numbers = {
        "invoice_number": "INV-{year}-{seq:05d}",
        "credit_note_number": "CN-{year}-{seq:05d}",
        "pro_forma_number": "PF-{seq:05d}",
    }
    ways = {"over_limit": "ignore", "cut_off": "include", "locale": "en"}
    world.shop.add("settings", id=1, payment_terms_days=30, **ways, **numbers)
    world.book.load()


def test_an_issue_is_refused_when_it_is_warned_of_something_new(world: World) -> None:
    over_limits_are_told(world)
    limited = partial(world.shop.add, "limits", id=1, project="P", amount=1)
    _, message = press(world.book, "issue", asked=once(limited))
    assert message.endswith("[RUN-08]")
    assert world.shop.rows("SELECT 1 FROM documents") == []


def test_a_no_issues_nothing_and_leaves_the_decisions(world: World) -> None:
    world.book.decide(E1="Defer")
    before = dump(world.shop.store)
    press(world.book, "issue", "cancel")
    assert dump(world.shop.store) == before
    assert world.book.column("Decision") == ["Defer", None, None, None]
    assert world.book.shown("status") == "Nothing was issued."


def test_what_cannot_be_issued_is_not_asked_about(world: World) -> None:
    world.book.decide(E1="Maybe")
    (message,) = press(world.book, "issue")
    assert message.endswith("[RUN-02]")


CHANGES: dict[str, Callable[[Shop], None]] = {
    "the customer's address": lambda shop: shop.change("customers", {"code": "ACME"}, city="Rome"),
    "the terms": lambda shop: shop.change("customers", {"code": "ACME"}, payment_terms_days=7),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_issue_is_refused_when_its_document_changed_while_it_was_asked(
    change: Callable[[Shop], None], world: World
) -> None:
    _, message = press(world.book, "issue", asked=once(lambda: change(world.shop)))
    assert message.endswith("[RUN-08]")
    assert world.shop.rows("SELECT 1 FROM documents") == []


def once(action: Callable[[], object]) -> Callable[[str], object]:
    """Do something when the first box is shown."""
    left = [action]
    return lambda _: left.pop()() if left else None


ROW_CHANGES: dict[str, Callable[[Shop], None]] = {
    "the hours": lambda shop: shop.change(
        "entries", {"id": "E1"}, quantity=D(9), billable_quantity=D(9)
    ),
    "the tax": lambda shop: shop.change("tax_rates", {"tax_code": "S19"}, percent=D(20)),
    "the rate": lambda shop: shop.change("customers", {"code": "ACME"}, bill_rate=D(90)),
}


@pytest.mark.parametrize("change", ROW_CHANGES.values(), ids=ROW_CHANGES)
def test_an_issue_is_refused_when_a_row_changed_while_it_was_asked(
    change: Callable[[Shop], None], world: World
) -> None:
    _, message = press(world.book, "issue", asked=once(lambda: change(world.shop)))
    assert message.endswith("[RUN-03]")
    assert world.shop.rows("SELECT 1 FROM documents") == []


def test_an_issue_that_became_possible_unasked_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mended(*_: Any, **__: Any) -> Any:
        raise NothingToBill(customer="ACME", billing_date=BILLING_DATE)

    monkeypatch.setattr(macros.running, "preview_run", mended)
    (message,) = press(world.book, "issue")
    assert message.endswith("[RUN-08]")
    assert world.shop.rows("SELECT 1 FROM documents") == []


def test_a_run_that_was_issued_but_not_shown_is_shown_without_a_question(world: World) -> None:
    before = world.book.path.read_bytes()
    press(world.book, "issue")
    world.book.path.write_bytes(before)
    assert press(world.book, "issue") == []
    assert world.shop.rows("SELECT number FROM documents") == [(ONE,)]
    assert world.book.shown("status").startswith(f"Issued {ONE}")


def test_actions_ask_once_with_every_number_and_the_sums(world: World) -> None:
    world.shop.customer("USCO", currency="USD")
    world.shop.time("U1", project="P-USCO", currency="USD")
    world.shop.time("B1", "B2", on="2026-02-02")
    world.shop.issue("USCO")
    an_invoice(world)
    world.shop.issue(upto=dt.date(2026, 2, 28))
    world.book.run(macros.refresh_invoices)
    numbers = world.column("Number", "tblInvoices")
    asked = {
        "INV-2026-00001": {"action": "Credit (bill again)", "note": "agreed"},
        "INV-2026-00002": {"action": "Write off", "amount": 100, "note": "agreed"},
        "INV-2026-00003": {"action": "Send"},
    }
    assert sorted(numbers) == sorted(asked)
    ballots(world.book, asked)
    assert press(world.book, "run_actions", "cancel") == [
        "Carry out 2 actions on the register?\n"
        "Credit (bill again): INV-2026-00001, USCO (119.00 USD)."
        " A credit note is issued; its entries can be billed again.\n"
        "Write off: INV-2026-00002, ACME (100.00 EUR)."
        " You stop waiting for this money; timix-xl invoice reinstate takes it back.\n"
        "1 other action is carried out as well."
    ]


def question_about(world: World, cells: dict[str, dict[str, Any]]) -> list[str]:
    """Fill in ballots, run the actions, say no; returns the lines of the question below its head."""
    world.book.run(macros.refresh_invoices)
    ballots(world.book, cells)
    (question,) = press(world.book, "run_actions", "cancel")
    return question.splitlines()[1:]


def test_a_void_of_an_invoice_that_was_never_sent_says_so(world: World) -> None:
    an_invoice(world)
    assert question_about(world, {ONE: {"action": "Void", "note": "x"}}) == [
        f"Void: {ONE}, ACME (1,288.92 EUR)."
        " Never sent: its number stays, its entries can be billed again."
    ]


def test_a_void_of_a_sent_invoice_says_that_a_credit_note_is_issued(world: World) -> None:
    an_invoice(world)
    send(world.shop.store, ONE, actor=ANN)
    assert question_about(world, {ONE: {"action": "Void", "note": "x"}}) == [
        f"Void: {ONE}, ACME (1,288.92 EUR)."
        " It was sent: a credit note is issued, its entries can be billed again."
    ]


def test_a_void_of_an_invoice_that_is_credited_in_part_asks_about_the_rest(world: World) -> None:
    an_invoice(world)
    credit_money(world.shop.store, ONE, 1, D(100), "goodwill", actor=ANN)
    assert question_about(world, {ONE: {"action": "Void", "note": "x"}}) == [
        f"Void: {ONE}, ACME (1,169.92 EUR)."
        " A part is credited: a credit note is issued for the rest,"
        " its entries can be billed again."
    ]


def test_a_credit_that_writes_off_says_that_the_work_is_given_up(world: World) -> None:
    an_invoice(world)
    assert question_about(world, {ONE: {"action": "Credit (write off)", "note": "x"}}) == [
        f"Credit (write off): {ONE}, ACME (1,288.92 EUR)."
        " A credit note is issued; the work is given up."
    ]


def test_the_deletion_of_a_draft_says_what_becomes_of_its_entries(world: World) -> None:
    world.book.run(macros.save_draft)
    assert question_about(world, {"DRAFT-1": {"action": "Delete"}}) == [
        "Delete: DRAFT-1, ACME (1,288.92 EUR). Its entries can be billed again."
    ]


def test_the_deletion_of_a_draft_of_a_pro_forma_says_that_it_is_on_hold_again(
    world: World,
) -> None:
    an_open_pro_forma(world)
    press(world.book, "release_pro_forma")
    (line,) = question_about(world, {"DRAFT-2": {"action": "Delete"}})
    assert line.endswith("Its pro forma is On Hold again.")


def test_the_issue_of_a_draft_asks_with_its_dates(world: World) -> None:
    world.book.run(macros.save_draft)
    an_invoice_of_february(world)
    assert question_about(world, {"DRAFT-1": {"action": "Issue"}}) == [
        "Issue: DRAFT-1, ACME (1,288.92 EUR), dated 2026-02-10, due 2026-03-12."
        " It becomes an invoice with a number, for good."
    ]


def test_the_issue_of_a_draft_is_refused_when_its_date_changed_while_it_was_asked(
    world: World,
) -> None:
    world.book.run(macros.save_draft)
    ballots(world.book, {"DRAFT-1": {"action": "Issue"}})
    press(world.book, "run_actions", asked=once(lambda: an_invoice_of_february(world)))
    assert world.book.codes() == ["RUN-08"]
    assert DOCUMENTS(world) == [(None, "draft"), (ONE, "issued")]


def test_several_actions_of_a_kind_are_told_together_with_their_sum(world: World) -> None:
    world.book.run(macros.save_draft)
    world.shop.time("N1", "N2", on="2026-01-09")
    world.book.load()
    world.book.run(macros.save_draft)
    several = {"DRAFT-1": {"action": "Issue"}, "DRAFT-2": {"action": "Issue"}}
    assert question_about(world, several) == [
        "Issue 2 (1,526.92 EUR): DRAFT-1, ACME (1,288.92 EUR), DRAFT-2, ACME (238.00 EUR)."
        " They become invoices with numbers, for good, dated 2026-01-31 or later."
    ]
    press(world.book, "run_actions")
    assert world.column("Status", "tblInvoices") == ["Issued", "Issued"]


REFUSED_ANYWAY = {
    "a void without a note": {"action": "Void"},
    "a credit without a note": {"action": "Credit (bill again)"},
    "a credit of an amount": {"action": "Credit (write off)", "note": "x", "amount": 5},
    "a write-off without a note": {"action": "Write off"},
    "a write-off of too much": {"action": "Write off", "note": "x", "amount": 99999},
    "a write-off of less than a cent": {"action": "Write off", "note": "x", "amount": 0.001},
    "the deletion of an invoice": {"action": "Delete"},
    "the issue of an invoice": {"action": "Issue"},
    "an action that is none": {"action": "Shred"},
}


@pytest.mark.parametrize("cells", REFUSED_ANYWAY.values(), ids=REFUSED_ANYWAY)
def test_what_would_be_refused_anyway_is_not_asked_about(
    cells: dict[str, Any], world: World
) -> None:
    an_invoice(world)
    ballots(world.book, {ONE: cells})
    before = dump(world.shop.store)
    (message,) = press(world.book, "run_actions")
    assert message.startswith("No action could be carried out; nothing changed.")
    assert dump(world.shop.store) == before


def test_a_void_of_what_was_paid_is_not_asked_about(world: World) -> None:
    an_invoice(world)
    pay(world.shop.store, ONE, D(100), dt.date(2026, 2, 1), actor=ANN)
    ballots(world.book, {ONE: {"action": "Void", "note": "x"}})
    (message,) = press(world.book, "run_actions")
    assert message.endswith("[BOOK-29]")
    assert world.book.codes() == ["DOC-02"]


def test_the_issue_of_a_draft_that_is_refused_is_not_asked_about(world: World) -> None:
    world.book.run(macros.save_draft)
    world.shop.change("company", {"id": 1}, tax_id="")
    ballots(world.book, {"DRAFT-1": {"action": "Issue"}})
    (message,) = press(world.book, "run_actions")
    assert message.endswith("[BOOK-29]")
    assert world.book.codes() == ["RUN-02", "TAX-01"]


def test_what_an_action_before_made_possible_is_not_done_unasked(world: World) -> None:
    world.shop.add("limits", id=1, project="P", amount=120_000)
    world.book.run(macros.save_draft)
    world.shop.time("N1", "N2", on="2026-01-09")
    world.book.load()
    world.book.run(macros.save_draft)
    ballots(world.book, {"DRAFT-1": {"action": "Delete"}, "DRAFT-2": {"action": "Issue"}})
    question, _ = press(world.book, "run_actions")
    assert "Issue" not in question
    assert DOCUMENTS(world) == [(None, "draft")]
    assert world.book.codes() == ["RUN-08"]


def test_what_is_refused_is_not_counted_as_another_action(world: World) -> None:
    an_invoice(world)
    world.shop.time("N1", on="2026-01-09")
    world.book.load()
    world.book.run(macros.issue)
    two = "INV-2026-00002"
    lines = question_about(world, {ONE: {"action": "Void", "note": "x"}, two: {"action": "Pay"}})
    assert [line.partition(":")[0] for line in lines] == ["Void"]


def test_a_no_carries_out_no_action_and_leaves_the_ballots(world: World) -> None:
    a_void(world)
    before = dump(world.shop.store)
    press(world.book, "run_actions", "cancel")
    assert dump(world.shop.store) == before
    assert world.column("Action", "tblInvoices") == ["Void"]
    assert world.book.shown("status") == "Nothing was done; 1 action still waits."


def test_harmless_actions_are_not_asked_about(world: World) -> None:
    an_invoice(world)
    ballots(world.book, {ONE: {"action": "Send"}})
    assert press(world.book, "run_actions") == []
    assert world.column("Status", "tblInvoices") == ["Sent"]


def test_an_action_is_refused_when_its_amount_changed_while_it_was_asked(world: World) -> None:
    an_invoice(world)
    ballots(world.book, {ONE: {"action": "Write off", "note": "agreed"}})

    def paid() -> None:
        pay(world.shop.store, ONE, D(100), dt.date(2026, 2, 1), actor=ANN)

    press(world.book, "run_actions", asked=once(paid))
    assert world.book.codes() == ["RUN-08"]
    assert world.shop.rows("SELECT kind FROM events WHERE kind LIKE '%off%'") == []
    assert world.column("Action", "tblInvoices") == ["Write off"]


def test_a_write_off_of_a_day_before_a_refund_asks_about_what_it_takes(world: World) -> None:
    an_invoice(world)
    pay(world.shop.store, ONE, D(100), dt.date(2026, 1, 31), actor=ANN)
    unpay(world.shop.store, ONE, D(100), dt.date(2026, 2, 1), actor=ANN)
    ballots(
        world.book,
        {ONE: {"action": "Write off", "note": "agreed", "date": dt.date(2026, 1, 31)}},
    )
    (question,) = press(world.book, "run_actions")
    assert "(1,188.92 EUR)" in question
    assert world.shop.rows("SELECT amount FROM events WHERE kind = 'written_off'") == [(118892,)]


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let something happen after the question and before the first action of the register."""

    def happen(action: Callable[[], object]) -> None:
        happening = once(action)

        def late(*ballot: Any) -> Any:
            happening("")
            return carry_out(*ballot)

        monkeypatch.setattr(macros.register, "carry_out", late)

    return happen


Between = Callable[[Callable[[], object]], None]
AFTER_A_PAYMENT = {
    "a write-off": {"action": "Write off", "note": "agreed"},
    "a credit": {"action": "Credit (bill again)", "note": "agreed"},
}


@pytest.mark.parametrize("cells", AFTER_A_PAYMENT.values(), ids=AFTER_A_PAYMENT)
def test_a_payment_between_the_question_and_the_action_refuses_it(
    cells: dict[str, Any], world: World, between: Between
) -> None:
    an_invoice(world)
    ballots(world.book, {ONE: cells})
    between(lambda: pay(world.shop.store, ONE, D(100), dt.date(2026, 2, 1), actor=ANN))
    press(world.book, "run_actions")
    assert world.book.codes() == ["RUN-08"]
    assert world.shop.rows("SELECT kind FROM events") == [("issued",), ("paid",)]
    assert world.column("Action", "tblInvoices") == [cells["action"]]


def test_a_void_is_refused_when_the_invoice_is_sent_before_it(
    world: World, between: Between
) -> None:
    a_void(world)
    between(lambda: send(world.shop.store, ONE, actor=ANN))
    press(world.book, "run_actions")
    assert world.book.codes() == ["RUN-08"]
    assert DOCUMENTS(world) == [(ONE, "sent")]


def test_a_draft_is_not_issued_to_a_buyer_who_changed_before_it(
    world: World, between: Between
) -> None:
    world.book.run(macros.save_draft)
    ballots(world.book, {"DRAFT-1": {"action": "Issue"}})
    between(lambda: CHANGES["the customer's address"](world.shop))
    press(world.book, "run_actions")
    assert world.book.codes() == ["RUN-08"]
    assert DOCUMENTS(world) == [(None, "draft")]
    assert world.column("Action", "tblInvoices") == ["Issue"]


def test_what_was_refused_when_it_was_asked_is_not_done_when_it_becomes_possible(
    world: World, between: Between
) -> None:
    an_invoice(world)
    pay(world.shop.store, ONE, D(100), dt.date(2026, 2, 1), actor=ANN)
    ballots(world.book, {ONE: {"action": "Void", "note": "x"}})
    between(lambda: unpay(world.shop.store, ONE, D(100), dt.date(2026, 2, 1), actor=ANN))
    press(world.book, "run_actions")
    assert world.book.codes() == ["RUN-08"]
    assert DOCUMENTS(world) == [(ONE, "issued")]


def test_actions_that_were_done_but_not_shown_are_shown_without_doing_them_twice(
    world: World,
) -> None:
    a_void(world)
    before = world.book.path.read_bytes()
    press(world.book, "run_actions")
    world.book.path.write_bytes(before)
    press(world.book, "run_actions")
    assert world.shop.rows("SELECT kind FROM events") == [("issued",), ("void",)]


GARBLED: dict[str, tuple[Callable[[World], None], str]] = {
    "run_actions": (a_void, "BOOK-12"),
    "release_pro_forma": (an_open_pro_forma, "BOOK-12"),
    "bill_project": (a_project, "BOOK-12"),
}


@pytest.mark.parametrize(("action", "case"), GARBLED.items(), ids=GARBLED)
def test_a_filter_that_cannot_be_read_stops_a_step_before_it(
    action: str, case: tuple[Callable[[World], None], str], world: World
) -> None:
    prepare, code = case
    prepare(world)
    world.book.put(filter_status="Nonsense")
    before = dump(world.shop.store)
    (message,) = press(world.book, action)
    assert message.endswith(f"[{code}]")
    assert dump(world.shop.store) == before


def test_actions_that_the_sheets_cannot_show_are_told_as_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_void(world)

    def full(*_: object) -> None:
        raise ColumnMissing(table="tblInvoices", column="Paid")

    monkeypatch.setattr(macros.register, "show_register", full)
    _, message = press(world.book, "run_actions")
    assert message.startswith(
        f"Carried out: Void {ONE}, but acme.xlsx does not show it yet: The table tblInvoices"
    )
    assert message.endswith(" After that, press Refresh invoices: nothing is done twice. [RUN-09]")


@pytest.mark.parametrize("action", ["issue", "save_draft", "run_actions", "preview"])
def test_without_the_cell_for_what_was_done_nothing_is_done(action: str, world: World) -> None:
    with world.book.edited() as edited:
        del edited.defined_names["timix_status"]
    before = dump(world.shop.store)
    (message,) = press(world.book, action)
    assert "it has no cell named timix_status" in message
    assert dump(world.shop.store) == before


def test_a_first_release_asks_nothing(world: World) -> None:
    an_open_pro_forma(world)
    assert press(world.book, "release_pro_forma") == []


def test_a_revision_asks_with_the_totals_of_both_documents(world: World) -> None:
    a_revision(world)
    assert press(world.book, "release_pro_forma") == [
        "Release PF-00001 and issue an invoice to Acme Ltd, dated 2026-02-01, due 2026-03-03:"
        " 178.50 EUR (net 150.00, tax 28.50)?\n"
        "INV-2026-00001 is credited by a credit note over -238.00 EUR, dated 2026-02-01.\n"
        "\nAn issued invoice cannot be changed or undone, only credited or voided."
    ]
    assert world.shop.rows("SELECT number FROM documents WHERE kind <> 'pro_forma'") == [
        (ONE,),
        ("CN-2026-00001",),
        ("INV-2026-00002",),
    ]


def test_a_no_releases_nothing(world: World) -> None:
    a_revision(world)
    before = dump(world.shop.store)
    press(world.book, "release_pro_forma", "cancel")
    assert dump(world.shop.store) == before
    assert world.book.shown("status") == "Nothing was released."


def test_a_release_is_refused_when_its_document_changed_while_it_was_asked(world: World) -> None:
    a_revision(world)
    change = CHANGES["the customer's address"]
    _, message = press(world.book, "release_pro_forma", asked=once(lambda: change(world.shop)))
    assert message.endswith("[RUN-08]")
    assert STATE(world) == [("closed",), ("open",)]


# A new workbook.


def test_a_new_workbook_shows_the_customers_and_takes_the_next_free_name(world: World) -> None:
    documents = world.home / "Documents"
    documents.mkdir(parents=True)
    (documents / "billing.xlsx").write_bytes(b"mine")
    press(world.book, "new_workbook")
    assert (documents / "billing.xlsx").read_bytes() == b"mine"
    made = Workbook(documents / "billing (2).xlsx", world.shop.store)
    assert made.column("Customer", "tblCustomers") == ["ACME"]


def test_a_name_that_another_program_takes_meanwhile_is_left_to_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = world.home / "Documents"
    documents.mkdir(parents=True)
    theirs = documents / "billing.xlsx"
    theirs.write_bytes(b"theirs")
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda one: one != theirs and exists(one))
    assert press(world.book, "new_workbook") == []
    assert theirs.read_bytes() == b"theirs"
    assert (documents / "billing (2).xlsx").exists()


class FullDisk(io.BytesIO):
    """A file on a disk that fills up."""

    def write(self, _: object) -> int:
        """Refuse to write."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_workbook_that_the_disk_has_no_room_for_leaves_no_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def full(path: Path, mode: str = "r", *options: Any, **named: Any) -> Any:
        file = opened(path, mode, *options, **named)
        if mode != "xb":
            return file
        file.close()
        return FullDisk()

    monkeypatch.setattr(Path, "open", full)
    (message,) = press(world.book, "new_workbook")
    assert "no space left on device" in message
    assert list((world.home / "Documents").iterdir()) == []


def test_a_new_workbook_has_no_name_that_is_open_already(world: World) -> None:
    world.book.path.rename(world.folder / "billing.xlsx")
    world.book.path = world.folder / "billing.xlsx"
    press(world.book, "new_workbook")
    assert files_in("home", "Documents")(world) == ["billing (2).xlsx"]


@pytest.fixture
def foreign(world: World) -> Workbook:
    """A workbook of the user's own."""
    path = world.folder / "mine.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "mine"
    book.save(path)
    return Workbook(path, world.shop.store)


def test_a_new_workbook_is_made_from_any_workbook_and_that_one_stays(
    foreign: Workbook, world: World
) -> None:
    assert press(foreign, "new_workbook") == []
    assert files_in("home", "Documents")(world) == ["billing.xlsx"]
    seen = foreign.seen()
    assert [seen.sheetnames, seen.active["A1"].value, seen.active.max_row] == [["Sheet"], "mine", 1]


@pytest.mark.parametrize("action", ["recalculate", "help"])
def test_these_work_from_any_workbook(action: str, foreign: Workbook) -> None:
    assert press(foreign, action) == []


def test_a_button_of_a_billing_workbook_refuses_any_other(foreign: Workbook) -> None:
    (message,) = press(foreign, "import_entries")
    assert message.endswith("[BOOK-10]")


def test_documents_that_cannot_be_written_are_told(world: World) -> None:
    world.home.mkdir()
    (world.home / "Documents").write_text("a file in the way")
    (message,) = press(world.book, "new_workbook")
    assert message.endswith("[HOST-08]")


# Importing.


def test_an_import_says_what_it_took_and_empties_the_cell(world: World) -> None:
    a_file(world)
    assert press(world.book, "import_entries") == []
    assert world.book.shown("status") == (
        "Imported hours.csv: 1 row taken, 0 known already, 0 changed."
    )
    assert world.book.shown("import_file") is None
    assert world.column("Unbilled hours", "tblCustomers") == [12.8333]


def test_drafts_are_told_as_what_they_are(world: World) -> None:
    (world.folder / "hours.csv").write_text("id,date,project,quantity,task\nN1,2026-01-09,P,3,T\n")
    world.book.put(import_file="hours.csv")
    press(world.book, "import_entries")
    assert "1 entry waits for approval" in world.book.shown("status")


def test_a_whole_path_is_taken_too_with_the_quotes_of_explorer(world: World) -> None:
    a_file(world)
    world.book.put(import_file=f'"{world.folder / "hours.csv"}"')
    assert press(world.book, "import_entries") == []


PASTED = ["'{}'", "\u201c{}\u201d", "\u202a{}", "\u200e{}\u200e", " {} "]


@pytest.mark.parametrize("around", PASTED)
def test_a_path_is_taken_as_it_is_pasted(around: str, world: World) -> None:
    a_file(world)
    world.book.put(import_file=around.format(world.folder / "hours.csv"))
    assert press(world.book, "import_entries") == []


def test_a_path_in_the_home_folder_is_found(world: World) -> None:
    a_file(world)
    world.home.mkdir()
    (world.folder / "hours.csv").rename(world.home / "hours.csv")
    world.book.put(import_file="~/hours.csv")
    assert press(world.book, "import_entries") == []


def test_the_home_of_nobody_is_refused(world: World) -> None:
    world.book.put(import_file="~nobody-at-all/hours.csv")
    (message,) = press(world.book, "import_entries")
    assert message.endswith("[FIND-05]")


@pytest.mark.parametrize("address", ["https://example.com/hours.csv", "file:///hours.csv"])
def test_an_address_is_refused_by_its_own_name(address: str, world: World) -> None:
    world.book.put(import_file=address)
    (message,) = press(world.book, "import_entries")
    assert message.startswith(f"{address} cannot be read: it is an address, not a path.")


def test_a_name_of_the_import_cell_that_stands_for_no_cell_is_refused(world: World) -> None:
    with world.book.edited() as edited:
        edited.defined_names["timix_import_file"].attr_text = "#REF!"
    (message,) = press(world.book, "import_entries")
    assert message.endswith("[BOOK-28]")


def test_a_bad_row_stops_the_import_and_stands_in_checks(world: World) -> None:
    a_file(world)
    with (world.folder / "hours.csv").open("a") as file:
        file.write("N2,2026-01-09,NOWHERE,T,ann,3,approved\n")
    before = dump(world.shop.store)
    (message,) = press(world.book, "import_entries")
    assert message.endswith("[IMP-01]")
    assert dump(world.shop.store) == before
    (row,) = world.book.rows("tblChecks")
    assert row["Where"] == "hours.csv, line 3, project"
    assert row["What to do"]
    assert world.book.shown("import_file") == "hours.csv"


def test_very_many_bad_rows_are_summed_up(world: World) -> None:
    rows = "".join(f"N{at},2026-01-09,NOWHERE,T,ann,3,approved\n" for at in range(600))
    (world.folder / "hours.csv").write_text(f"id,date,project,task,person,quantity,status\n{rows}")
    world.book.put(import_file="hours.csv")
    press(world.book, "import_entries")
    assert world.column("What", "tblChecks")[500:] == ["100 more rows like these."]


def test_an_export_with_unknown_names_says_what_to_do_once(world: World) -> None:
    world.book.put(import_file=str(bundled("demo/toggl.csv")))
    (message,) = press(world.book, "import_entries")
    assert "--dry-run --write-mapping MAP.json" in message
    assert message.endswith("[RIBBON-03]")


def test_what_is_wrong_in_a_file_is_told_by_line(world: World) -> None:
    rows = ["N2,2026-01-09,P,T,ann,x,approved", "N3,2026-01-09,NOWHERE,T,ann,3,approved"]
    rows += ["N4,2026-01-09,P,T,ann,y,approved"]
    head = "id,date,project,task,person,quantity,status"
    (world.folder / "hours.csv").write_text("\n".join([head, *rows, ""]))
    world.book.put(import_file="hours.csv")
    press(world.book, "import_entries")
    lines = [place.split(", ")[1] for place in world.column("Where", "tblChecks")]
    assert lines == ["line 2", "line 3", "line 4"]


def test_entries_before_any_books_say_once_what_is_missing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = make_store(str(tmp_path / "empty.db"))
    store.close()
    monkeypatch.setenv("TIMIX_STORE", str(tmp_path / "empty.db"))
    a_file(world)
    (message,) = press(world.book, "import_entries")
    assert message.startswith("The store has no projects yet; nothing of ")
    assert message.endswith("[FIND-09]")
    assert world.book.codes()[0] == "FIND-09"
    assert len(world.book.codes()) > 1


def test_refreshing_says_what_it_did_after_a_refusal(world: World) -> None:
    an_invoice(world)
    refusal = "ACME has nothing to bill. [RUN-01]"
    world.book.put(status=refusal)
    press(world.book, "refresh_invoices")
    assert world.book.shown("status") == "1 invoice listed."
    world.book.put(status=refusal)
    press(world.book, "refresh_customers")
    assert world.book.shown("status") == "1 customer listed, up to 2026-01-31."
    world.book.put(status=refusal)
    press(world.book, "export_pdf")
    assert world.book.shown("status").startswith("1 PDF written to ")


BAD_FILES = {
    "a picture": (b"\x89PNG\r\n\x1a\n", "IMP-03"),
    "nothing": (b"", "IMP-02"),
    "a PDF": (b"%PDF-1.7", "IMP-03"),
    "no workbook": (b"PK\x03\x04 broken", "IMP-02"),
    "text of nothing we know": (b"a,b,c\n1,2,3\n", "IMP-03"),
    "books that are broken": (b'{"company": ', "IMP-02"),
}


@pytest.mark.parametrize(("content", "code"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_is_none_is_refused(content: bytes, code: str, world: World) -> None:
    (world.folder / "hours.csv").write_bytes(content)
    world.book.put(import_file="hours.csv")
    before = dump(world.shop.store)
    (message,) = press(world.book, "import_entries")
    assert message.endswith(f"[{code}]")
    assert dump(world.shop.store) == before


@pytest.mark.parametrize(
    ("given", "code"),
    [(None, "BOOK-17"), ("nowhere.csv", "FIND-05"), (".", "IMP-02"), ("x" * 300, "IMP-02")],
)
def test_a_path_to_nothing_is_refused(given: str | None, code: str, world: World) -> None:
    world.book.put(import_file=given)
    (message,) = press(world.book, "import_entries")
    assert message.endswith(f"[{code}]")


def test_a_workbook_of_before_the_cell_says_so_and_bills_all_the_same(world: World) -> None:
    with world.book.edited() as edited:
        del edited.defined_names["timix_import_file"]
    (message,) = press(world.book, "import_entries")
    assert message.endswith("[BOOK-28]")
    press(world.book, "issue")
    assert world.shop.value("SELECT number FROM documents") == ONE


# Settings and help.


def test_settings_say_where_the_store_is_and_how_to_change_that(
    foreign: Workbook, world: World
) -> None:
    (message,) = press(foreign, "settings")
    lines = message.splitlines()
    identity = world.shop.value("SELECT value FROM meta WHERE key = 'store_id'")
    assert lines[0] == f"Store: {world.shop.path}"
    assert lines[1].startswith(f"Store id: {identity} (tables of version 0")
    assert lines[2] == "Company: Us"
    assert lines[4] == f"Program: timix-xl {__version__}"
    assert "timix-xl --store PATH addin install" in lines[-1]


def test_settings_without_a_store_say_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMIX_STORE", str(world.folder / "none.db"))
    (message,) = press(world.book, "settings")
    assert "[STORE-01]" in message.splitlines()[0]
    assert f"Program: timix-xl {__version__}" in message


def test_settings_never_show_a_password(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMIX_STORE", "postgresql://ann:secret@db/books")
    (message,) = press(world.book, "settings")
    assert "secret" not in message


def test_settings_change_nothing_in_the_store(world: World) -> None:
    before = Path(world.shop.path).read_bytes()
    press(world.book, "settings")
    assert Path(world.shop.path).read_bytes() == before


def test_help_that_no_browser_opens_names_its_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    (message,) = press(world.book, "help")
    page = world.home / "data" / "timix-xl" / "timix-xl-help.html"
    assert str(page) in message
    assert page.is_file()


def test_help_works_without_a_store(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMIX_STORE", str(world.folder / "none.db"))
    assert press(world.book, "help") == []

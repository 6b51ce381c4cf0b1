"""Months that are worked in workbooks, to be compared from host to host.

Each is a function of a folder: it makes a store there, and works on it. What it leaves are the
workbooks of the folder.
"""

import datetime as dt
import json
import re
import shlex
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance import test_hand_worked_month, test_small_extract
from tests.acceptance.conftest import Desk, with_the_extract
from tests.acceptance.engine import case_file, defaults
from tests.acceptance.engine.test_cases import CASES, TODAY
from tests.builders import D, Shop, make_template
from tests.cli import terminal
from tests.macros.driver import Workbook, a_shop_with_work
from timix_xl import macros
from timix_xl.errors import TimixError
from timix_xl.store.database import open_store

Month = Callable[[Path], object]
JANUARY, FEBRUARY = "2026-01-31", "2026-02-28"


def small_extract(folder: Path) -> None:
    """Load, decide in the cells, preview, issue; then load what is left, and the balances."""
    desk = with_the_extract(folder)
    file = desk.path("001.xlsx")
    desk.run("review", "001", "--billing-date", JANUARY, "-o", file)
    test_small_extract.decide_in_cells(file)
    desk.run("preview", file)
    desk.run("issue", file)
    desk.run("finance", "-o", desk.path("finance.xlsx"))


def hand_worked(folder: Path) -> None:
    """The month of the paper, and what each customer's workbook then shows."""
    desk = test_hand_worked_month.worked(folder)
    for customer in ("ADLER", "BRIT", "CEDAR"):
        _show(desk, customer, JANUARY)
    desk.run("finance", "-o", desk.path("finance.xlsx"))


def demo(folder: Path) -> None:
    """The demo: two months of six customers, projects, pro formas, ballots, the month's close."""
    said = terminal.run("demo", "--into", str(folder / "demo"), "--json")
    assert said.code == 0, said


def wizard(folder: Path) -> None:
    """Every button of the wizard on one workbook, and what is refused on the way."""
    shop = a_shop_with_work(_shop(folder))
    shop.order("FO-1", "100", billed_before="20")
    shop.order("FO-2", "2000", unit="EUR")
    book = Workbook(folder / "acme.xlsx", shop.store)
    book.load()
    book.run(macros.refresh_customers)
    book.decide(E1="Defer", E2="Write off")
    book.run(macros.save_decisions)
    _refused(book, macros.issue)  # two frame orders, and none is chosen
    book.put(frame_order="FO-1", po_number="PO 007", notes="Thank you")
    book.run(macros.fit_to_frame_order)
    book.run(macros.preview)
    book.run(macros.save_draft)
    shop.many(60, bill_rate=D(95))
    book.load()
    book.run(macros.defer_all)
    book.run(macros.bill_all)
    book.put(frame_order="FO-2", group_by="task")
    book.run(macros.preview)
    book.run(macros.issue)
    book.run(macros.refresh_invoices)
    book.type("tblInvoices", "Number", {"INV-2026-00001": {"Action": "Send"}})
    book.run(macros.run_actions)
    pay = {"Action": "Pay", "Action amount": 100.5, "Action date": dt.date(2026, 2, 1)}
    book.type("tblInvoices", "Number", {"INV-2026-00001": pay})
    book.run(macros.run_actions)
    book.type("tblInvoices", "Number", {"INV-2026-00001": {"Action": "Fly"}})
    _refused(book, macros.run_actions)
    shop.customer("BETA")
    shop.time("B1", "B2", project="P-BETA", on="2026-01-30")
    book.load("BETA")
    shop.change("entries", {"id": "B1"}, description="changed meanwhile")
    _refused(book, macros.issue)
    shop.store.close()


def pro_forma(folder: Path) -> None:
    """A project billed on a pro forma: edited in the cells, saved, opened, released."""
    shop = _shop(folder)
    shop.project("X", tasks="T U", pro_forma=True, name="Portal")
    shop.time("X1", project="X", hours="7.5", on="2026-01-05")
    shop.time("X2", project="X", hours="2", on="2026-01-06", task="U")
    book = Workbook(folder / "portal.xlsx", shop.store)
    book.run(macros.refresh_customers)
    book.put(project="X", project_billing_date=dt.date(2026, 1, 31))
    book.run(macros.bill_project)
    book.put(pro_forma="PF-00001")
    book.run(macros.refresh_pro_forma)
    remainder = {"Amount to invoice": 600, "Status": "Write off remainder"}
    book.type("tblProForma", "Line", {"1": remainder, "2": {"Qty to invoice": 1.5}})
    book.run(macros.save_pro_forma)
    book.type("tblProForma", "Line", {"2": {"Status": "Sing"}})
    _refused(book, macros.save_pro_forma)
    _refused(book, macros.open_pro_forma)  # what was typed is not saved
    book.type("tblProForma", "Line", {"2": {"Status": "Bill"}})
    book.run(macros.save_pro_forma)
    book.run(macros.open_pro_forma)
    book.run(macros.hold_pro_forma)
    _refused(book, macros.release_pro_forma)  # it has to be opened first
    book.run(macros.open_pro_forma)
    book.run(macros.release_pro_forma)
    shop.store.close()


def of_case(path: Path) -> Month:
    """The month of a case file, and what each customer's workbook then shows."""

    def worked(folder: Path) -> None:
        case = case_file.read(path)
        for name, tables in {"books.json": case.setup, **case.files}.items():
            made = defaults.books(tables) if name == "books.json" else _later(tables)
            (folder / name).write_text(json.dumps(made), encoding="utf-8")
        for command in ("init", "import books.json", *_commands(case)):
            _tell(folder, command)
        desk = Desk(folder, FEBRUARY)
        for one in json.loads(_tell(folder, "customers").out):
            _show(desk, one["customer"], FEBRUARY)

    return worked


def _later(tables: list[case_file.Table]) -> object:
    return defaults.filled(defaults.said(tables))


def _commands(case: case_file.Case) -> list[str]:
    return [command for turn in case.turns for command in turn.commands]


def _tell(folder: Path, command: str) -> terminal.Said:
    """Run a command of a case: files it names lie in the folder."""
    words = [
        str(folder / word) if (folder / word).is_file() else word for word in shlex.split(command)
    ]
    day = [] if "--today" in words else ["--today", TODAY]
    return terminal.run(
        "--store", str(folder / "timix.db"), *day, "--user", "ann", *words, "--json"
    )


def _show(desk: Desk, customer: str, day: str) -> None:
    """Bring everything that is known of a customer into a workbook."""
    file = desk.path(f"{customer}.xlsx")
    desk.run("review", customer, "--billing-date", day, "-o", file)
    store = open_store(desk.path("timix.db"))
    book = Workbook(Path(file), store)
    for macro in (macros.preview, macros.refresh_customers, macros.refresh_pro_forma):
        _maybe(book, macro)
    store.close()


def _maybe(book: Workbook, macro: Callable[..., object]) -> None:
    with suppress(TimixError):
        book.run(macro)


def _refused(book: Workbook, macro: Callable[..., object]) -> None:
    """Press a button whose refusal is part of the month: what it writes is compared too."""
    with pytest.raises(TimixError):
        book.run(macro)


def _shop(folder: Path) -> Shop:
    return Shop(open_store(str(make_template(folder))))


MONTHS: dict[str, Month] = {
    one.__name__: one for one in (small_extract, hand_worked, demo, wizard, pro_forma)
}
SHOWN = re.compile("03_|06_|13_|30_|56_|60_|78_|81_|99_|118_")
"""Cases that leave something of everything in a workbook: options, weeks, pro formas, currencies."""
ENGINE_MONTHS: dict[str, Month] = {
    path.stem: of_case(path) for path in CASES if SHOWN.match(path.name)
}

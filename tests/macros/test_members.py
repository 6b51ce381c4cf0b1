"""The macros use no more of xlwings than every host serves."""

import re
from pathlib import Path

import pytest

import timix_xl
from tests.builders import BILLING_DATE, Shop
from tests.macros.driver import Workbook
from tests.macros.recorder import Recorder
from timix_xl import macros
from timix_xl.errors import TimixError
from timix_xl.hosts import files
from timix_xl.hosts.members import MEMBERS

HERE = Path(timix_xl.__file__).parent
ACTIONS = (
    macros.refresh_customers,
    macros.load_unbilled,
    macros.fit_to_frame_order,
    macros.bill_all,
    macros.defer_all,
    macros.bill_all,
    macros.save_decisions,
    macros.preview,
    macros.save_draft,
    macros.issue,
    macros.refresh_invoices,
    macros.run_actions,
    macros.export_pdf,
    macros.bill_project,
    macros.refresh_pro_forma,
    macros.save_pro_forma,
    macros.open_pro_forma,
    macros.hold_pro_forma,
    macros.open_pro_forma,
    macros.release_pro_forma,
    macros.recalculate,
    macros.verify_store,
    macros.import_entries,
    macros.new_workbook,
    macros.settings,
    macros.help,
)


def used_by_all_macros(book: Workbook, shop: Shop) -> set[str]:
    """Run every macro, refused ones too, on a book that notes what is used of it."""
    shop.order("FO-1", "100")
    shop.project("X", pro_forma=True)
    shop.time("X1", "X2", project="X")
    book.load()
    book.decide(E2="Maybe")
    book.put(project="X", project_billing_date=BILLING_DATE, import_file="hours.csv")
    (book.path.parent / "hours.csv").write_text("id,date,project,quantity\nN1,2026-01-09,X,1\n")
    recorder = Recorder()
    with files.open_book(book.path) as opened:
        wrapped = recorder.wrap(opened)
        for action in (macros.preview, *ACTIONS):
            try:
                action(wrapped, book.desk)
            except TimixError:
                continue
        macros.preview(wrapped)
    return recorder.used


def test_every_member_that_the_macros_use_is_on_the_list(
    book: Workbook, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    monkeypatch.setenv("XDG_DATA_HOME", str(book.path.parent))
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    assert used_by_all_macros(book, shop) - MEMBERS == set()


def test_the_recorder_sees_what_is_used(
    book: Workbook, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    monkeypatch.setenv("XDG_DATA_HOME", str(book.path.parent))
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    wanted = {"Range.value", "Table.resize", "Range.add_hyperlink", "App.alert", "App.status_bar"}
    assert wanted <= used_by_all_macros(book, shop)


@pytest.mark.parametrize(
    "path",
    sorted([*(HERE / "macros").glob("*.py"), *(HERE / "workbook").glob("*.py")]),
    ids=lambda path: path.name,
)
def test_no_module_reaches_behind_xlwings(path: Path) -> None:
    assert not re.findall(r"\.(?:api|impl)\b", path.read_text("utf-8"))


def test_every_macro_of_this_version_has_been_recorded() -> None:
    names = {name for name, value in vars(macros).items() if hasattr(value, "__wrapped__")}
    assert {action.__name__ for action in ACTIONS} == names

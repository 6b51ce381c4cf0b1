"""The macros use no more of xlwings than every host serves."""

import re
from pathlib import Path

import pytest

import timix_xl
from tests.builders import BILLING_DATE, Shop
from tests.hosts.hosts import Host
from tests.macros.driver import Workbook
from tests.macros.recorder import Recorder
from timix_xl import macros
from timix_xl.errors import TimixError
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


def used_by_all_macros(book: Workbook, shop: Shop, host: Host) -> set[str]:
    """Run every macro, refused ones too, on a book that notes what is used of it."""
    shop.order("FO-1", "100")
    shop.project("X", pro_forma=True)
    shop.time("X1", "X2", project="X")
    book.load()
    book.decide(E2="Maybe")
    book.put(project="X", project_billing_date=BILLING_DATE, import_file="hours.csv")
    (book.path.parent / "hours.csv").write_text("id,date,project,quantity\nN1,2026-01-09,X,1\n")
    recorder = Recorder()
    wrapped = recorder.wrap(host.open(book.path))
    for action in (macros.preview, *ACTIONS):
        try:
            action(wrapped, book.desk)
        except TimixError:
            continue
    macros.preview(wrapped)
    return recorder.used


@pytest.fixture
def settled(book: Workbook, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store of the settings is the test's; no browser is opened."""
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    monkeypatch.setenv("XDG_DATA_HOME", str(book.path.parent))
    monkeypatch.setattr("webbrowser.open", lambda _: True)


@pytest.mark.usefixtures("settled")
def test_the_macros_use_what_is_on_the_list_and_nothing_else(
    book: Workbook, shop: Shop, host: Host
) -> None:
    used = used_by_all_macros(book, shop, host)
    assert used - MEMBERS == set()
    # The recorder sees what is used: reading, writing, resizing, linking, telling.
    seen = {"Range.value", "Table.resize", "Range.add_hyperlink", "App.alert", "App.status_bar"}
    assert seen <= used


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

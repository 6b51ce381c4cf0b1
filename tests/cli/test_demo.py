"""The demo: what it shows, what it leaves behind, and what it never touches."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from tests.cli.terminal import Desk, run
from tests.ooxml.check import problems_in
from timix_xl.cli.demo.folder import NOTE, DemoFolder
from timix_xl.cli.demo.steps import STEPS

D = Decimal


def test_the_demo_ends_with_a_store_that_verifies(demo: dict[str, Any], closed: Desk) -> None:
    assert demo["verify"]["ok"]
    assert closed.json("verify")["problems"] == []


def test_every_step_is_told_under_its_heading(told: str) -> None:
    assert [f"\n{number}. " in f"\n{told}" for number in range(1, len(STEPS) + 1)] == [True] * 24


def test_it_names_the_files_to_open_and_they_are_there(demo: dict[str, Any], told: str) -> None:
    others = (demo["project_workbook"], demo["pack"], demo["finance"])
    names = [Path(path).name for path in (*demo["workbooks"], *demo["pdfs"], *others)]
    assert len(names) == 27
    assert [name for name in names if name not in told.partition("Files to open")[2]] == []
    assert all(Path(path).is_file() for path in (*demo["workbooks"], *demo["pdfs"], *others))


def test_excel_opens_its_workbooks_without_a_question(demo: dict[str, Any]) -> None:
    books = sorted(Path(demo["folder"]).glob("*.xlsx"))
    assert len(books) == 7
    assert [problem for book in books for problem in problems_in(book)] == []


def test_a_second_run_says_what_is_there_and_changes_nothing(
    demo: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(demo["folder"], folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    said = run("demo", "--into", str(folder))
    assert said.code == 0
    assert "already" in said.out
    assert "January 2026: 15 invoices, 1 credit note and 5 billing workbooks" in said.out
    assert f"timix-xl demo --into {folder} --fresh" in said.out
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory, demo: dict[str, Any]) -> tuple[Path, str]:
    """Where the demo started anew, among other people's files, and what it told."""
    folder = tmp_path_factory.mktemp("again") / "timix-demo"
    shutil.copytree(demo["folder"], folder)
    (folder / "HANSE-2026-01-31.xlsx").write_bytes(b"spoilt")
    (folder / "invoices" / "INV-2025-00001.pdf").write_bytes(b"somebody else's")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    said = run("demo", "--into", str(folder), "--fresh")
    assert said.code == 0, said
    assert (folder / "invoices" / "INV-2025-00001.pdf").read_bytes() == b"somebody else's"
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert openpyxl.load_workbook(folder / "HANSE-2026-01-31.xlsx").sheetnames
    return folder, said.out


@pytest.fixture(scope="module")
def told(again: tuple[Path, str]) -> str:
    """What the demo tells."""
    return again[1]


def test_the_same_invoices_come_out_each_time(
    demo: dict[str, Any], again: tuple[Path, str]
) -> None:
    folder, _ = again
    assert [
        Path(path).name
        for path in demo["pdfs"]
        if Path(path).read_bytes() != (folder / "invoices" / Path(path).name).read_bytes()
    ] == []


def test_a_script_gets_a_summary(demo: dict[str, Any]) -> None:
    assert set(demo) == set(
        """made folder store import unbilled left_out workbooks refused issued not_issued pdfs
        frame_orders frame_orders_before invoices draft credit_note closed pack finance
        verify projects failed_first failed over_limit pro_forma project_workbook remainder
        left_on_hold""".split()
    )
    assert demo["made"] is True
    assert demo["issued"] == [f"INV-2026-{number:05d}" for number in range(8, 23)]


def test_a_demo_that_was_stopped_half_way_is_begun_anew(tmp_path: Path) -> None:
    folder = DemoFolder(tmp_path / "demo")
    folder.begin(["timix.db", "invoices/INV-1.pdf"])
    folder.store.write_bytes(b"half a store")
    (tmp_path / "demo" / "notes.txt").write_text("mine", encoding="utf-8")
    later = DemoFolder(tmp_path / "demo")
    assert not later.is_done
    later.begin(["timix.db"])
    assert not later.store.exists()
    assert (tmp_path / "demo" / "notes.txt").exists()


def test_fresh_starts_anew_and_leaves_the_files_of_others(told: str) -> None:
    assert "Everything holds." in told
    assert "already" not in told


@pytest.mark.parametrize("fresh", [[], ["--fresh"]])
@pytest.mark.parametrize(
    "name",
    [
        "timix.db",
        "KLEIN-2026-01-31.xlsx",
        "invoices/INV-2026-00009.pdf",
        "month-end-2026-01.pdf",
    ],
)
def test_files_that_the_demo_did_not_make_are_never_replaced(
    tmp_path: Path, name: str, fresh: list[str]
) -> None:
    (tmp_path / "invoices").mkdir()
    (tmp_path / name).write_bytes(b"real books")
    said = run("demo", "--into", str(tmp_path), "--json", *fresh)
    assert (said.code, said.error["code"]) == (3, "DEMO-01")
    assert name in said.error["message"]
    assert (tmp_path / name).read_bytes() == b"real books"
    assert not (tmp_path / NOTE).exists()


def test_a_note_that_points_elsewhere_deletes_nothing_there(tmp_path: Path) -> None:
    other, folder = tmp_path / "books.db", tmp_path / "demo"
    folder.mkdir()
    other.write_bytes(b"real books")
    (folder / "timix.db").write_bytes(b"real books")
    note = {"files": ["../books.db", str(other)], "summary": None}
    (folder / NOTE).write_text(json.dumps(note), encoding="utf-8")
    assert run("demo", "--into", str(folder), "--fresh").code == 3
    assert other.read_bytes() == b"real books"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    said = run("demo", "--into", str(tmp_path / "file" / "demo"), "--json")
    assert (said.code, said.error["code"]) == (3, "DEMO-02")


# What the month holds.

RATES = {
    "its own": ("T079", "165"),
    "task and person": ("T051", "95.55"),
    "task": ("T045", "118"),
    "parent task": ("T019", "118"),
    "project and person": ("T006", "121"),
    "project": ("T005", "112"),
    "project, dated": ("T062", "116"),
    "customer and person": ("T009", "139"),
    "customer": ("T018", "105"),
    "person": ("T017", "104"),
    "person, dated": ("T038", "152"),
    "item": ("M003", "84.5"),
    "item, dated": ("M014", "88.9"),
    "material at cost": ("M019", "1840"),
    "material at its own price": ("M013", "1250"),
}


@pytest.fixture(scope="module")
def reviews(month_store: Path) -> dict[str, Any]:
    """What can be billed up to the end of January, by customer."""
    shown = Desk(month_store).json("unbilled", "--billing-date", "2026-01-31")
    return {one["customer"]: one for one in shown}


@pytest.mark.parametrize("level", RATES)
def test_the_month_has_a_rate_of_every_level(level: str, reviews: dict[str, Any]) -> None:
    entry, rate = RATES[level]
    rows = {row["id"]: row for review in reviews.values() for row in review["entries"]}
    assert rows[entry]["rate"] == rate


def test_the_month_has_five_customers_in_two_currencies(reviews: dict[str, Any]) -> None:
    assert {code: one["currency"] for code, one in reviews.items()} == {
        **dict.fromkeys(("ALPEN", "HANSE", "KLEIN", "STADT"), "EUR"),
        "THAMES": "GBP",
    }


def test_the_month_has_old_work_corrections_and_billable_parts(reviews: dict[str, Any]) -> None:
    rows = [row for review in reviews.values() for row in review["entries"]]
    assert any(row["date"] < "2026-01-01" for row in rows)
    assert any(D(row["amount"]) < 0 for row in rows)
    assert {row["kind"] for row in rows} == {"time", "material"}
    assert next(row["quantity"] for row in rows if row["id"] == "T121") == "2"  # of 3 hours


def test_entries_are_left_out_for_every_reason_that_there_is_yet(demo: dict[str, Any]) -> None:
    assert demo["left_out"] == [
        f"LEFT-{number:02d}" for number in (1, 2, 3, 4, 5, 7, *range(9, 15))
    ]


def test_every_approval_status_occurs(reviews: dict[str, Any]) -> None:
    reasons = {one["reason"] for review in reviews.values() for one in review["left_out"]}
    assert {f"not approved: {word}" for word in ("draft", "submitted", "rejected")} <= reasons
    assert reviews["ALPEN"]["entries"]


# What the demo does with it.


def test_the_frame_order_of_hours_runs_out_and_stops_the_first_issue(demo: dict[str, Any]) -> None:
    assert demo["refused"]["code"] == "RUN-02"
    assert "FO-04" in {fault["code"] for fault in demo["refused"]["faults"]}
    orders = {one["number"]: one for one in demo["frame_orders"]}
    before = {one["number"]: one for one in demo["frame_orders_before"]}
    assert before["4500017731"]["remaining"] == "148.5"
    assert orders["4500017731"]["state"] == "used_up"
    assert orders["4500017731"]["remaining"] == "0"


def test_a_money_order_is_overdrawn_as_it_allows_and_the_third_is_left(
    demo: dict[str, Any],
) -> None:
    orders = {one["number"]: one for one in demo["frame_orders"]}
    assert (orders["AW-2025-088"]["remaining"], orders["AW-2025-088"]["percent"]) == (
        "-1161.80",
        "103.06",
    )
    assert orders["SN-R-2026-03"]["billed"] == "22350.00"
    assert len(orders) == 3


def test_locations_and_a_task_billed_separately_get_documents_of_their_own(closed: Desk) -> None:
    made = closed.json("invoices", "--customer", "HANSE")
    assert [(one["location"], one["subtotal"]) for one in made] == [
        ("KAI3", "11275.52"),
        ("WIS", "4528.81"),
        ("WIS", "1050.00"),
    ]


def test_what_did_not_fit_is_deferred_and_comes_back(closed: Desk) -> None:
    rows = closed.json("unbilled", "HANSE", "--billing-date", "2026-01-31")["entries"]
    assert [row["id"] for row in rows] == ["T072", "T080", "T081", "T086", "T087"]
    assert {row["times_deferred"] for row in rows} == {1}
    assert {row["reason"] for row in rows} == {"frame order used up; new one asked for"}


def test_one_customer_has_deferrals_a_write_off_and_rounding(closed: Desk) -> None:
    rows = closed.json("unbilled", "KLEIN", "--billing-date", "2026-01-31")["entries"]
    assert [row["id"] for row in rows] == ["T098", "T105"]
    invoice = closed.json("invoice", "show", "INV-2026-00012")
    # 4,672.24 loaded - 350.35 deferred - 143.33 written off = 4,178.56
    assert invoice["subtotal"] == "4178.54"
    hotline = invoice["lines"][1]
    assert (hotline["quantity"], hotline["unit_price"], hotline["amount"]) == (
        "3.6665",
        "95.55",
        "350.33",
    )


def test_taxes_are_dated_exempt_and_reversed(closed: Desk) -> None:
    def taxes(number: str) -> list[tuple[str, str, str, str]]:
        shown = closed.json("invoice", "show", number)["tax"]
        return [(one["code"], one["percent"], one["base"], one["amount"]) for one in shown]

    assert taxes("INV-2026-00012") == [
        ("CATER", "7", "340.20", "23.81"),
        ("CATER", "19", "151.20", "28.73"),
        ("S19", "19", "1947.14", "369.96"),
        ("TRAIN", "0", "1740.00", "0.00"),
    ]
    assert taxes("INV-2026-00011") == [("RC", "0", "14311.80", "0.00")]


def test_the_register_shows_every_state(demo: dict[str, Any]) -> None:
    states = {one["number"]: (one["status"], one["paid_state"]) for one in demo["invoices"]}
    assert states == {
        "R25-0231": ("sent", "overdue"),
        "R25-0244": ("sent", "overdue"),
        "INV-2026-00008": ("sent", "part_paid"),
        "INV-2026-00009": ("sent", "open"),
        "INV-2026-00010": ("issued", "open"),
        "INV-2026-00011": ("sent", "open"),
        "INV-2026-00012": ("sent", "paid"),
        "INV-2026-00013": ("void", None),
        "INV-2026-00014": ("issued", "open"),
    }


def test_the_invoice_that_takes_the_place_of_a_void_one_bills_the_same_hours(closed: Desk) -> None:
    void = closed.json("invoice", "show", "INV-2026-00013")
    again = closed.json("invoice", "show", "INV-2026-00014")
    assert void["void"] == {"date": "2026-02-03", "reason": "customer's order number missing"}
    assert (again["hours"], again["po_number"], again["currency"]) == ("72", "TI-77120", "GBP")
    assert (len(void["lines"]), len(again["lines"])) == (17, 6)


def test_the_pdfs_are_of_the_invoices_and_a_void_one_says_so(demo: dict[str, Any]) -> None:
    texts = {Path(path).stem: PdfReader(path).pages[0].extract_text() for path in demo["pdfs"]}
    invoices = [f"INV-2026-{number:05d}" for number in range(8, 23)]
    pro_formas = [f"PF-{number:05d}" for number in range(1, 4)]
    assert sorted(texts) == ["CN-2026-00001", *invoices, *pro_formas]
    assert all(number in text for number, text in texts.items())
    assert "Reverse charge" in texts["INV-2026-00011"]
    assert [number for number, text in texts.items() if "VOID" in text] == ["INV-2026-00013"]


def cells(demo: dict[str, Any], customer: str, *names: str) -> list[Any]:
    """Read named cells as a viewer shows them."""
    path = Path(demo["folder"]) / f"{customer}-2026-01-31.xlsx"
    book = openpyxl.load_workbook(path, data_only=True)
    places = [next(book.defined_names[f"timix_{name}"].destinations) for name in names]
    return [book[sheet][place.replace("$", "")].value for sheet, place in places]


def test_one_workbook_stands_before_its_issue_with_the_preview_filled_in(
    demo: dict[str, Any], closed: Desk
) -> None:
    names = ("summary_total", "bill_amount", "rounding", "summary_subtotal", "defer_amount")
    total, bill, rounding, subtotal, defer = cells(demo, "STADT", *names)
    assert f"{total:.2f}" == demo["not_issued"]["total"]
    assert bill + rounding == pytest.approx(subtotal)
    assert (bill, defer) == (pytest.approx(16924.65), pytest.approx(272.50))
    file = shutil.copy(demo["workbooks"][-1], closed.folder / "STADT.xlsx")
    done = closed.json("issue", str(file), today="2026-03-02")
    assert done["documents"][0]["total"] == demo["not_issued"]["total"]


def test_the_other_workbooks_show_what_is_left(demo: dict[str, Any]) -> None:
    assert cells(demo, "HANSE", "loaded_amount", "bill_amount") == [
        pytest.approx(2289.25),
        pytest.approx(2289.25),
    ]
    assert cells(demo, "THAMES", "loaded_customer", "loaded_amount") == ["THAMES", 0]


# What comes after: answers of customers, and the close.


def test_one_entry_is_billed_in_part_and_its_rest_deferred(closed: Desk) -> None:
    (line,) = closed.json("invoice", "show", "INV-2026-00015")["lines"]
    assert (line["entries"], line["quantity"]) == (["T085/1"], "1.5")
    rows = closed.json("unbilled", "ALPEN", "--billing-date", "2026-01-31")["entries"]
    assert [(row["id"], row["quantity"], row["times_deferred"]) for row in rows] == [
        ("T085/2", "1", 2)
    ]


def test_the_invoice_of_the_part_was_a_draft_first(demo: dict[str, Any], closed: Desk) -> None:
    draft = demo["draft"]
    assert draft["number"] == "INV-2026-00015"
    assert closed.error("invoice", "show", draft["name"]) == (5, "DOC-10")


def test_a_part_outside_the_frame_order_leaves_it_as_it_was(closed: Desk) -> None:
    (order,) = closed.json("frame-orders", "ALPEN")
    assert order["remaining"] == "-1161.80"


def test_one_entry_of_a_sent_invoice_is_credited_and_written_off(
    demo: dict[str, Any], closed: Desk
) -> None:
    note = demo["credit_note"]
    assert (note["number"], note["corrects"]) == ("CN-2026-00001", "INV-2026-00012")
    assert [line["entries"] for line in note["lines"]] == [["T020"]]
    assert closed.json("restore", "T020", "--reason", "x", today="2026-02-23")["restored"] == [
        "T020"
    ]


def test_what_was_paid_for_a_credited_entry_is_owed_to_the_customer(
    demo: dict[str, Any], closed: Desk
) -> None:
    shown = closed.json("invoice", "show", "INV-2026-00012")
    assert (shown["outstanding"], demo["credit_note"]["total"]) == ("-151.61", "-151.61")


def test_january_is_closed_and_its_roll_forward_ties(demo: dict[str, Any], closed: Desk) -> None:
    assert (demo["closed"]["month"], demo["closed"]["to"]) == ("2026-01", "2026-01-31")
    assert [tie["holds"] for tie in demo["closed"]["ties"]] == [True] * 5
    assert closed.error("close", "2026-01", today="2026-02-23") == (3, "PERIOD-04")


def test_what_is_issued_after_the_close_is_dated_in_february(
    demo: dict[str, Any], closed: Desk
) -> None:
    file = shutil.copy(demo["workbooks"][-1], closed.folder / "STADT.xlsx")
    (made,) = closed.json("issue", str(file), today="2026-03-02")["documents"]
    assert (made["number"], made["issue_date"]) == ("INV-2026-00023", "2026-02-28")
    assert closed.json("verify")["ok"]


def test_the_pack_is_of_the_closed_month(demo: dict[str, Any]) -> None:
    text = PdfReader(demo["pack"]).pages[0].extract_text()
    assert "Month-end pack January 2026" in text
    assert "Closed on 20 Feb 2026 by Maja Sjöberg" in text


def test_the_finance_workbook_shows_what_is_owed_on_the_last_day(demo: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(demo["finance"], data_only=True)
    rows = [row for row in book["Ageing"].iter_rows(values_only=True) if row[0] == "KLEIN"]
    assert [pytest.approx(row[-1]) for row in rows] == [714 - 151.61]


def test_the_workbooks_are_brought_up_to_date_at_the_end(demo: dict[str, Any]) -> None:
    path = Path(demo["folder"]) / "KLEIN-2026-01-31.xlsx"
    book = openpyxl.load_workbook(path, data_only=True)
    numbers = {row[0] for row in book["Invoices"].iter_rows(values_only=True)}
    assert {"INV-2026-00012", "CN-2026-00001"} <= numbers


# Projects that are billed by rules.


def test_a_project_that_is_behind_gets_an_invoice_for_each_month(closed: Desk) -> None:
    made = closed.json("invoices", "--customer", "NORDWIND")[:3]
    assert [(one["billing_date"], one["subtotal"]) for one in made] == [
        ("2025-11-30", "6331.75"),
        ("2025-12-31", "4240.28"),
        ("2026-01-31", "4318.00"),
    ]


def test_invoices_of_last_year_are_dated_after_the_close_and_the_last_number(closed: Desk) -> None:
    made = closed.json("invoices", "--customer", "NORDWIND")[:3]
    assert {one["issue_date"] for one in made} == {"2026-02-20"}


def test_hours_of_one_rate_share_a_line_and_a_new_year_has_new_rates(closed: Desk) -> None:
    def desk_work(number: str) -> list[tuple[str, str]]:
        lines = closed.json("invoice", "show", number)["lines"]
        return [(one["quantity"], one["unit_price"]) for one in lines if one["task"] == "DESK"]

    assert desk_work("INV-2026-00017") == [("5.25", "121.5")]
    assert desk_work("INV-2026-00018") == [("5.5", "126")]


def test_a_missing_rate_stops_one_project_until_it_is_imported(demo: dict[str, Any]) -> None:
    assert (demo["failed_first"], demo["failed"]) == (["NW-SURVEY"], [])


def test_a_limit_keeps_the_pro_forma_on_hold(demo: dict[str, Any]) -> None:
    assert [fault["code"] for fault in demo["over_limit"]["faults"]] == ["LIMIT-01"]


def test_a_line_is_lowered_another_cut_and_a_third_added(demo: dict[str, Any]) -> None:
    lines = {one["line"]: one for one in demo["pro_forma"]["lines"]}
    assert (lines[2]["status"], lines[2]["held"]) == ("hold_remainder", "756.00")
    assert (lines[6]["status"], lines[6]["written_off"]) == ("write_off_remainder", "55.75")
    assert (lines[7]["entries"], lines[7]["amount"]) == ([], "85.00")


def test_subcontractors_get_an_invoice_of_their_own(closed: Desk) -> None:
    shown = closed.json("invoice", "show", "INV-2026-00021")
    assert {one["step"] for one in shown["lines"]} == {40}
    assert shown["subtotal"] == "1248.90"


def test_what_was_held_is_billed_at_face_value_the_next_month(
    demo: dict[str, Any], closed: Desk
) -> None:
    shown = closed.json("invoice", "show", "INV-2026-00022")
    lines = {one["entries"][0]: one for one in shown["lines"]}
    assert demo["remainder"] == "R:INV-2026-00020:2"
    assert lines[demo["remainder"]]["amount"] == "756.00"
    assert lines[demo["remainder"]]["quantity"] == "0"


def test_one_pro_forma_is_left_on_hold_in_the_workbook(demo: dict[str, Any], closed: Desk) -> None:
    (left,) = closed.json("pro-forma", "list", "--state", "on-hold")
    assert left["number"] == demo["left_on_hold"] == "PF-00004"
    book = openpyxl.load_workbook(demo["project_workbook"], data_only=True)
    (place,) = book.defined_names["timix_pro_forma"].destinations
    assert book[place[0]][place[1].replace("$", "")].value == "PF-00004"


def test_the_projects_show_what_they_brought(closed: Desk) -> None:
    (one,) = closed.json("projects", "--project", "NW-CONTROL", today="2026-03-02")
    assert (one["invoiced"], one["draft"], one["margin"]) == ("10297.10", "1431.40", "2812.47")

"""Finance wants functions that give the numbers of the sheets: each beside its use case."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.builders import ANN, BOB, D, Shop, day
from tests.builders import a_full_year as fill
from tests.cli.terminal import Desk
from tests.functions.conftest import TODAY
from timix_xl import functions as xl
from timix_xl.billing.credit import credit
from timix_xl.billing.decide import Choice, decide, decide_by_sheet
from timix_xl.billing.draft import save_draft
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.refund import refund
from timix_xl.billing.register import register
from timix_xl.billing.utilization import utilization
from timix_xl.billing.write_off import reinstate, write_off_receivable
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Becomes
from timix_xl.errors import RunRefused
from timix_xl.workbook import frame_orders_sheet
from timix_xl.workbook.invoices_sheet import status_word


def told(desk: Desk, *words: str) -> Any:
    """What the command line says on the day on which the functions are called."""
    return desk.json(*words, today=TODAY.isoformat())


def column(keys: list[Any]) -> list[list[Any]]:
    return [[one] for one in keys]


def numbers(rows: list[dict[str, Any]], name: str) -> list[list[float]]:
    return column([float(row[name]) for row in rows])


# Of the demo: five customers, two currencies, rules and rate tables, a closed month.


def test_unbilled_hours_are_those_that_a_load_shows(demo: Desk) -> None:
    rows = told(demo, "unbilled")

    found = xl.TIMIX_UNBILLED_HOURS(column([row["customer"] for row in rows]))

    assert found == numbers(rows, "hours")
    assert sum(one for (one,) in found) == 154.6666


def test_the_unbilled_amount_is_that_which_a_load_shows(demo: Desk) -> None:
    rows = told(demo, "unbilled")

    found = xl.TIMIX_UNBILLED_AMOUNT(column([row["customer"] for row in rows]))

    assert found == numbers(rows, "amount")


@pytest.mark.parametrize("as_of", ["2026-01-15", "2026-01-31", "2026-02-20"])
def test_unbilled_work_as_of_a_day_is_what_the_command_line_says_of_it(
    demo: Desk, as_of: str
) -> None:
    rows = told(demo, "unbilled", "--as-of", as_of)
    customers = column([row["customer"] for row in rows])

    found = (
        xl.TIMIX_UNBILLED_HOURS(customers, day(as_of)),
        xl.TIMIX_UNBILLED_AMOUNT(customers, day(as_of)),
    )

    assert found == (numbers(rows, "hours"), numbers(rows, "amount"))
    assert any(one for (one,) in found[0])


def test_the_entries_are_those_that_a_load_shows(demo: Desk) -> None:
    rows = told(demo, "unbilled", "STADT")["entries"]

    titles, *found = xl.TIMIX_ENTRIES("STADT")

    shown = [dict(zip(titles, one, strict=True)) for one in found]
    assert [one["Entry"] for one in shown] == [row["id"] for row in rows]
    for title, name in (("Qty", "quantity"), ("Rate", "rate"), ("Amount", "amount")):
        assert [one[title] for one in shown] == [float(row[name]) for row in rows]
    assert [one["Date"].date().isoformat() for one in shown] == [row["date"] for row in rows]


def test_the_entries_add_up_to_the_unbilled_hours_and_amount(demo: Desk) -> None:
    titles, *rows = xl.TIMIX_ENTRIES("STADT")
    sums = [sum(row[titles.index(title)] for row in rows) for title in ("Hours", "Amount")]

    assert sums == pytest.approx(
        [xl.TIMIX_UNBILLED_HOURS("STADT"), xl.TIMIX_UNBILLED_AMOUNT("STADT")]
    )


def test_the_entries_as_of_a_day_are_those_that_the_command_line_lists(demo: Desk) -> None:
    rows = told(demo, "unbilled", "HANSE", "--as-of", "2026-01-15")["entries"]

    titles, *found = xl.TIMIX_ENTRIES("HANSE", day("2026-01-15"))

    shown = [(one[-1], one[1], one[titles.index("Amount")]) for one in found]
    assert shown == [(row["id"], row["project"], float(row["amount"])) for row in rows]
    assert shown


def test_the_figures_of_frame_orders_are_those_of_utilization(demo: Desk) -> None:
    rows = told(demo, "frame-orders")
    orders = column([row["number"] for row in rows])

    assert xl.TIMIX_PO_TOTAL(orders) == numbers(rows, "total")
    assert xl.TIMIX_PO_BILLED(orders) == numbers(rows, "billed")
    assert xl.TIMIX_PO_REMAINING(orders) == numbers(rows, "remaining")
    assert len(rows) == 3


def test_utilization_is_what_the_cell_of_the_sheet_holds(demo: Desk) -> None:
    rows = told(demo, "frame-orders")

    found = xl.TIMIX_PO_UTILIZATION(column([row["number"] for row in rows]))

    assert found == column([float(Decimal(row["percent"]) / 100) for row in rows])


def test_the_table_of_frame_orders_is_that_of_the_sheet(cells: Shop) -> None:
    fill(cells)
    cells.order("FO-X", "10", valid_from=day("2025-01-01"), valid_to=day("2025-12-31"))
    today = TODAY
    of_sheet = [
        frame_orders_sheet._cells(order, D(0), today) for order in utilization(cells.store, "ACME")
    ]

    titles, *rows = xl.TIMIX_FRAME_ORDERS("ACME")

    shared = [title for title in titles if title != "Customer"]
    shown = [dict(zip(titles, row, strict=True)) for row in rows]
    assert [[_as_shown(one[title]) for title in shared] for one in shown] == [
        [row[title] for title in shared] for row in of_sheet
    ]


def _as_shown(value: Any) -> Any:
    return value.date() if isinstance(value, dt.datetime) else value if value != "" else None


def test_the_table_without_a_customer_has_the_frame_orders_of_all(demo: Desk) -> None:
    rows = told(demo, "frame-orders")

    _, *found = xl.TIMIX_FRAME_ORDERS()

    assert [row[0] for row in found] == [row["number"] for row in rows]


def test_totals_of_documents_are_those_of_the_register(demo: Desk) -> None:
    rows = told(demo, "invoices")

    found = xl.TIMIX_INVOICE_TOTAL(column([row["number"] for row in rows]))

    assert found == numbers(rows, "total")
    assert min(found)[0] < 0


def test_what_customers_owe_is_the_total_of_their_ages(demo: Desk) -> None:
    owed = {one["customer"]: float(one["total"]) for one in told(demo, "ageing")}
    customers = [one["customer"] for one in told(demo, "customers")]

    found = xl.TIMIX_OUTSTANDING(column(customers))

    assert found == column([owed.get(one, 0.0) for one in customers])
    assert len(owed) > 3


def test_wip_is_that_of_the_project_figures(demo: Desk) -> None:
    rows = told(demo, "projects")

    found = xl.TIMIX_WIP(column([row["project"] for row in rows]))

    assert found == numbers(rows, "wip")
    assert any(one for (one,) in found)


def test_the_bill_rate_is_the_rate_of_the_entries_of_a_load(demo: Desk) -> None:
    rows = [
        row
        for one in told(demo, "unbilled")
        for row in one["entries"]
        if row["kind"] == "time" and row["person"]
    ]

    found = xl.TIMIX_BILL_RATE(
        column([row["project"] for row in rows]),
        column([row["task"] for row in rows]),
        column([row["person"] for row in rows]),
        column([row["date"] for row in rows]),
    )

    assert found == numbers(rows, "rate")
    assert len({tuple(one) for one in found}) > 3


# Of a store in which everything has happened to documents.


@pytest.fixture
def papers(cells: Shop) -> Shop:
    """Documents in every state: void, sent and part paid, issued, credited, a draft, opening."""
    fill(cells)
    cells.time("C1", "C2", hours="4", on="2026-01-15")
    third = cells.issue().numbers[0]
    credit(cells.store, third, lines=[1], becomes=Becomes.BILL, reason="wrong", actor=BOB)
    _book(cells)
    cells.time("D1", on="2026-01-16")
    save_draft(cells.store, "ACME", day("2026-01-31"), RunOptions(), actor=ANN)
    cells.add("numbers", number="OLD-7", taken_by="opening")
    cells.add(
        "open_invoices",
        number="OLD-7",
        customer="BETA",
        issue_date=day("2025-11-30"),
        due_date=day("2025-12-30"),
        total=50_000,
        paid=12_500,
    )
    return cells


def _book(shop: Shop) -> None:
    """Let everything happen on two invoices that can happen to money, and some of it go back."""
    one, other = "", ""
    for entry in ("P1", "P2"):
        shop.time(entry, hours="4", on="2026-01-15")
        one, other = other, shop.issue().numbers[0]
        pay(shop.store, other, D(200), None, actor=BOB)
    pay(shop.store, one, D(1000), None, actor=BOB)
    refund(shop.store, one, D(100), None, actor=BOB)
    unpay(shop.store, other, D(50), None, actor=BOB)
    write_off_receivable(shop.store, other, "small", date=None, amount=D(30), actor=BOB)
    reinstate(shop.store, other, D(10), "asked again", date=None, actor=BOB)


def test_the_status_is_the_word_of_the_register(papers: Shop) -> None:
    standings = register(papers.store, today=TODAY)

    found = xl.TIMIX_INVOICE_STATUS([one.number for one in standings])

    assert found == [status_word(one) for one in standings]
    assert len(set(found)) > 4


def test_the_total_of_any_document_is_that_of_the_register(papers: Shop) -> None:
    standings = register(papers.store, today=TODAY)

    found = xl.TIMIX_INVOICE_TOTAL([one.number for one in standings])

    assert found == [float(one.total) for one in standings]


def test_what_is_owed_counts_payments_credit_notes_voids_and_opening_invoices(papers: Shop) -> None:
    standings = register(papers.store, today=TODAY)
    owed = {
        customer: float(sum(one.outstanding for one in standings if one.customer == customer))
        for customer in ("ACME", "BETA")
    }

    assert xl.TIMIX_OUTSTANDING(["ACME", "BETA"]) == [owed["ACME"], owed["BETA"]]
    assert owed["BETA"] == 188.0 + 375.0


def test_a_draft_is_found_by_its_name_in_any_case(papers: Shop) -> None:
    (name,) = (one.number for one in register(papers.store, today=TODAY, status="draft"))

    assert xl.TIMIX_INVOICE_STATUS([name, name.lower()]) == ["Draft", "Draft"]


# Bill rates.


@pytest.fixture
def rated(cells: Shop) -> Shop:
    """ACME at 100; Ann 120 on task T from February; project Q without tasks at 80."""
    cells.add(
        "bill_rates", project="P", task="T", person="ann", rate=D(120), since=day("2026-02-01")
    )
    cells.project("Q", tasks="Q", bill_rate=D(80))
    return cells


@pytest.mark.parametrize(
    ("given", "rate"),
    [
        (("P", "T", "ann", "2026-01-31"), 100.0),
        (("P", "T", "ann", "2026-02-01"), 120.0),
        (("P", "T", "ben", "2026-02-01"), 100.0),
        (("P", "T", None, "2026-02-01"), 100.0),
        (("Q", None, "ann", "2026-02-01"), 80.0),
        (("Q", "Q", "ann", "2026-02-01"), 80.0),
        (("P", "X", "ann", "2026-02-01"), "#N/A"),
        (("P", None, "ann", "2026-02-01"), "#N/A"),
        (("P", "T", "zoe", "2026-02-01"), "#N/A"),
        (("X", "T", "ann", "2026-02-01"), "#N/A"),
        (("P", "T", "ann", None), "#VALUE!"),
    ],
)
def test_the_nearest_rate_that_holds_on_the_day_is_found(
    rated: Shop, given: tuple[Any, ...], rate: Any
) -> None:
    assert xl.TIMIX_BILL_RATE(*given) == rate


def test_a_task_without_any_rate_has_none(cells: Shop) -> None:
    cells.change("customers", {"code": "ACME"}, bill_rate=None)

    assert xl.TIMIX_BILL_RATE("P", "T", "ann", "2026-02-01") == "#N/A"


@pytest.mark.parametrize("billing_type", ["fixed", "overhead"])
def test_an_hour_that_is_billed_by_a_fee_or_never_has_no_rate(
    cells: Shop, billing_type: str
) -> None:
    cells.change("projects", {"code": "P"}, billing_type=billing_type)

    assert xl.TIMIX_BILL_RATE("P", "T", "ann", "2026-02-01") == "#N/A"


# Checks.


@pytest.fixture
def reviewed(cells: Shop) -> Shop:
    """E1 can be billed; B1 is billed; W1 is written off; S1 waits for approval."""
    cells.time("B1", "W1")
    decide(cells.store, "ACME", {"W1": Choice(Decision.WRITE_OFF, "goodwill")}, actor=ANN)
    cells.issue()
    cells.time("E1", hours="7.5")
    cells.time("S1", status="submitted")
    return cells


@pytest.mark.parametrize(
    "given",
    [
        *(("E1", "Bill"), ("E1", " bill "), ("E1", "Defer"), ("E1", None), ("E1", "Write off")),
        *(("E1", "Bill", 3.25), ("E1", None, 7.5)),
    ],
)
def test_a_decision_that_the_sheet_takes_is_fine(reviewed: Shop, given: tuple[Any, ...]) -> None:
    assert xl.TIMIX_CHECK(*given) == ""


@pytest.mark.parametrize(
    "ballot",
    [
        {"decision": "Pay"},
        {"bill_quantity": "8"},
        {"bill_quantity": "half"},
        {"decision": "Defer", "bill_quantity": "3"},
    ],
)
def test_a_decision_that_the_sheet_refuses_is_worded_as_in_its_check_column(
    reviewed: Shop, ballot: dict[str, str]
) -> None:
    paper = reviewed.paper()
    rows = tuple(replace(row, **({"decision": "Bill"} | ballot)) for row in paper.rows)
    with pytest.raises(RunRefused) as refused:
        decide_by_sheet(
            reviewed.store, "ACME", day("2026-01-31"), replace(paper, rows=rows), actor=ANN
        )
    shown = "  ".join(f"{one.message} {one.hint}" for one in refused.value.faults)

    (row,) = rows
    assert xl.TIMIX_CHECK("E1", row.decision, row.bill_quantity) == shown


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("B1", "billed on INV-2026-00001"),
        ("W1", "written off"),
        ("S1", "not approved: submitted"),
    ],
)
def test_an_entry_that_is_not_open_to_bill_says_why(reviewed: Shop, entry: str, why: str) -> None:
    assert xl.TIMIX_CHECK(entry, "Bill") == (
        f"Entry {entry} is no longer open to bill: {why}. Load the entries again."
    )


def test_an_entry_that_nobody_knows_has_no_check(reviewed: Shop) -> None:
    assert xl.TIMIX_CHECK([["E1"], ["E9"]], "Bill") == [[""], ["#N/A"]]

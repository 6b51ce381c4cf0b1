"""Importing after a close: what comes in late counts from the first open day on."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ANN, BILLING_DATE, D, Shop, day, on
from timix_xl.billing.ageing import ageing
from timix_xl.billing.close import close
from timix_xl.billing.credit import credit
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import delete_draft, save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.restore import restore
from timix_xl.billing.roll_forward import roll_forward
from timix_xl.billing.void import void
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Becomes
from timix_xl.importing import faults
from timix_xl.importing.take_in import ImportReport, take_in

CLOSING = on("2026-02-02")
ENTRY = {"id": "E9", "date": "2026-01-20", "project": "P", "task": "T", "quantity": "2"}
OWED = {"number": "OLD-1", "customer": "ACME", "issue_date": "2026-01-10", "total": "500.00"}


@pytest.fixture
def take(shop: Shop, tmp_path: Path) -> Any:
    """Take in rows of one key."""

    def taken(key: str, row: dict[str, Any], **terms: Any) -> ImportReport:
        path = tmp_path / "books.json"
        path.write_text(json.dumps({key: [row]}), "utf-8")
        return take_in(shop.store, [path], actor=ANN, **terms)

    return taken


def codes(report: ImportReport) -> list[str]:
    return [one.code for one in report.refused]


@pytest.mark.parametrize("approval", [{}, {"approved_on": "2026-01-25"}], ids=["date", "approved"])
def test_work_of_a_closed_month_is_wip_from_the_first_open_day(
    shop: Shop, take: Any, approval: dict[str, str]
) -> None:
    close(shop.store, "2026-01", actor=CLOSING)
    take("entries", ENTRY | {"status": "approved"} | approval)

    assert shop.value("SELECT wip_from FROM entries") == "2026-02-01"
    (line,) = roll_forward(shop.store, "2026-02", today=day("2026-03-01"))
    assert {flow.value: work.hours for flow, work in line.flows.items()} == {
        "approved": D(2),
        "closing": D(2),
    }


def test_work_that_is_approved_after_the_close_is_wip_from_the_first_open_day(
    shop: Shop, take: Any
) -> None:
    take("entries", ENTRY | {"status": "submitted"})
    close(shop.store, "2026-01", actor=CLOSING)
    take("entries", ENTRY | {"status": "approved"})

    assert shop.value("SELECT wip_from FROM entries") == "2026-02-01"


def test_work_that_is_approved_again_stays_where_it_came_in(shop: Shop, take: Any) -> None:
    take("entries", ENTRY | {"status": "approved"})
    close(shop.store, "2026-01", actor=CLOSING)
    take("entries", ENTRY | {"status": "approved", "quantity": "3"}, reapprove=True)

    assert shop.value("SELECT wip_from FROM entries") == "2026-01-20"
    (line,) = roll_forward(shop.store, "2026-02", today=day("2026-03-01"))
    assert {flow.value: work.hours for flow, work in line.flows.items()} == {
        "opening": D(2),
        "repriced": D(1),
        "closing": D(3),
    }
    assert shop.problems() == ()


AHEAD = ENTRY | {"status": "approved", "approved_on": "2026-02-15"}


def test_an_approval_that_is_dated_after_today_is_refused(shop: Shop, take: Any) -> None:
    assert codes(take("entries", AHEAD)) == [faults.APPROVED_AHEAD.code]
    assert codes(take("entries", AHEAD | {"approved_on": "2026-02-01"})) == []


def test_an_approval_ahead_that_the_store_has_already_is_still_known(shop: Shop, take: Any) -> None:
    take("entries", AHEAD | {"approved_on": "2026-02-01"})
    shop.change("entries", {"id": "E9"}, approved_on=day("2026-02-15"))

    assert take("entries", AHEAD).known == 1


def test_an_opening_invoice_of_a_closed_month_is_refused(shop: Shop, take: Any) -> None:
    close(shop.store, "2026-01", actor=CLOSING)
    assert codes(take("open_invoices", OWED)) == [faults.IN_CLOSED_MONTH.code]


@pytest.mark.parametrize(
    ("before", "after"), [("2026-01-10", "2026-02-10"), ("2026-02-10", "2026-01-10")]
)
def test_an_opening_invoice_moves_neither_out_of_a_closed_month_nor_into_it(
    shop: Shop, take: Any, before: str, after: str
) -> None:
    take("open_invoices", OWED | {"issue_date": before})
    close(shop.store, "2026-01", actor=CLOSING)
    report = take("open_invoices", OWED | {"issue_date": after})

    assert codes(report) == [faults.IN_CLOSED_MONTH.code]


def test_what_was_paid_on_an_opening_invoice_since_does_not_change_the_closed_month(
    shop: Shop, take: Any
) -> None:
    take("open_invoices", OWED)
    close(shop.store, "2026-01", actor=CLOSING)
    assert codes(take("open_invoices", OWED | {"paid": "200.00"})) == []

    today, until = day("2026-02-10"), day("2026-01-31")
    assert [one.total for one in ageing(shop.store, today=today, as_of=until)] == [D("500.00")]
    assert [one.total for one in ageing(shop.store, today=today)] == [D("300.00")]


def test_work_of_a_closed_month_does_not_go_to_another_customer(shop: Shop, take: Any) -> None:
    shop.customer("BETA")
    take("entries", ENTRY | {"status": "approved"})
    close(shop.store, "2026-01", actor=CLOSING)
    moved = ENTRY | {"status": "approved", "project": "P-BETA"}

    assert codes(take("entries", moved, reapprove=True)) == [faults.CANNOT_CHANGE.code]


def moved(take: Any) -> ImportReport:
    """Take E9 in once more, on a project of customer BETA."""
    row = ENTRY | {"status": "approved", "project": "P-BETA"}
    report: ImportReport = take("entries", row, reapprove=True)
    return report


def voided(shop: Shop) -> None:
    shop.issue()
    void(shop.store, "INV-2026-00001", "wrong customer", actor=ANN)


def credited(shop: Shop) -> None:
    shop.issue()
    credit(shop.store, "INV-2026-00001", becomes=Becomes.BILL, reason="wrong customer", actor=ANN)


def restored(shop: Shop) -> None:
    decide(shop.store, "ACME", {"E9": Choice(Decision.WRITE_OFF, "so")}, actor=ANN)
    shop.issue()
    restore(shop.store, ["E9"], "wrong customer", actor=ANN)


@pytest.mark.parametrize(
    ("settle", "word"), [(voided, "billed"), (credited, "billed"), (restored, "written off")]
)
def test_work_that_was_settled_with_one_customer_does_not_go_to_another(
    shop: Shop, take: Any, settle: Callable[[Shop], None], word: str
) -> None:
    shop.customer("BETA")
    take("entries", ENTRY | {"status": "approved"})
    settle(shop)

    (fault,) = moved(take).refused
    assert (fault.code, fault.column) == (faults.CANNOT_CHANGE.code, "project")
    assert f"from ACME to BETA: it was {word} before" in fault.message
    close(shop.store, "2026-01", actor=CLOSING)


def deferred(shop: Shop) -> None:
    shop.time("E1")
    decide(shop.store, "ACME", {"E9": Choice(Decision.DEFER, "whose is it?")}, actor=ANN)
    shop.issue()


def drafted(shop: Shop) -> None:
    save_draft(shop.store, "ACME", BILLING_DATE, RunOptions(), actor=ANN)
    delete_draft(shop.store, "DRAFT-1", actor=ANN)


@pytest.mark.parametrize("settle", [deferred, drafted])
def test_work_that_no_paper_bears_may_go_to_another_customer(
    shop: Shop, take: Any, settle: Callable[[Shop], None]
) -> None:
    shop.customer("BETA")
    take("entries", ENTRY | {"status": "approved"})
    settle(shop)

    assert moved(take).changed == 1
    close(shop.store, "2026-01", actor=CLOSING)
    assert shop.problems() == ()

"""The runs of the engine: which dates, which entries, which documents, and what stops them."""

import datetime as dt

import pytest

from tests.billing.engine import HOURLY, MONTHLY, billed, documents, lines, rule, ruled
from tests.billing.negotiators import invoiced
from tests.builders import BILLING_DATE, D, Shop, day, on
from timix_xl.billing.bill import ProjectRun, all_due, bill_all, preview_all, preview_bill
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import delete_draft
from timix_xl.billing.due import Filters, due_dates
from timix_xl.billing.issue_all import RunOutcome
from timix_xl.billing.pro_forma import delete as delete_pro_forma
from timix_xl.billing.pro_forma import pro_formas
from timix_xl.billing.survey import survey
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import DocumentKind, LineStatus
from timix_xl.domain.periods import BillingPeriod
from timix_xl.domain.projects import Project, ProjectStatus
from timix_xl.errors import (
    BillingDateNeeded,
    RequestReused,
    RunRefused,
    UnknownManager,
    UnknownProject,
)
from timix_xl.store.chained import Actor

DONE, NOTHING, FAILED = RunOutcome.DONE, RunOutcome.NOTHING, RunOutcome.FAILED
NEVER = {"amount": "=1/[Entry.UnitCost]"}
ANN = on("2026-02-01")


def outcomes(runs: list[ProjectRun]) -> list[tuple[str, str, RunOutcome]]:
    return [(one.project, str(one.billing_date), one.outcome) for one in runs]


def last_date(shop: Shop, project: str = "P") -> str | None:
    return shop.value(f"SELECT last_billing_date FROM projects WHERE code = '{project}'")


def all_of(
    shop: Shop, *, actor: Actor = ANN, issue: bool = False, **wanted: object
) -> list[ProjectRun]:
    date = wanted.pop("date", BILLING_DATE)
    assert isinstance(date, dt.date)
    due = all_due(shop.store, Filters(**wanted), date, issue=issue)  # type: ignore[arg-type]
    return list(bill_all(shop.store, due, actor=actor, issue=issue))


def by_pro_forma(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, pro_forma=True)


# When.


def test_a_start_on_a_months_last_day_means_month_ends() -> None:
    project = Project(
        code="P",
        customer="ACME",
        billing_period=BillingPeriod.MONTH,
        start_date=day("2025-12-31"),
    )
    found = [str(one) for one in due_dates(project, day("2026-03-31"))]
    assert found == ["2026-01-31", "2026-02-28", "2026-03-31"]


def test_several_periods_behind_are_a_run_each_the_oldest_first(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1", on="2026-01-15")
    shop.time("E2", on="2026-02-15")
    shop.time("E3", on="2026-03-15")
    runs = billed(shop, date=None, actor=on("2026-04-01"))
    assert outcomes(runs) == [
        ("P", "2026-01-31", DONE),
        ("P", "2026-02-28", DONE),
        ("P", "2026-03-31", DONE),
    ]
    assert [lines(one) for one in documents(shop, runs)] == [
        [("E1", "100.00")],
        [("E2", "100.00")],
        [("E3", "100.00")],
    ]
    assert last_date(shop) == "2026-03-31"


def test_a_period_without_work_is_passed_over(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1", on="2026-01-15")
    shop.time("E3", on="2026-03-15")
    runs = billed(shop, date=None, actor=on("2026-04-01"))
    assert [one.billing_date for one in runs] == [day("2026-01-31"), day("2026-03-31")]


def test_a_project_that_is_not_due_says_when_it_will_be(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY, last_billing_date=BILLING_DATE)
    shop.time("E1", on="2026-02-15")
    (run,) = billed(shop, date=None)
    assert (run.outcome, run.is_due, str(run.billing_date)) == (NOTHING, False, "2026-02-28")


def test_on_demand_asks_for_a_date(shop: Shop) -> None:
    with pytest.raises(BillingDateNeeded, match="on demand"):
        billed(shop, date=None)


def test_a_period_without_a_start_asks_for_a_date(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, billing_period="month")
    with pytest.raises(BillingDateNeeded, match="no start date"):
        billed(shop, date=None)


def test_a_period_without_a_start_is_billed_on_demand_by_a_mass_run_too(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, billing_period="month")
    shop.time("E1")
    assert outcomes(all_of(shop)) == [("P", "2026-01-31", DONE)]


@pytest.mark.parametrize(("today", "codes"), [("2026-02-09", ["RULE-14"]), ("2026-02-10", [])])
def test_a_date_that_lies_ahead_says_what_it_moves(
    shop: Shop, today: str, codes: list[str]
) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1", on="2026-02-05")
    (run,) = billed(shop, date=day("2026-02-10"), actor=on(today))
    assert run.issued
    assert [one.code for one in run.issued.warnings] == codes
    assert all("moves to 2026-02-28" in one.message for one in run.issued.warnings)


def test_a_date_ahead_of_a_project_on_demand_moves_nothing(shop: Shop) -> None:
    shop.time("E1")
    (run,) = billed(shop, actor=on("2026-01-30"))
    assert run.issued
    assert run.issued.warnings == ()


def test_an_unknown_project_is_refused(shop: Shop) -> None:
    with pytest.raises(UnknownProject):
        billed(shop, "NOBODY")


def test_a_date_by_hand_counts_as_the_last_billing_date(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1", on="2026-02-05")
    billed(shop, date=day("2026-02-10"))
    assert last_date(shop) == "2026-02-10"


def test_a_run_without_work_leaves_the_last_billing_date(shop: Shop) -> None:
    (run,) = billed(shop)
    assert (run.outcome, last_date(shop)) == (NOTHING, None)


def test_a_run_without_work_writes_nothing(shop: Shop) -> None:
    billed(shop)
    assert shop.value("SELECT count(*) FROM runs") == 0


@pytest.mark.parametrize("pro_forma", [False, True])
def test_deleting_the_last_document_sets_the_last_billing_date_back(
    shop: Shop, *, pro_forma: bool
) -> None:
    shop.change("projects", {"code": "P"}, pro_forma=pro_forma, last_billing_date=day("2025-12-31"))
    shop.time("E1")
    billed(shop)
    if pro_forma:
        delete_pro_forma(shop.store, "PF-00001", actor=ANN)
    else:
        delete_draft(shop.store, "DRAFT-1", actor=ANN)
    assert last_date(shop) == "2025-12-31"


# What.


def test_a_run_makes_a_draft_of_one_project(shop: Shop) -> None:
    shop.project("Q")
    shop.time("E1")
    shop.time("E2", project="Q")
    runs = billed(shop)
    (document,) = documents(shop, runs)
    assert (document.number, lines(document)) == ("DRAFT-1", [("E1", "100.00")])
    assert [row.entry.id for row in shop.load().rows] == ["E2"]


def test_a_draft_can_be_issued_at_once(shop: Shop) -> None:
    shop.time("E1")
    (run,) = billed(shop, issue=True)
    assert run.issued
    assert run.issued.numbers == ("INV-2026-00001",)
    assert shop.problems() == ()


def test_the_cut_off_is_the_projects(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, cut_off="exclude")
    shop.time("E1", on="2026-01-30")
    shop.time("E2", on="2026-01-31")
    (run,) = billed(shop)
    assert lines(documents(shop, [run])[0]) == [("E1", "100.00")]
    assert [(one.entry, one.code) for one in run.left_out] == [("E2", "LEFT-05")]


def test_what_is_on_another_document_is_left_out_with_its_name(shop: Shop) -> None:
    shop.time("E1")
    billed(shop)
    shop.time("E2")
    (run,) = billed(shop)
    assert [(one.entry, one.reason) for one in run.left_out] == [("E1", "already on DRAFT-1")]


def test_a_run_obeys_saved_decisions(shop: Shop) -> None:
    shop.time("E1", "E2", "E3")
    shop.time("E4", hours="8")
    choices = {
        "E2": Choice(Decision.DEFER),
        "E3": Choice(Decision.WRITE_OFF, "goodwill"),
        "E4": Choice(Decision.BILL, bill_quantity=D(5)),
    }
    decide(shop.store, "ACME", choices, actor=ANN)
    (run,) = billed(shop)
    assert lines(documents(shop, [run])[0]) == [("E1", "100.00"), ("E4/1", "500.00")]
    assert run.issued
    hours = {decision: one.hours for decision, one in run.issued.figures.items()}
    assert hours == {Decision.BILL: D(6), Decision.DEFER: D(4), Decision.WRITE_OFF: D(1)}
    assert run.issued.loaded.amount == D(1100)
    assert shop.problems() == ()


def test_a_run_that_only_writes_off_leaves_the_last_billing_date(shop: Shop) -> None:
    shop.time("E1")
    decide(shop.store, "ACME", {"E1": Choice(Decision.WRITE_OFF, "goodwill")}, actor=ANN)
    (run,) = billed(shop)
    assert run.issued
    assert (run.outcome, run.issued.numbers, last_date(shop)) == (DONE, (), None)


def deferring(shop: Shop) -> None:
    """Work of two months; of the first one entry is deferred, and the half of another."""
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1", "E2", on="2026-01-15")
    shop.time("E4", on="2026-01-16", hours="4")
    shop.time("E3", on="2026-02-15")
    part = Choice(Decision.BILL, bill_quantity=D(2))
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER), "E4": part}, actor=ANN)


def entries(shop: Shop, runs: list[ProjectRun]) -> list[list[str]]:
    return [[one for one, _ in lines(each)] for each in documents(shop, runs)]


def test_what_is_deferred_comes_back_with_the_next_command(shop: Shop) -> None:
    deferring(shop)
    runs = billed(shop, date=None, actor=on("2026-03-01"))
    assert entries(shop, runs) == [["E1", "E4/1"], ["E3"]]
    again = billed(shop, date=day("2026-03-01"), actor=on("2026-03-01"))
    assert entries(shop, again) == [["E2", "E4/2"]]
    assert shop.problems() == ()


def test_what_is_deferred_stays_out_of_a_mass_run(shop: Shop) -> None:
    deferring(shop)
    runs = all_of(shop, date=day("2026-03-01"), actor=on("2026-03-01"))
    assert entries(shop, runs) == [["E1", "E4/1"], ["E3"]]


def test_what_is_deferred_stays_out_of_a_retry(shop: Shop) -> None:
    deferring(shop)
    rule(shop, "BAD", NEVER)
    shop.task("U", billing_rule="BAD")
    shop.time("E5", on="2026-02-16", task="U", unit_cost=D(0))
    first = billed(shop, date=None, actor=on("2026-03-01"), request="r")
    assert [one.outcome for one in first] == [DONE, FAILED]
    shop.change("rule_steps", {"rule": "BAD"}, amount=HOURLY)
    again = billed(shop, date=None, actor=on("2026-03-02"), request="r")
    assert entries(shop, again) == [["E1", "E4/1"], ["E3", "E5"]]


def test_a_document_per_location_separate_task_and_invoice_group(shop: Shop) -> None:
    shop.add("locations", customer="ACME", code="NORTH", name="North plant")
    rule(shop, "R1", {}, {"step": 2, "account_group": "MATERIAL", "invoice_group": "GOODS"})
    rule(shop, "R2", {}, {"step": 7, "account_group": "MATERIAL", "invoice_group": "GOODS"})
    shop.change("projects", {"code": "P"}, billing_rule="R1")
    shop.task("U", billing_rule="R2")
    shop.task("SITE", location="NORTH")
    shop.task("EXTRA", bill_separately=True)
    for at, task in enumerate(("T", "U", "SITE", "EXTRA"), start=1):
        shop.time(f"E{at}", task=task)
    shop.material("M1", task="T")
    shop.material("M2", task="U")
    made = documents(shop, billed(shop))
    assert [(one.location, [entries for entries, _ in lines(one)]) for one in made] == [
        (None, ["E1", "E2"]),
        (None, ["M1", "M2"]),
        (None, ["E4"]),
        ("NORTH", ["E3"]),
    ]


def test_the_topmost_step_describes_the_document(shop: Shop) -> None:
    ruled(
        shop,
        {"step": 2, "invoice_description": "='Second'"},
        {"step": 1, "account_group": "MATERIAL", "invoice_description": "='P '+[Project.Code]"},
    )
    shop.time("E1")
    shop.material("M1")
    (document,) = documents(shop, billed(shop))
    assert document.description == "P P"


def test_a_frame_order_is_drawn_by_the_hours_that_the_rule_makes(shop: Shop) -> None:
    ruled(shop, {"quantity": "=[Entry.BillableQty]*1.5"})
    shop.order("FO", "10")
    shop.time("E1", hours="4")
    (document,) = documents(shop, billed(shop, frame_order="FO", issue=True))
    assert document.draw_down
    assert (document.draw_down.drawn, document.draw_down.after) == (D(6), D(4))
    assert shop.problems() == ()


# Lines of zeros.


def test_a_line_that_is_dropped_settles_its_entry(shop: Shop) -> None:
    ruled(shop, {"create_zero_lines": False})
    shop.time("E1")
    shop.time("E2", hours="0")
    runs = billed(shop, issue=True)
    (document,) = documents(shop, runs)
    assert [(line.entries, line.printed) for line in document.lines] == [
        (("E1",), True),
        (("E2",), False),
    ]
    assert billed(shop)[0].outcome is NOTHING
    assert shop.problems() == ()


def test_a_document_of_which_nothing_is_printed_is_not_made(shop: Shop) -> None:
    ruled(shop, {"create_zero_lines": False})
    shop.task("EXTRA", bill_separately=True)
    shop.time("E1")
    shop.time("E2", "E3", hours="0", task="EXTRA")
    (run,) = billed(shop)
    assert run.issued
    assert run.issued.numbers == ("DRAFT-1",)
    assert [one.code for one in run.issued.warnings] == ["RULE-12"]
    assert [row.entry.id for row in shop.load().rows] == ["E2", "E3"]


def test_a_run_of_which_nothing_is_printed_is_none(shop: Shop) -> None:
    ruled(shop, {"create_zero_lines": False})
    shop.time("E1", hours="0")
    (run,) = billed(shop)
    assert (run.outcome, shop.value("SELECT count(*) FROM runs")) == (NOTHING, 0)


def test_information_alone_is_a_document(shop: Shop) -> None:
    ruled(shop, {"include_non_billable": True, "create_zero_lines": False})
    shop.time("E1", billable=False)
    (document,) = documents(shop, billed(shop))
    assert lines(document) == [("E1", "0.00")]


# Pro formas.


def test_a_project_billed_by_pro_forma_gets_one(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    (run,) = billed(shop, issue=True)
    (made,) = pro_formas(shop.store)
    assert run.issued
    assert run.issued.numbers == (made.number,) == ("PF-00001",)
    (line,) = made.document.lines
    assert made.document.kind is DocumentKind.PRO_FORMA
    assert (line.billed_quantity, line.billed_amount, line.status) == (
        D(2),
        D(200),
        LineStatus.BILL,
    )
    assert shop.problems() == ()


def test_what_a_pro_forma_claims_is_named_by_its_number(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1")
    billed(shop)
    assert [one.wording for one in shop.load().left_out] == ["already on PF-00001"]


def test_the_wizard_leaves_a_project_billed_by_pro_forma_out(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1")
    review = shop.load()
    assert [one.reason.code for one in review.left_out] == ["LEFT-07"]
    assert review.rows == ()


def test_a_pro_forma_may_be_below_zero_and_an_invoice_not(shop: Shop) -> None:
    shop.time("E1", hours="-1")
    (run,) = billed(shop)
    assert run.stopped
    assert [one.code for one in run.stopped.faults] == ["TOTAL-01"]
    by_pro_forma(shop)
    (run,) = billed(shop)
    assert run.outcome is DONE


def test_a_pro_forma_draws_on_no_frame_order(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.order("FO", "10")
    shop.time("E1")
    (run,) = billed(shop, frame_order="FO")
    assert run.stopped
    assert [one.code for one in run.stopped.faults] == ["RULE-13"]


def test_a_run_by_pro_forma_obeys_saved_decisions(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1", "E2", "E3")
    shop.time("E4", hours="8")
    choices = {
        "E2": Choice(Decision.DEFER),
        "E3": Choice(Decision.WRITE_OFF, "goodwill"),
        "E4": Choice(Decision.BILL, bill_quantity=D(5)),
    }
    assert decide(shop.store, "ACME", choices, actor=ANN).changed == 3
    (run,) = billed(shop)
    (made,) = pro_formas(shop.store)
    assert lines(made.document) == [("E1", "100.00"), ("E4/1", "500.00")]
    assert shop.value("SELECT state FROM entries WHERE id = 'E3'") == "written_off"
    assert run.issued
    assert run.issued.figures[Decision.DEFER].ids == ("E2", "E4/2")
    assert shop.problems() == ()


def test_a_run_by_pro_forma_may_only_write_off(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1")
    decide(shop.store, "ACME", {"E1": Choice(Decision.WRITE_OFF, "goodwill")}, actor=ANN)
    (run,) = billed(shop)
    assert (run.outcome, pro_formas(shop.store)) == (DONE, [])
    assert shop.value("SELECT state FROM entries WHERE id = 'E1'") == "written_off"
    assert shop.problems() == ()


def test_a_remainder_by_pro_forma_is_written_off_by_decision(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1")
    invoiced(shop, amount=D(60), status=LineStatus.HOLD_REMAINDER)
    remainder = str(shop.value("SELECT id FROM entries WHERE kind = 'remainder'"))
    shop.time("E2", on="2026-02-15")
    choices = {remainder: Choice(Decision.WRITE_OFF, "agreed")}
    assert decide(shop.store, "ACME", choices, actor=ANN).changed == 1
    (run,) = billed(shop, date=day("2026-02-28"), actor=on("2026-02-28"))
    assert run.issued
    assert run.issued.figures[Decision.WRITE_OFF].ids == (remainder,)
    assert run.issued.figures[Decision.BILL].ids == ("E2",)
    assert shop.problems() == ()


def test_a_remainder_by_pro_forma_has_no_part(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1")
    invoiced(shop, amount=D(60), status=LineStatus.HOLD_REMAINDER)
    remainder = str(shop.value("SELECT id FROM entries WHERE kind = 'remainder'"))
    part = {remainder: Choice(Decision.BILL, bill_quantity=D("0.5"))}
    with pytest.raises(RunRefused) as raised:
        decide(shop.store, "ACME", part, actor=ANN)
    assert [one.code for one in raised.value.faults] == ["ENTRY-15"]


# What stops a run.


def test_a_formula_without_a_value_stops_the_whole_project(shop: Shop) -> None:
    ruled(shop, NEVER)
    shop.time("E1", unit_cost=D(2))
    shop.time("E2", unit_cost=D(0))
    (run,) = billed(shop)
    assert run.stopped
    (fault,) = run.stopped.faults
    assert (run.outcome, fault.code, fault.entry) == (FAILED, "RULE-02", "E2")
    assert shop.value("SELECT count(*) FROM documents") == 0


def test_a_missing_rate_stops_the_whole_project(shop: Shop) -> None:
    ruled(shop, {"amount": "=@Rate", "rate_type": "STD"})
    shop.time("E1")
    (run,) = billed(shop)
    assert run.stopped
    assert [one.code for one in run.stopped.faults] == ["RULE-01"]


def test_a_missing_rate_that_is_skipped_is_left_out(shop: Shop) -> None:
    ruled(
        shop,
        {"amount": "=@Rate", "rate_type": "STD", "no_rate": "skip"},
        {"step": 2, "account_group": "MATERIAL"},
    )
    shop.time("E1")
    shop.material("M1")
    (run,) = billed(shop)
    assert [(one.entry, one.code) for one in run.left_out] == [("E1", "LEFT-09")]
    assert run.outcome is DONE


def test_a_refused_period_keeps_the_later_ones_back(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    ruled(shop, NEVER)
    shop.time("E1", on="2026-01-15", unit_cost=D(2))
    shop.time("E2", on="2026-02-15", unit_cost=D(0))
    shop.time("E3", on="2026-03-15", unit_cost=D(2))
    runs = billed(shop, date=None, actor=on("2026-04-01"))
    assert [one.outcome for one in runs] == [DONE, FAILED]
    assert last_date(shop) == "2026-01-31"


def test_a_part_that_the_rule_does_not_make_is_refused(shop: Shop) -> None:
    ruled(shop, {"amount": "=50+[Entry.BillableQty]*10"})
    shop.time("E1", hours="8")
    part = {"E1": Choice(Decision.BILL, bill_quantity=D(3))}
    decide(shop.store, "ACME", part, actor=ANN)
    (run,) = billed(shop)
    assert run.stopped
    assert [one.code for one in run.stopped.faults] == ["RULE-11"]


def test_a_part_is_one_of_what_is_billed(shop: Shop) -> None:
    ruled(shop, {"quantity": "=[Entry.BillableQty]*1.25"})
    shop.time("E1", hours="8")
    part = {"E1": Choice(Decision.BILL, bill_quantity=D(5))}
    decide(shop.store, "ACME", part, actor=ANN)
    (document,) = documents(shop, billed(shop, issue=True))
    (line,) = document.lines
    assert (line.entries, line.quantity, line.amount) == (("E1/1",), D(5), D(400))
    assert shop.value("SELECT billable_quantity FROM entries WHERE id = 'E1/1'") == 40000
    assert shop.problems() == ()


def test_a_part_of_what_has_no_quantity_of_its_own_is_refused(shop: Shop) -> None:
    ruled(shop, {"quantity": "=2", "amount": "=200"})
    shop.time("E1", hours="0")
    part = {"E1": Choice(Decision.BILL, bill_quantity=D(1))}
    decide(shop.store, "ACME", part, actor=ANN)
    (run,) = billed(shop)
    assert run.stopped
    assert [one.code for one in run.stopped.faults] == ["RULE-11"]


# Limits.


def limited(shop: Shop, amount: int) -> None:
    shop.add("limits", id=1, project="P", amount=amount)


def test_a_draft_may_be_over_a_limit_and_says_so(shop: Shop) -> None:
    limited(shop, 5_000)
    shop.time("E1")
    (run,) = billed(shop)
    assert run.issued
    assert [(one.code, one.level) for one in run.issued.warnings] == [("LIMIT-01", "warning")]


def test_nothing_over_a_limit_is_issued(shop: Shop) -> None:
    limited(shop, 5_000)
    shop.time("E1")
    (run,) = billed(shop, issue=True)
    assert run.stopped
    assert [one.code for one in run.stopped.faults] == ["LIMIT-01"]


# Many projects.


def several(shop: Shop) -> None:
    """Three projects by the month, due on days of their own, and one on demand."""
    for code, start in (("P1", "2025-12-20"), ("P2", "2025-12-10"), ("P3", "2025-12-15")):
        shop.project(code, billing_period="month", start_date=day(start))
        shop.time(f"E-{code}", project=code)
    shop.project("P4", manager="ben")
    shop.time("E-P4", project="P4")


def test_a_mass_run_goes_by_billing_date_then_by_project(shop: Shop) -> None:
    several(shop)
    assert outcomes(all_of(shop, issue=True)) == [
        ("P2", "2026-01-10", DONE),
        ("P3", "2026-01-15", DONE),
        ("P1", "2026-01-20", DONE),
        ("P", "2026-01-31", NOTHING),
        ("P4", "2026-01-31", DONE),
    ]
    assert shop.problems() == ()


def test_a_mass_run_goes_on_where_a_project_fails(shop: Shop) -> None:
    several(shop)
    rule(shop, "BAD", NEVER)
    shop.change("projects", {"code": "P3"}, billing_rule="BAD")
    runs = all_of(shop)
    assert [one.outcome for one in runs] == [DONE, FAILED, DONE, NOTHING, DONE]
    assert [row.entry.id for row in shop.load().rows] == []
    assert [left.entry.id for left in shop.load().left_out if left.reason.code == "LEFT-15"] == [
        "E-P3"
    ]


@pytest.mark.parametrize(
    ("wanted", "projects"),
    [
        ({"projects": ("P1", "P4")}, ["P1", "P4"]),
        ({"manager": "ben"}, ["P4"]),
        ({"customer": "BETA"}, ["P-BETA"]),
        ({"status": ProjectStatus.COMPLETED}, ["P9"]),
    ],
)
def test_a_mass_run_takes_what_its_filters_leave(
    shop: Shop, wanted: dict[str, object], projects: list[str]
) -> None:
    several(shop)
    shop.customer("BETA")
    shop.project("P9", status="completed")
    assert [one.project for one in all_of(shop, **wanted)] == projects


def test_an_unknown_project_among_the_filters_is_refused(shop: Shop) -> None:
    with pytest.raises(UnknownProject):
        all_of(shop, projects=("NOBODY",))


def test_an_unknown_manager_among_the_filters_is_refused(shop: Shop) -> None:
    several(shop)
    with pytest.raises(UnknownManager, match="nobody"):
        all_of(shop, manager="nobody")


def test_a_project_years_behind_is_not_run_for_every_empty_week(shop: Shop) -> None:
    weekly = {"billing_period": "week", "start_date": day("2019-01-07")}
    shop.change("projects", {"code": "P"}, **weekly)
    shop.time("E1", on="2026-01-14")
    due = all_due(shop.store, Filters(), BILLING_DATE)
    assert [str(one.billing_date) for one in due] == ["2026-01-19", "2026-01-26"]


# Looking first.


def test_a_preview_shows_what_each_period_would_take_and_writes_nothing(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1", "E2", on="2026-01-15")
    shop.time("E3", on="2026-02-15")
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER)}, actor=ANN)
    runs = preview_bill(shop.store, "P", today=day("2026-03-01"))
    shown = [
        [entry for one in run.plan.documents for entry, _ in lines(one)] for run in runs if run.plan
    ]
    assert shown == [["E1"], ["E3"]]
    assert shop.value("SELECT count(*) FROM documents") == 0


def test_a_preview_tells_what_would_stop_the_run(shop: Shop) -> None:
    ruled(shop, NEVER)
    shop.time("E1", unit_cost=D(0))
    (run,) = preview_bill(shop.store, "P", date=BILLING_DATE, today=BILLING_DATE)
    assert run.plan
    assert (run.outcome, [one.code for one in run.plan.errors]) == (FAILED, ["RULE-02"])


def test_a_preview_of_all_shows_pro_formas(shop: Shop) -> None:
    by_pro_forma(shop)
    shop.time("E1")
    due = all_due(shop.store, Filters(), BILLING_DATE)
    (run,) = preview_all(shop.store, due, today=BILLING_DATE)
    assert run.plan
    assert [one.kind for one in run.plan.documents] == [DocumentKind.PRO_FORMA]


# Once.


def test_the_same_request_again_is_the_first_result(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1", on="2026-01-15")
    shop.time("E2", on="2026-02-15", status="draft")
    first = billed(shop, date=None, request="r")
    assert billed(shop, date=None, request="r", actor=on("2026-03-05")) == first
    assert shop.value("SELECT count(*) FROM documents") == 1


def test_the_same_request_with_other_content_is_refused(shop: Shop) -> None:
    shop.time("E1")
    billed(shop, request="r")
    with pytest.raises(RequestReused):
        billed(shop, request="r", date=day("2026-02-28"))


def test_a_mass_run_again_bills_what_failed_before_and_nothing_twice(shop: Shop) -> None:
    several(shop)
    rule(shop, "BAD", NEVER)
    shop.change("projects", {"code": "P3"}, billing_rule="BAD")

    def once_more() -> list[ProjectRun]:
        due = all_due(shop.store, Filters(), BILLING_DATE, request="r")
        return list(bill_all(shop.store, due, actor=ANN, request="r"))

    first = once_more()
    shop.change("rule_steps", {"rule": "BAD"}, amount=HOURLY)
    again = once_more()
    assert [one.outcome for one in again] == [DONE, DONE, DONE, NOTHING, DONE]
    assert [one.issued for one in again if one.project == "P1"] == [
        one.issued for one in first if one.project == "P1"
    ]
    assert shop.value("SELECT count(*) FROM documents") == 4


def test_a_mass_run_without_a_date_is_the_same_request_after_midnight(shop: Shop) -> None:
    shop.time("E1")

    def asked(today: dt.date) -> list[ProjectRun]:
        due = all_due(shop.store, Filters(), today, is_default=True, request="r")
        return list(bill_all(shop.store, due, actor=on(str(today)), request="r"))

    first = asked(day("2026-02-01"))
    assert asked(day("2026-02-02")) == first


# The customers.


@pytest.mark.parametrize(("status", "due"), [("active", True), ("cancelled", False)])
def test_a_customer_is_due_by_its_projects_billed_by_pro_forma_too(
    shop: Shop, status: str, *, due: bool
) -> None:
    by_pro_forma(shop)
    shop.change("projects", {"code": "P"}, **MONTHLY, status=status)
    (row,) = survey(shop.store, BILLING_DATE)
    assert row.due is due

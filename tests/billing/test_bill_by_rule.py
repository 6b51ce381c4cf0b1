"""The wizard on projects with billing rules: load, decide, preview, issue, by the rule's prices."""

from dataclasses import replace

import pytest

from tests.billing.engine import HOURLY, lines, ruled
from tests.builders import ANN, D, Shop, on
from timix_xl.billing.draft import issue_draft, save_draft
from timix_xl.billing.find import printed
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.project_figures import project_figures
from timix_xl.billing.wip import wip
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Document
from timix_xl.errors import FormulaBroken, RunRefused

MORE = {"quantity": "=[Entry.BillableQty]*1.25"}
THIRDS = {"amount": "=[Entry.BillableQty]*100/3"}


def issued(shop: Shop, number: str = "INV-2026-00001") -> Document:
    with shop.store.reading() as connection:
        return printed(connection, number)


def test_a_load_shows_what_would_be_billed(shop: Shop) -> None:
    ruled(shop, MORE)
    shop.time("E1", hours="8")
    review = shop.load()
    (row,) = review.rows
    assert (row.priced.quantity, row.priced.rate, row.priced.amount) == (D(10), D(80), D(800))
    assert (review.hours, review.amount) == (D(10), D(800))


def test_what_has_no_step_is_left_out(shop: Shop) -> None:
    ruled(shop, {})
    shop.material("M1")
    assert [one.reason.code for one in shop.load().left_out] == ["LEFT-08"]


def test_what_a_formula_cannot_price_is_left_out_and_stops_nothing(shop: Shop) -> None:
    ruled(shop, {"amount": "=1/[Entry.UnitCost]"})
    shop.time("E1", unit_cost=D(0))
    shop.time("E2", unit_cost=D(2))
    assert [one.reason.code for one in shop.load().left_out] == ["LEFT-15"]
    shop.issue()
    assert lines(issued(shop)) == [("E2", "0.50")]


def test_an_issue_reconciles_what_the_rule_made(shop: Shop) -> None:
    ruled(shop, MORE)
    shop.time("E1", hours="8")
    made = shop.issue()
    assert made.loaded.hours == issued(shop).hours == D(10)
    assert shop.problems() == ()


def test_the_wizard_groups_by_its_own_options(shop: Shop) -> None:
    ruled(shop, {"aggregate_by": "item"})
    shop.time("E1", "E2")
    assert [entries for entries, _ in lines(shop.preview().documents[0])] == ["E1", "E2"]
    (line,) = shop.preview(group_by=GroupBy.PROJECT).documents[0].lines
    assert line.entries == ("E1", "E2")


def test_a_line_is_rounded_once(shop: Shop) -> None:
    ruled(shop, THIRDS)
    shop.time("E1", "E2", "E3")
    made = shop.issue(group_by=GroupBy.PROJECT)
    assert lines(issued(shop)) == [("E1,E2,E3", "100.00")]
    assert made.rounding == D("0.01")
    assert shop.problems() == ()


def test_invoice_groups_and_descriptions_are_for_the_engine(shop: Shop) -> None:
    ruled(
        shop,
        {"invoice_description": "='For P'", "invoice_group": "A"},
        {"step": 2, "account_group": "MATERIAL", "invoice_group": "B"},
    )
    shop.time("E1")
    shop.material("M1")
    (document,) = shop.preview().documents
    assert document.description == ""


def test_lines_of_zeros_are_printed_by_the_wizard(shop: Shop) -> None:
    ruled(shop, {"create_zero_lines": False})
    shop.time("E1", hours="0")
    (document,) = shop.preview().documents
    assert lines(document) == [("E1", "0.00")]


def test_a_rule_that_changes_makes_a_sheet_stale(shop: Shop) -> None:
    ruled(shop, {})
    shop.time("E1")
    paper = shop.paper()
    shop.change("rule_steps", {"rule": "R"}, line_description="='Else: '+[Entry.Description]")
    found = shop.preview(paper=paper).errors
    assert [one.code for one in found] == ["ENTRY-04"]


def test_a_sheet_of_a_ruled_project_is_issued(shop: Shop) -> None:
    ruled(shop, MORE)
    shop.time("E1", hours="8")
    paper = shop.paper()
    half = replace(paper.rows[0], decision="Bill", bill_quantity="5")
    shop.issue(paper=replace(paper, rows=(half,)))
    (line,) = issued(shop).lines
    assert (line.quantity, line.amount) == (D(5), D(400))
    (rest,) = shop.load().rows
    assert (rest.entry.id, rest.priced.quantity, rest.priced.amount) == ("E1/2", D(5), D(400))


def test_a_draft_keeps_the_rules_price(shop: Shop) -> None:
    ruled(shop, {})
    shop.time("E1")
    save_draft(shop.store, "ACME", shop.load().billing_date, RunOptions(), actor=ANN)
    shop.change("rule_steps", {"rule": "R"}, amount=HOURLY + "*2")
    issue_draft(shop.store, "DRAFT-1", actor=ANN)
    assert lines(issued(shop)) == [("E1", "100.00")]
    assert shop.problems() == ()


def test_the_token_of_what_no_rule_prices_does_not_know_of_rules(shop: Shop) -> None:
    shop.time("E1")
    before = shop.load().rows[0].token
    ruled(shop, {})
    shop.time("E2")
    assert shop.load().rows[0].token != before


def test_nothing_over_a_limit_is_issued_by_the_wizard(shop: Shop) -> None:
    shop.add("limits", id=1, project="P", amount=5_000)
    shop.time("E1")
    assert [one.code for one in shop.preview().errors] == ["LIMIT-01"]
    made = save_draft(shop.store, "ACME", shop.load().billing_date, RunOptions(), actor=ANN)
    assert [one.level for one in made.warnings] == ["warning"]


HUGE = {"quantity": "=999999999999", "amount": "=1"}


def test_a_line_that_is_too_large_is_named(shop: Shop) -> None:
    ruled(shop, HUGE)
    shop.time("E1", "E2")
    with pytest.raises(RunRefused) as refused:
        shop.issue(group_by=GroupBy.PROJECT)
    (line, *_) = refused.value.faults
    assert line.code == "RULE-08"
    assert line.message == "Line 1 has a quantity of 1,000,000,000,000 or more."
    assert line.hint.startswith("Correct E1, E2, or what")


def test_a_document_that_is_too_large_is_named(shop: Shop) -> None:
    ruled(shop, {"amount": "=999999999999"})
    shop.time("E1", "E2")
    with pytest.raises(RunRefused) as refused:
        shop.issue()
    assert [fault.code for fault in refused.value.faults] == ["RULE-07"]


def test_an_amount_without_a_rule_that_is_too_large_is_left_out(shop: Shop) -> None:
    shop.time("E1", hours="999999999999", bill_rate=D(1000000))
    assert [(one.reason.code, one.detail) for one in shop.load().left_out] == [
        ("LEFT-15", "the amount is 1,000,000,000,000 or more")
    ]


def test_a_formula_that_was_broken_in_the_store_is_named(shop: Shop) -> None:
    ruled(shop, {"amount": "=DROP"})
    shop.time("E1")
    for look in (
        shop.load,
        lambda: wip(shop.store, today=on("2026-02-01").today),
        lambda: project_figures(shop.store),
    ):
        with pytest.raises(FormulaBroken, match="amount formula of step 1 of billing rule R"):
            look()


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize(
    "facts", [{"amount": "=DROP"}, {"quantity": ""}, {"line_description": "='x"}]
)
def test_verify_reads_every_formula(active: bool, facts: dict[str, str], shop: Shop) -> None:
    ruled(shop, {}, {"step": 2, "active": active, **facts})
    assert [(one.code, one.where) for one in shop.problems()] == [
        ("VERIFY-46", "step 2 of billing rule R")
    ]


def test_verify_names_a_rate_below_zero(shop: Shop) -> None:
    place = {"rate_table": "RT", "rate_type": "STANDARD", "seq": 1}
    shop.add("rate_tables", code="RT", rate_type="STANDARD")
    shop.add("rate_sequences", **place, factors="")
    shop.add("table_rates", **place, rate=D(-1))
    assert [(one.code, one.message) for one in shop.problems()] == [
        ("VERIFY-46", "a rate of sequence 1 is below zero")
    ]

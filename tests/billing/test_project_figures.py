"""Project figures: cost, invoiced, draft, WIP, limit and margin, derived whenever asked."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.billing.test_limits import pro_forma
from tests.billing.test_statement_count import counting
from tests.builders import ANN, BILLING_DATE, D, Shop, a_full_year, day, on
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.draft import save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.pro_forma import open_
from timix_xl.billing.pro_forma_edit import edit
from timix_xl.billing.project_figures import project_figures
from timix_xl.billing.release import release
from timix_xl.billing.void import void
from timix_xl.billing.wip import wip
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.project_figures import Figures, ProjectFigures
from timix_xl.errors import UnknownCustomer, UnknownProject

TODAY = ANN.today


def figures_of(shop: Shop, project: str = "P") -> ProjectFigures:
    (found,) = project_figures(shop.store, project=project)
    return found


def whole(shop: Shop, project: str = "P") -> Figures:
    return figures_of(shop, project).figures


def by_place(found: ProjectFigures) -> dict[tuple[str | None, str | None], Figures]:
    return {(one.task, one.account_group): one.figures for one in found.by}


def some(
    cost: str | None,
    invoiced: str = "0",
    draft: str = "0",
    wip: str = "0",
    limit: str | None = None,
) -> Figures:
    """Return figures as they are written by hand."""
    return Figures(
        cost=None if cost is None else D(cost),
        invoiced=D(invoiced),
        draft=D(draft),
        wip=D(wip),
        limit=None if limit is None else D(limit),
    )


def a_working_project(shop: Shop) -> None:
    """Give project P work of every kind: Ann costs 40 an hour and is billed at 100."""
    shop.change("people", {"code": "ann"}, cost_rate=D(40))
    shop.task("F", billing_type="fixed")
    shop.task("O", billing_type="overhead")
    shop.add("limits", project="P", amount=500000)
    shop.add("limits", project="P", task="T", account_group="LABOR", amount=150000)
    shop.time("BILLED", hours="8")
    shop.issue()
    shop.time("DRAFTED", hours="2")
    save_draft(shop.store, "ACME", BILLING_DATE, RunOptions(), actor=ANN)
    shop.time("OPEN", hours="3")
    shop.time("FREE", hours="1", billable=False)
    shop.time("GIFT", hours="1", state="written_off")
    shop.time("ELSEWHERE", hours="1", billed_elsewhere="old system")
    shop.time("UNSURE", hours="5", status="draft")
    shop.time("FEE", hours="10", task="F")
    shop.material("CABLE", units="4", unit_cost=D("12.50"), bill_rate=D(20))
    shop.material("TRAVEL", task="O", cost_amount=9999)


def test_a_project_is_worked_out_by_hand(shop: Shop) -> None:
    """16 h of T at 40 = 640, 10 h for a fee = 400, material 50, overhead 99.99."""
    a_working_project(shop)
    assert by_place(figures_of(shop)) == {
        ("F", "LABOR"): some("400"),
        ("O", "MATERIAL"): some("99.99"),
        ("T", "LABOR"): some("640", invoiced="800", draft="200", wip="500", limit="1500"),
        ("T", "MATERIAL"): some("50", wip="80"),
    }
    assert whole(shop) == some("1189.99", "800", "200", "580", "5000")
    assert whole(shop).margin == D("-389.99")


def test_wip_is_that_of_the_wip_report(shop: Shop) -> None:
    a_working_project(shop)
    assert whole(shop).wip == sum(one.amount for one in wip(shop.store, today=TODAY))


def test_what_is_issued_with_a_later_date_is_invoiced_and_no_wip(shop: Shop) -> None:
    shop.time("E1", hours="8")
    shop.issue(issue_date=day("2026-02-28"), actor=on("2026-01-28"), upto=day("2026-01-28"))
    assert whole(shop) == some("0", invoiced="800")


def test_work_dated_ahead_is_wip_as_soon_as_the_store_has_it(shop: Shop) -> None:
    shop.time("E1", on="2099-01-01")
    assert whole(shop) == some("0", wip="100")


def test_fixed_price_work_costs_and_is_not_billed(shop: Shop) -> None:
    shop.change("people", {"code": "ann"}, cost_rate=D(40))
    shop.change("projects", {"code": "P"}, billing_type="fixed")
    shop.time("E1", hours="10")
    assert whole(shop) == some("400")


def test_the_cost_amount_comes_before_unit_cost_and_the_persons_rate(shop: Shop) -> None:
    shop.change("people", {"code": "ann"}, cost_rate=D(40))
    shop.time("E1", hours="2", cost_amount=7000, unit_cost=D(50))
    assert whole(shop).cost == D(70)
    shop.time("E2", hours="2", unit_cost=D(50))
    assert whole(shop).cost == D(170)
    shop.time("E3", hours="2")
    assert whole(shop).cost == D(250)


def test_hours_worked_cost_not_hours_billed(shop: Shop) -> None:
    shop.change("people", {"code": "ann"}, cost_rate=D(40))
    shop.time("E1", hours="8", billable_quantity=D(2))
    assert whole(shop) == some("320", wip="200")


def test_an_entry_that_nobody_priced_costs_nothing(shop: Shop) -> None:
    shop.time("E1", hours="8")
    assert whole(shop) == some("0", wip="800")


def test_a_remainder_and_its_reversal_cost_nothing(shop: Shop) -> None:
    shop.change("people", {"code": "ann"}, cost_rate=D(40))
    facts = {"hours": "0", "unit_cost": D(9), "cost_amount": 900, "person": None}
    shop.time("R:INV-2026-00001:1", kind="remainder", face_amount=7000, **facts)
    shop.time("R:INV-2026-00001:1:x", kind="reversal", face_amount=-7000, billable=False, **facts)
    assert whole(shop).cost == D(0)


def test_what_a_pro_forma_holds_back_is_wip_again_and_costs_nothing_more(shop: Shop) -> None:
    shop.change("people", {"code": "ann"}, cost_rate=D(40))
    shop.time("E1", hours="7")
    number = pro_forma(shop)
    edit(shop.store, number, [LineEdit(line=1, amount=D(500))], actor=ANN)
    assert whole(shop) == some("280", draft="500", wip="700")
    open_(shop.store, number, actor=ANN)
    release(shop.store, number, issue=True, actor=ANN)
    assert whole(shop) == some("280", invoiced="500", wip="200")
    assert [(one.task, one.account_group) for one in figures_of(shop).by] == [("T", "LABOR")]


def test_a_split_entry_costs_as_much_as_before(shop: Shop) -> None:
    shop.time("E1", hours="9", cost_amount=10000)
    (row,) = shop.paper().rows
    paper = replace(shop.paper(), rows=(replace(row, decision="Bill", bill_quantity="4"),))
    shop.issue(paper=paper)
    assert whole(shop) == some("100", invoiced="400", wip="500")


def test_what_is_credited_is_not_invoiced(shop: Shop) -> None:
    shop.time("E1", hours="8")
    number = shop.issue().numbers[0]
    credit_money(shop.store, number, 1, D(100), "late", actor=ANN)
    assert whole(shop) == some("0", invoiced="700")
    credit(shop.store, number, becomes=Becomes.BILL, reason="wrong", actor=ANN)
    assert whole(shop) == some("0", wip="800")


def test_all_projects_together_invoiced_the_net_of_the_register(shop: Shop) -> None:
    a_full_year(shop)
    found = project_figures(shop.store)
    net = shop.value("SELECT sum(subtotal) FROM documents WHERE status IN ('issued', 'sent')")
    assert net
    assert sum(one.figures.invoiced for one in found) == D(net) / 100


def test_goodwill_is_taken_from_what_its_line_billed(shop: Shop) -> None:
    shop.task("U")
    shop.time("E1", hours="1")
    shop.time("E2", hours="3", task="U")
    number = shop.issue(group_by=GroupBy.PROJECT).numbers[0]
    credit_money(shop.store, number, 1, D(100), "late", actor=ANN)
    assert by_place(figures_of(shop)) == {
        ("T", "LABOR"): some("0", invoiced="75"),
        ("U", "LABOR"): some("0", invoiced="225"),
    }


def test_a_void_invoice_is_not_invoiced(shop: Shop) -> None:
    shop.time("E1", hours="8")
    void(shop.store, shop.issue().numbers[0], "wrong", actor=ANN)
    assert whole(shop) == some("0", wip="800")


def abroad(shop: Shop, **facts: Any) -> None:
    """Add customer LONDON, billed in pounds, and an hour of Ann's for it."""
    shop.customer("LONDON", currency="GBP")
    shop.time("E1", project="P-LONDON", currency="GBP", **facts)


@pytest.mark.parametrize("facts", [{}, {"unit_cost": D(30), "person": None}, {"cost_amount": 900}])
def test_a_cost_in_another_currency_makes_cost_and_margin_null(
    shop: Shop, facts: dict[str, Any]
) -> None:
    shop.change("people", {"code": "ann"}, cost_rate=D(40))
    abroad(shop, **facts)
    found = whole(shop, "P-LONDON")
    assert (found.cost, found.margin, found.wip) == (None, None, D(100))
    assert figures_of(shop, "P-LONDON").currency == "GBP"


def test_without_any_cost_a_customer_abroad_has_a_margin(shop: Shop) -> None:
    abroad(shop)
    shop.issue("LONDON")
    assert whole(shop, "P-LONDON").margin == D(100)


def test_only_the_task_whose_cost_is_missing_has_none(shop: Shop) -> None:
    abroad(shop, unit_cost=D(30))
    shop.task("U", project="P-LONDON")
    shop.time("E2", project="P-LONDON", currency="GBP", task="U")
    found = by_place(figures_of(shop, "P-LONDON"))
    assert found["T", "LABOR"].cost is None
    assert found["U", "LABOR"].cost == Decimal(0)
    assert whole(shop, "P-LONDON").cost is None


def test_a_limit_of_which_nothing_is_used_is_told(shop: Shop) -> None:
    shop.add("limits", project="P", task="T", account_group="MATERIAL", amount=70000)
    assert by_place(figures_of(shop)) == {("T", "MATERIAL"): some("0", limit="700")}


def test_a_task_shows_the_smallest_limit_that_names_it(shop: Shop) -> None:
    shop.add("limits", project="P", amount=10000)
    shop.add("limits", project="P", task="T", amount=90000)
    shop.add("limits", project="P", account_group="LABOR", amount=80000)
    shop.time("E1")
    found = figures_of(shop)
    assert by_place(found) == {("T", "LABOR"): some("0", wip="100", limit="800")}
    assert found.figures.limit == D(100)


def test_the_next_billing_date_follows_the_calendar(shop: Shop) -> None:
    assert figures_of(shop).next_billing_date is None
    calendar = {"billing_period": "month", "start_date": day("2026-01-31")}
    shop.change("projects", {"code": "P"}, **calendar)
    assert figures_of(shop).next_billing_date == day("2026-02-28")


def test_a_project_without_work_has_figures_of_nothing(shop: Shop) -> None:
    assert whole(shop) == some("0")
    assert figures_of(shop).by == ()


def test_projects_can_be_asked_for_by_customer(shop: Shop) -> None:
    shop.customer("BETA")
    shop.time("E1", project="P-BETA")
    codes = [one.project for one in project_figures(shop.store)]
    assert codes == ["P", "P-BETA"]
    (beta,) = project_figures(shop.store, customer="BETA")
    assert (beta.project, beta.customer, beta.figures.wip) == ("P-BETA", "BETA", D(100))


def test_what_is_not_there_is_refused(shop: Shop) -> None:
    shop.customer("BETA")
    with pytest.raises(UnknownCustomer):
        project_figures(shop.store, customer="NOBODY")
    for customer, project in ((None, "X"), ("BETA", "P")):
        with pytest.raises(UnknownProject):
            project_figures(shop.store, customer=customer, project=project)


def test_a_thousand_entries_take_as_many_statements_as_a_hundred(shop: Shop) -> None:
    counted = []
    for start, size in ((0, 100), (100, 1000)):
        shop.entries({"id": f"E{at:05d}", "hours": "0.3333"} for at in range(start, size))
        with counting(shop) as seen:
            project_figures(shop.store)
        counted.append(len(seen))
    assert counted[0] == counted[1]

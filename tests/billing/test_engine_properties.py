"""What holds for any rules, entries and edits: nothing is lost, and order and splitting are free."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete as sql_delete

from tests.billing.agency import furnish
from tests.builders import D, Shop, Template, copy_of, on
from timix_xl.billing.bill import bill, preview_bill
from timix_xl.billing.issue_all import RunOutcome
from timix_xl.billing.load import loaded
from timix_xl.billing.pro_forma import open_, pro_formas
from timix_xl.billing.pro_forma_edit import add_line, edit
from timix_xl.billing.release import release
from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import Document, Line, LineStatus
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.money import ZERO, minor_unit, rounded, total
from timix_xl.domain.pricing import Reason
from timix_xl.domain.pro_forma_lines import LineEdit, lines_of
from timix_xl.domain.pro_formas import ProFormaState
from timix_xl.errors import TimixError
from timix_xl.store import documents
from timix_xl.store import tables as t

JANUARY, FEBRUARY = dt.date(2026, 1, 31), dt.date(2026, 2, 28)
ANN = on("2026-03-02")

TIME = st.fixed_dictionaries(
    {
        "account_group": st.sampled_from(["LABOR", "LABOR", "LABOR", "SUBCON"]),
        "hours": st.decimals("-1", 9, places=4).map(str) | st.sampled_from(["1.3333", "0.2", "0"]),
        "person": st.sampled_from(["ann", "ben"]),
        "item": st.sampled_from([None, "CAM"]),
        "billable": st.sampled_from([True, True, True, False]),
    }
)
MATERIAL = st.fixed_dictionaries(
    {
        "account_group": st.sampled_from(["MATERIAL", "MATERIAL", "TRAVEL"]),
        "hours": st.decimals(-3, 40, places=3).map(str),
        "item": st.sampled_from(["CAM", "BOLT"]),
        "unit_cost": st.sampled_from([D("8.125"), D("0.333333")]),
        **{name: st.just(one) for name, one in (("kind", "material"), ("unit", "pcs"))},
        "person": st.none(),
    }
)
PLACES = st.tuples(st.sampled_from("TTTNNSSO"), st.integers(1, 28))
WORK = st.lists(st.tuples(TIME | TIME | MATERIAL, PLACES), min_size=1, max_size=14)
RULES = st.integers(0, 10_000)
"""What the random rules, rates and places of an agency are drawn by."""
EDITS = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.sampled_from(
            ["amount", "amount", "quantity", "price", "delete", "by hand", *LineStatus]
        ),
        st.decimals("-0.2", "1.6", places=2),
    ),
    max_size=10,
)
A_FEW = settings(
    max_examples=14, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def rows(work: Sequence[Any], project: str) -> list[dict[str, Any]]:
    """Return drawn work as entries of a project, numbered as they come."""
    currency = "JPY" if project == "J" else "EUR"
    return [
        {"id": f"E{at:02d}", "on": f"2026-01-{day:02d}", "task": task, **facts}
        | {"project": project, "currency": currency, "description": "Work"}
        for at, (facts, (task, day)) in enumerate(work, start=1)
    ]


@contextmanager
def an_agency(template: Template, folder: pytest.TempPathFactory, rules: int) -> Iterator[Shop]:
    """Open an agency with the rules of a seed; P bills in euros, J in yen, both by pro forma."""
    shop = copy_of(template, folder.mktemp("agency"))
    furnish(shop, Random(rules))
    yield shop
    shop.store.close()


def planned(shop: Shop, project: str, entries: Sequence[Mapping[str, Any]]) -> list[Document]:
    """Return what a run would make of these entries, and of no others."""
    with shop.store.writing() as connection:
        connection.execute(sql_delete(t.entries))
    shop.entries(entries)
    (run,) = preview_bill(shop.store, project, date=JANUARY, today=ANN.today)
    assert run.plan is not None
    assert run.outcome is not RunOutcome.FAILED, run.plan.faults
    return list(run.plan.documents)


def worths(shop: Shop, project: str) -> dict[str, Decimal]:
    """Return what each unbilled entry of a project is worth by itself, on a pro forma or not."""
    customer = {"P": "ACME", "J": "NIPPON"}[project]
    with shop.store.reading() as connection:
        review = loaded(connection, customer, dt.date.max, project, for_engine=True)
    claimed = [one for one in review.left_out if one.reason is Reason.ON_DOCUMENT]
    return {row.entry.id: row.priced.amount for row in review.rows} | {
        one.entry.id: one.amount or ZERO for one in claimed
    }


# Nothing is lost.


@A_FEW
@given(rules=RULES, work=WORK, edits=EDITS, project=st.sampled_from("PPJ"))
def test_all_that_was_loaded_is_billed_held_written_off_or_still_unbilled(
    template: Template,
    tmp_path_factory: pytest.TempPathFactory,
    rules: int,
    work: list[Any],
    edits: list[Any],
    project: str,
) -> None:
    with an_agency(template, tmp_path_factory, rules) as shop:
        shop.entries(rows(work, project))
        for date in (JANUARY, FEBRUARY):
            before = worths(shop, project)
            bill(shop.store, project, date=date, actor=ANN)
            for edited in edits:
                negotiate(shop, *edited)
            papers = invoiced(shop)
            left = {one: worth for one, worth in worths(shop, project).items() if one in before}
            billed = settled(papers)
            assert total(before.values()) + billed == total(left.values())
            assert hours_settle(papers)
            assert not left.keys() & {one.entry for paper in papers for one in paper.billed}
            assert shop.problems() == ()


def negotiate(shop: Shop, at: int, what: str, size: Decimal) -> None:
    """Type something into some line of a pro forma; what is refused is not typed."""
    found = [one for one in pro_formas(shop.store) if one.state is ProFormaState.ON_HOLD]
    lines = [(one, line) for one in found for line in one.document.lines]
    if not lines:
        return
    one, line = lines[at % len(lines)]
    try:
        if what == "by hand":
            amount = rounded(size * 77, one.currency)
            new = NewLine(task="T", description="By hand", quantity=D(at % 3), amount=amount)
            add_line(shop.store, one.number, new, actor=ANN)
        else:
            edit(shop.store, one.number, [_typed(line, what, size, one.currency)], actor=ANN)
    except TimixError:
        return


def _typed(line: Line, what: str, size: Decimal, currency: str) -> LineEdit:
    amount = rounded((line.billed_amount or line.amount) * size, currency)
    return {
        "amount": LineEdit(line=line.line, amount=amount),
        "quantity": LineEdit(line=line.line, quantity=round(line.quantity * size, 4)),
        "price": LineEdit(line=line.line, unit_price=round(line.unit_price * size, 6)),
        "delete": LineEdit(line=line.line, delete=True),
        LineStatus.BILL: LineEdit(line=line.line, status=LineStatus.BILL),
        LineStatus.WRITE_OFF: LineEdit(line=line.line, status=LineStatus.WRITE_OFF),
    }.get(what) or LineEdit(line=line.line, amount=amount, status=LineStatus(what))


def invoiced(shop: Shop) -> list[Document]:
    """Release all pro formas, issued; returns what was made. One without a line is left."""
    made = []
    for one in pro_formas(shop.store):
        if one.state is ProFormaState.ON_HOLD:
            try:
                open_(shop.store, one.number, actor=ANN)
                made.append(release(shop.store, one.number, issue=True, actor=ANN).document)
            except TimixError:
                continue
    with shop.store.reading() as connection:
        heads = [head for number in made for head in documents.heads(connection, number=number)]
        return [documents.printed(connection, [head.id])[head.id] for head in heads]


def settled(papers: Sequence[Document]) -> Decimal:
    """Return added + raised + rounding - billed - held - written off; rounding is bounded."""
    return total(
        _settled(line, billed, one.currency) for one in papers for line, billed in lines_of(one)
    )


def _settled(line: Line, billed: Sequence[Any], currency: str) -> Decimal:
    off = line.amount + line.held + line.written_off
    if not billed:
        return line.amount - off
    assert line.billed_amount is not None
    rounding = line.billed_amount - total(one.exact_amount for one in billed)
    assert abs(rounding) <= minor_unit(currency) * (len(billed) + 1) / 2
    return total(one.raised for one in billed) + rounding - off


def hours_settle(papers: Sequence[Document]) -> bool:
    """Whether the hours of each line are those of its entries, and printed once."""
    return all(
        line.billed_quantity == total(_own(one) for one in billed)
        and line.quantity == total(one.quantity for one in billed)
        for paper in papers
        for line, billed in lines_of(paper)
        if billed and line.kind is Kind.TIME
    )


def _own(one: Any) -> Decimal:
    return one.quantity if one.own_quantity is None else one.own_quantity


# The order of entries.


@A_FEW
@given(
    rules=RULES, work=WORK, order=st.randoms(use_true_random=False), project=st.sampled_from("PJ")
)
def test_the_order_of_entries_changes_nothing_but_the_order_of_lines(
    template: Template,
    tmp_path_factory: pytest.TempPathFactory,
    rules: int,
    work: list[Any],
    order: Random,
    project: str,
) -> None:
    entries = rows(work, project)
    with an_agency(template, tmp_path_factory, rules) as shop:
        made = planned(shop, project, entries)
        assert planned(shop, project, order.sample(entries, len(entries))) == made
        renumbered = rows(order.sample(work, len(work)), project)
        again = planned(shop, project, renumbered)
        assert [without_order(one) for one in again] == [without_order(one) for one in made]


def without_order(paper: Document) -> Mapping[str, Any]:
    """Return what a document bills, in no order; entries by what they are, not by their numbers."""
    facts = ("task", "kind", "quantity", "unit", "unit_price", "amount", "tax_code", "tax_percent")
    more = ("step", "account_group", "item", "person", "date", "printed", "status")
    lines = (tuple(getattr(line, name) for name in (*facts, *more)) for line in paper.lines)
    return {
        "location": paper.location,
        "lines": Counter(
            (*line, len(billed)) for line, (_, billed) in zip(lines, lines_of(paper), strict=True)
        ),
        "exact": total(one.exact_amount for one in paper.billed),
        "tax": paper.tax,
        "hours": paper.hours,
        "total": paper.total,
    }


# Splitting.


@A_FEW
@given(rules=RULES, work=WORK, switched=st.sets(st.sampled_from(["S", "N", "EXTRA"]), min_size=1))
def test_splitting_changes_no_total(
    template: Template,
    tmp_path_factory: pytest.TempPathFactory,
    rules: int,
    work: list[Any],
    switched: set[str],
) -> None:
    with an_agency(template, tmp_path_factory, rules) as shop:
        split_by(shop, set())
        whole = planned(shop, "P", rows(work, "P"))
        split_by(shop, switched)
        assert net(planned(shop, "P", rows(work, "P"))) == net(whole)


def split_by(shop: Shop, ways: set[str]) -> None:
    """Bill task S separately, task N to its location, materials in a group: or not."""
    shop.change("tasks", {"project": "P", "code": "S"}, bill_separately="S" in ways)
    shop.change("tasks", {"project": "P", "code": "N"}, location="NORTH" if "N" in ways else None)
    shop.change("rule_steps", {}, invoice_group="")
    if "EXTRA" in ways:
        shop.change("rule_steps", {"account_group": "MATERIAL"}, invoice_group="EXTRA")


def net(papers: Sequence[Document]) -> dict[Any, tuple[Decimal, Decimal]]:
    """Return net money and hours by tax code and percent."""
    found: dict[Any, tuple[Decimal, Decimal]] = {}
    for line in (line for paper in papers for line in paper.lines):
        key = (line.tax_code, line.tax_percent)
        amount, hours = found.get(key, (ZERO, ZERO))
        own = line.quantity if line.kind is Kind.TIME else ZERO
        found[key] = (amount + line.amount, hours + own)
    return {key: sums for key, sums in found.items() if any(sums)}

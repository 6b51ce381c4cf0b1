"""Lines of the engine: what shares a line, in which order they stand, which are not printed."""

from dataclasses import replace
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import BILLING_DATE, a_step, an_entry, day, priced, some_books
from timix_xl.domain.billing_rules import AggregateBy, BillingRule, Step
from timix_xl.domain.engine_lines import engine_lines, invoice_description
from timix_xl.domain.entries import Entry, Kind
from timix_xl.domain.grouping import GroupedLine
from timix_xl.domain.items import Item
from timix_xl.domain.money import total
from timix_xl.domain.pricing import PricedEntry, Pricer
from timix_xl.domain.projects import Project, Task
from timix_xl.domain.rate_tables import Factor, RateSequence, RateTable, TableRate
from timix_xl.domain.splitting import split

BOOKS = some_books(items={"CAM": Item(code="CAM", name="Camera")})
BY_ITEM = a_step(aggregate_by=frozenset({AggregateBy.ITEM}))
DROPS = a_step(create_zero_lines=False, aggregate_by=frozenset({AggregateBy.ITEM}))


def lines(*entries: PricedEntry) -> list[GroupedLine]:
    return engine_lines(entries, BOOKS, "EUR")


def stepped(number: str, rate: str = "100", step: Step = BY_ITEM, **facts: Any) -> PricedEntry:
    """Return an entry that a step of rule R has priced."""
    return priced(number, rate, **({"step": step, "rule": "R"} | facts))


def names(*entries: PricedEntry) -> list[tuple[str, ...]]:
    """Return the entries of each line."""
    return [each.line.entries for each in lines(*entries)]


# What shares a line.


def test_where_nothing_is_ticked_each_entry_has_its_own_line() -> None:
    assert names(stepped("E1", step=a_step()), stepped("E2", step=a_step())) == [("E1",), ("E2",)]


def test_entries_of_the_default_rule_have_a_line_each() -> None:
    assert names(priced("E1"), priced("E2")) == [("E1",), ("E2",)]


def test_entries_that_agree_in_what_is_ticked_share_a_line() -> None:
    other = {"date": day("2026-01-06"), "person": "ben", "vendor": "V"}
    assert names(stepped("E1"), stepped("E2", **other)) == [("E1", "E2")]


@pytest.mark.parametrize(
    ("ticked", "other"),
    [
        (AggregateBy.DATE, {"date": day("2026-01-06")}),
        (AggregateBy.EMPLOYEE, {"person": "ben"}),
        (AggregateBy.VENDOR, {"vendor": "TOOLS"}),
        (AggregateBy.ITEM, {"item": "CAM"}),
    ],
)
def test_each_field_that_is_ticked_tells_lines_apart(
    ticked: AggregateBy, other: dict[str, Any]
) -> None:
    step = a_step(aggregate_by=frozenset({ticked}))
    assert len(lines(stepped("E1", step=step), stepped("E2", step=step, **other))) == 2


def test_two_fields_tell_lines_apart_together() -> None:
    step = a_step(aggregate_by=frozenset({AggregateBy.ITEM, AggregateBy.EMPLOYEE}))
    rows = [("E1", "CAM", "ann"), ("E2", "CAM", "ben"), ("E3", None, "ann"), ("E4", "CAM", "ann")]
    entries = (stepped(name, step=step, item=item, person=who) for name, item, who in rows)
    assert names(*entries) == [("E1", "E4"), ("E2",), ("E3",)]


@pytest.mark.parametrize(
    "other",
    [
        {"rule": "S"},
        {"step": a_step(step=20, aggregate_by=frozenset({AggregateBy.ITEM}))},
        {"task": "U"},
        {"kind": Kind.MATERIAL},
        {"unit": "day"},
        {"tax_code": "S7"},
        {"tax_percent": D(16)},
        {"rate": "100.000001"},
        {"billable": False},
    ],
    ids=str,
)
def test_entries_that_differ_in_this_never_share_a_line(other: dict[str, Any]) -> None:
    books = some_books(tasks=(Task(project="P", code="T"), Task(project="P", code="U")))
    assert len(engine_lines([stepped("E1"), stepped("E2", **other)], books, "EUR")) == 2


def test_money_without_a_quantity_shares_no_line_with_what_has_a_price() -> None:
    made = lines(stepped("E1", "0"), stepped("E2", "0", charged=D(0), exact=D(50)))
    assert [each.line.amount for each in made] == [D(0), D(50)]


def test_each_remainder_has_its_own_line() -> None:
    face = {"kind": Kind.REMAINDER, "charged": D(0), "exact": D(50)}
    assert names(stepped("E1", "0", **face), stepped("E2", "0", **face)) == [("E1",), ("E2",)]


def test_two_rates_are_never_averaged_into_one_line() -> None:
    made = lines(stepped("E1", "80"), stepped("E2", "120"))
    assert [each.line.unit_price for each in made] == [D(80), D(120)]


def test_the_unrounded_amounts_of_a_line_are_added_up_and_rounded_once() -> None:
    third = {"charged": D(1), "exact": D("0.333333333333")}
    made = lines(*(stepped(f"E{at}", "0.333333", **third) for at in range(3)))
    assert (made[0].line.quantity, made[0].line.amount) == (D(3), D("1.00"))


# What a line says.


def test_a_line_is_described_by_its_first_entry() -> None:
    made = lines(
        stepped("E1", date=day("2026-01-07"), line_text="late"),
        stepped("E2", date=day("2026-01-06"), line_text="early"),
    )
    assert [each.line.description for each in made] == ["early"]


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({"line_text": ""}, "Work E1"),
        ({"description": "", "item": "CAM"}, "Camera"),
        ({"description": ""}, "Build"),
    ],
    ids=str,
)
def test_a_rule_with_nothing_to_say_says_what_the_entry_is(
    facts: dict[str, Any], text: str
) -> None:
    assert lines(stepped("E1", **facts))[0].line.description == text


def test_a_line_tells_its_step_and_what_its_entries_have_in_common() -> None:
    line = lines(stepped("E1", item="CAM"), stepped("E2", item="CAM", person="ben"))[0].line
    assert (line.step, line.account_group, line.task, line.item, line.person, line.date) == (
        *(10, "LABOR", "T", "CAM", None),
        day("2026-01-05"),
    )


def test_a_line_of_the_default_rule_has_no_step() -> None:
    assert lines(priced("E1"))[0].line.step is None


def test_a_line_of_the_engine_is_of_no_pro_forma_yet() -> None:
    line = lines(stepped("E1"))[0].line
    assert (line.billed_quantity, line.billed_amount, line.status) == (None, None, None)


TWENTY = a_step(step=20)


def test_the_topmost_step_describes_the_invoice_by_its_first_entry() -> None:
    entries = [
        stepped("E1", step=TWENTY, invoice_description="twenty"),
        stepped("E2", step=a_step(), invoice_description="ten, second", date=day("2026-01-09")),
        stepped("E3", step=a_step(), invoice_description="ten, first"),
        priced("E4"),
    ]
    assert invoice_description(entries) == "ten, first"


def test_a_step_that_does_not_describe_the_invoice_leaves_it_to_the_next() -> None:
    entries = [stepped("E1"), stepped("E2", step=TWENTY, invoice_description="twenty")]
    assert invoice_description(entries) == "twenty"


def test_an_invoice_description_is_cut_to_256_characters() -> None:
    assert invoice_description([stepped("E1", invoice_description="x" * 300)]) == "x" * 256


def test_an_invoice_that_no_step_describes_has_no_description() -> None:
    assert invoice_description([priced("E1")]) == ""


# Order, and what is not printed.


def test_lines_stand_by_step_rule_date_and_entry_the_default_rule_first() -> None:
    entries = [
        stepped("E6", step=TWENTY),
        stepped("E5", step=a_step(), rule="S"),
        stepped("E4", step=a_step(), date=day("2026-01-06")),
        stepped("E3", step=a_step()),
        stepped("E2", step=a_step()),
        priced("E1"),
    ]
    made = lines(*entries)
    assert [(each.line.line, each.line.entries[0]) for each in made] == [
        (at, f"E{at}") for at in range(1, 7)
    ]


def test_a_line_of_zeros_is_made_unless_the_step_says_otherwise() -> None:
    assert lines(stepped("E1", quantity=D(0)))[0].line.printed


def test_a_line_of_zeros_that_is_not_made_settles_its_entries_after_the_others() -> None:
    made = lines(stepped("E1", step=DROPS, quantity=D(0)), stepped("E2", step=DROPS, item="CAM"))
    assert [(each.line.line, each.line.entries, each.line.printed) for each in made] == [
        (1, ("E2",), True),
        (2, ("E1",), False),
    ]
    assert [share.line for each in made for share in each.billed] == [1, 2]


@pytest.mark.parametrize(
    "facts",
    [
        {"rate": "0"},
        {"charged": D(0), "exact": D(50)},
        {"charged": D(0), "exact": D(0), "billable": False},
    ],
    ids=["a quantity", "an amount", "information"],
)
def test_a_line_stays_that_has_something_or_is_information(facts: dict[str, Any]) -> None:
    assert lines(stepped("E1", step=DROPS, **facts))[0].line.printed


def test_work_and_its_correction_make_no_line_where_zero_lines_are_off() -> None:
    made = lines(stepped("E1", step=DROPS), stepped("E2", step=DROPS, quantity=D(-1)))
    assert [each.line.printed for each in made] == [False]


def test_an_entry_of_the_default_rule_is_always_printed() -> None:
    assert lines(priced("E1", "0", quantity=D(0)))[0].line.printed


# The example, from the entries to the lines.


def test_cost_and_a_quarter_by_item_bills_the_three_lines_of_the_example() -> None:
    by_item = frozenset({AggregateBy.ITEM})
    steps = (
        a_step(step=10, account_group="MATERIAL", aggregate_by=by_item),
        a_step(step=20, account_group="LABOR", aggregate_by=by_item),
    )
    books = some_books(
        projects=(Project(code="P", customer="ACME", billing_rule="R"),),
        billing_rules={"R": BillingRule(code="R", steps=steps)},
    )
    entries = [
        an_entry("E1", kind=Kind.MATERIAL, account_group="MATERIAL", cost_amount=D(2000)),
        an_entry("E2", quantity=D(4), cost_amount=D(320)),
        an_entry("E3", item="CONSULT", quantity=D(1), cost_amount=D(80)),
        an_entry("E4", item="CONSULT", quantity=D(3), cost_amount=D(240)),
    ]
    made = engine_lines(billable(Pricer(books, BILLING_DATE, {}), entries), books, "EUR")
    assert [(each.line.amount, each.line.entries) for each in made] == [
        (D(2500), ("E1",)),
        (D(400), ("E2",)),
        (D(400), ("E3", "E4")),
    ]


# Whatever the rules and entries.


def billable(pricer: Pricer, entries: list[Entry]) -> list[PricedEntry]:
    found = [pricer.price(entry) for entry in entries]
    return [each for each in found if isinstance(each, PricedEntry)]


TICKED = st.frozensets(st.sampled_from(AggregateBy))
FORMULAS = st.sampled_from(
    ["=[Entry.Amount]*1.25", "=[Entry.BillableQty]*@Rate", "=[Entry.Amount]/3", "=12.345", "=0"]
)
STEPS = st.builds(
    a_step,
    step=st.integers(1, 99),
    account_group=st.sampled_from(["LABOR", "MATERIAL"]),
    amount=FORMULAS,
    quantity=st.sampled_from(["=[Entry.BillableQty]", "=[Entry.BillableQty]/3", "=0"]),
    rate_type=st.just("NORMAL"),
    aggregate_by=TICKED,
    invoice_group=st.sampled_from(["", "TOOLS"]),
    create_zero_lines=st.booleans(),
    include_non_billable=st.booleans(),
    invoice_description=st.sampled_from(["", "='On '+[Entry.Date]"]),
)
RULES = st.lists(STEPS, max_size=4, unique_by=lambda step: step.step).map(
    lambda steps: tuple(sorted(steps, key=lambda step: step.step))
)
ENTRIES = st.lists(
    st.builds(
        an_entry,
        quantity=st.decimals("-24", "24", places=4),
        cost_amount=st.decimals("-1000", "1000", places=2),
        date=st.dates(day("2026-01-01"), day("2026-01-05")),
        task=st.sampled_from("TU"),
        person=st.sampled_from(["ann", "ben"]),
        item=st.sampled_from([None, "CAM"]),
        account_group=st.sampled_from(["LABOR", "MATERIAL"]),
        billable=st.booleans(),
        bill_rate=st.sampled_from([D("95.55"), D(0)]),
    ),
    max_size=20,
).map(lambda entries: [replace(entry, id=f"E{at}") for at, entry in enumerate(entries)])


def run(rules: tuple[tuple[Step, ...], ...]) -> Pricer:
    """Return the pricer of a run: task T has rule A, task U rule B, which may have no steps."""
    anns = tuple(
        TableRate(seq=1, rate=D(rate), employee=who) for who, rate in (("ann", "90"), ("ben", "70"))
    )
    by_employee = RateSequence(seq=1, factors=frozenset({Factor.EMPLOYEE}))
    books = some_books(
        projects=(Project(code="P", customer="ACME", rate_table="STD"),),
        tasks=(
            Task(project="P", code="T", billing_rule="A"),
            Task(project="P", code="U", billing_rule="B" if rules[1] else None),
        ),
        billing_rules={
            code: BillingRule(code=code, steps=steps)
            for code, steps in zip("AB", rules, strict=True)
        },
        rate_tables={
            ("STD", "NORMAL"): RateTable(
                code="STD", rate_type="NORMAL", sequences=(by_employee,), rates=anns
            )
        },
    )
    return Pricer(books, BILLING_DATE, {}, for_engine=True)


RUNS = st.tuples(RULES, RULES).map(run)


@given(RUNS, ENTRIES, st.randoms())
def test_the_order_of_the_entries_changes_nothing(
    pricer: Pricer, entries: list[Entry], random: Any
) -> None:
    shuffled = random.sample(entries, len(entries))
    made, again = billable(pricer, entries), billable(pricer, shuffled)
    assert engine_lines(made, pricer.books, "EUR") == engine_lines(again, pricer.books, "EUR")
    assert invoice_description(made) == invoice_description(again)


@given(RUNS, ENTRIES)
def test_the_lines_add_up_to_the_entries_but_for_half_a_cent_each(
    pricer: Pricer, entries: list[Entry]
) -> None:
    for each in engine_lines(billable(pricer, entries), pricer.books, "EUR"):
        own = total(share.exact_amount for share in each.billed)
        assert abs(each.line.amount - own) <= D("0.005") * (len(each.billed) + 1)


@given(RUNS, ENTRIES)
def test_a_line_is_its_unrounded_amounts_but_for_half_a_cent(
    pricer: Pricer, entries: list[Entry]
) -> None:
    made = billable(pricer, entries)
    exact = {each.entry.id: each.exact for each in made}
    for each in engine_lines(made, pricer.books, "EUR"):
        off = each.line.amount - total(exact[entry] for entry in each.line.entries)
        assert abs(off) <= D("0.005")


@given(RUNS, ENTRIES)
def test_shares_add_up_to_their_line(pricer: Pricer, entries: list[Entry]) -> None:
    for each in engine_lines(billable(pricer, entries), pricer.books, "EUR"):
        assert total(share.amount for share in each.billed) == each.line.amount
        assert total(share.quantity for share in each.billed) == each.line.quantity


@given(RUNS, ENTRIES)
def test_quantity_times_unit_price_is_the_amount_but_for_six_decimals(
    pricer: Pricer, entries: list[Entry]
) -> None:
    for each in engine_lines(billable(pricer, entries), pricer.books, "EUR"):
        quantity = total(abs(share.quantity) for share in each.billed)
        if quantity:
            off = each.line.quantity * each.line.unit_price - each.line.amount
            assert abs(off) <= D("0.005") + quantity * D("0.0000005")


@given(RUNS, ENTRIES)
def test_the_entries_of_a_line_have_one_unit_price(pricer: Pricer, entries: list[Entry]) -> None:
    for each in engine_lines(billable(pricer, entries), pricer.books, "EUR"):
        assert {share.rate for share in each.billed} == {each.line.unit_price}


@given(RUNS, ENTRIES)
def test_every_entry_settles_on_one_line_of_one_document(
    pricer: Pricer, entries: list[Entry]
) -> None:
    made = billable(pricer, entries)
    settled = [
        share.entry
        for part in split(made, by_group=True).values()
        for each in engine_lines(part, pricer.books, "EUR")
        for share in each.billed
    ]
    assert sorted(settled) == sorted(each.entry.id for each in made)


@given(RUNS, ENTRIES)
def test_splitting_changes_neither_hours_nor_unrounded_money(
    pricer: Pricer, entries: list[Entry]
) -> None:
    made = billable(pricer, entries)
    parts = [each for part in split(made, by_group=True).values() for each in part]
    assert total(each.exact for each in parts) == total(each.exact for each in made)
    assert total(each.hours for each in parts) == total(each.hours for each in made)


@given(RUNS, ENTRIES)
def test_splitting_changes_no_total_of_the_lines(pricer: Pricer, entries: list[Entry]) -> None:
    made = billable(pricer, entries)
    documents = [made, *split(made, by_group=True).values()]
    whole, *parts = (
        total(each.line.amount for each in engine_lines(part, pricer.books, "EUR"))
        for part in documents
    )
    assert total(parts) == whole


@given(RUNS, ENTRIES)
def test_what_is_not_printed_is_worth_nothing_and_comes_last(
    pricer: Pricer, entries: list[Entry]
) -> None:
    made = [each.line for each in engine_lines(billable(pricer, entries), pricer.books, "EUR")]
    assert [line.line for line in made] == list(range(1, len(made) + 1))
    assert [line.printed for line in made] == sorted((line.printed for line in made), reverse=True)
    assert all(not line.amount and not line.quantity for line in made if not line.printed)

"""Editing a pro forma: tax and totals follow, claims move, nobody overwrites a colleague."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.billing.pro_formas import (
    PF,
    TRAVEL,
    a_shop,
    add_travel,
    empty,
    lines,
    log_of,
    now,
    opened,
    type_in,
    with_hours,
)
from tests.builders import ANN, BOB, D, Shop, copy_of, day
from timix_xl.billing.pro_forma import hold
from timix_xl.billing.pro_forma_edit import add_line, edit
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.billing.release import release
from timix_xl.domain.invoices import LineStatus
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.money import ZERO, rounded, total
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.errors import (
    ProFormaMovedOn,
    ProFormaRefuses,
    RequestReused,
    RunRefused,
    UnknownProForma,
)


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A store whose project P is billed by pro forma."""
    return a_shop(shop)


def claimed(shop: Shop) -> list[str]:
    return [row[0] for row in shop.rows("SELECT entry FROM claims ORDER BY entry")]


def last_note(shop: Shop) -> tuple[dict[str, Any], dict[str, Any]]:
    (row,) = shop.rows(
        "SELECT before, after FROM audit_log WHERE object = 'PF-00001' ORDER BY id DESC LIMIT 1"
    )
    return json.loads(row[0]), json.loads(row[1])


def test_tax_and_totals_follow_an_edit(shop: Shop) -> None:
    with_hours(shop, "E1", "E2")
    document = type_in(shop, 1, amount=D(60)).document
    assert [tax.base for tax in document.tax] == [D(160)]
    assert (document.subtotal, document.total) == (D(160), D("190.40"))
    assert shop.rows("SELECT subtotal, tax, total FROM documents") == [(16_000, 3_040, 19_040)]


def test_the_hours_follow_a_quantity(shop: Shop) -> None:
    with_hours(shop, "E1", "E2")
    assert type_in(shop, 1, quantity=D("0.25")).document.hours == D("1.25")


def test_an_edit_moves_the_version_on(shop: Shop) -> None:
    seen = with_hours(shop, "E1")
    assert type_in(shop, amount=D(60)).version == seen.version + 1


def test_an_edit_that_changes_nothing_is_none(shop: Shop) -> None:
    seen = with_hours(shop, "E1")
    notes = log_of(shop)
    assert type_in(shop, amount=D(100)) == seen
    assert log_of(shop) == notes


def test_several_lines_are_edited_at_once(shop: Shop) -> None:
    with_hours(shop, "E1", "E2", "E3")
    edits = [LineEdit(line=1, delete=True), LineEdit(line=3, amount=D(60))]
    after = edit(shop.store, PF, edits, actor=ANN).document
    assert [(line.line, line.entries, line.amount) for line in after.lines] == [
        (1, ("E2",), D(100)),
        (2, ("E3",), D(60)),
    ]


def test_all_faults_are_told_and_nothing_is_written(shop: Shop) -> None:
    seen = with_hours(shop, "E1", "E2")
    edits = [
        LineEdit(line=1, amount=D(60)),
        LineEdit(line=2, amount=D(-1)),
        LineEdit(line=2, amount=D(1)),
        LineEdit(line=9, amount=D(1)),
    ]
    with pytest.raises(RunRefused, match="Editing PF-00001 is refused because of 3 f") as raised:
        edit(shop.store, PF, edits, actor=ANN)
    assert [(one.where, one.code) for one in raised.value.faults] == [
        ("line 2", "PRO-14"),
        ("line 2", "PRO-10"),
        ("line 9", "PRO-09"),
    ]
    assert now(shop) == seen


def test_the_entries_of_a_deleted_line_return_to_the_pool(shop: Shop) -> None:
    with_hours(shop, "E1", "E2")
    type_in(shop, 1, delete=True)
    assert claimed(shop) == ["E2"]
    assert shop.rows("SELECT entry, line FROM document_entries") == [("E2", 1)]


def test_the_last_line_may_be_deleted(shop: Shop) -> None:
    with_hours(shop, "E1")
    document = type_in(shop, 1, delete=True).document
    assert (document.lines, document.tax, document.total) == ((), (), 0)
    assert claimed(shop) == []
    assert shop.problems() == ()


def test_the_service_period_follows_the_entries(shop: Shop) -> None:
    shop.time("E0", on="2026-01-02")
    shop.time("E9", on="2026-01-20")
    made = with_hours(shop, "E1")
    assert made.document.period is not None
    assert made.document.period.first == day("2026-01-05")
    type_in(shop, 1, delete=True)
    assert now(shop).document.period is None


def test_a_line_is_added_by_hand(shop: Shop) -> None:
    with_hours(shop, "E1")
    document = add_travel(shop).document
    assert [(line.line, line.description, line.amount) for line in document.lines] == [
        (1, "Work E1", D(100)),
        (2, "Travel", D(50)),
    ]
    assert document.total == D("178.50")
    assert (document.lines[1].billed_amount, document.lines[1].entries) == (None, ())


def test_a_line_by_hand_may_be_below_zero(shop: Shop) -> None:
    with_hours(shop, "E1")
    discount = NewLine(task="T", description="Discount", quantity=D(1), amount=D(-30))
    assert add_line(shop.store, PF, discount, actor=ANN).document.subtotal == D(70)


def test_a_line_by_hand_that_does_not_fit_is_refused(shop: Shop) -> None:
    with_hours(shop, "E1")
    new = NewLine(task="X", description="", quantity=D(1), amount=D(1), item="Y")
    with pytest.raises(RunRefused) as raised:
        add_line(shop.store, PF, new, actor=ANN)
    assert [one.code for one in raised.value.faults] == ["PRO-19", "PRO-17", "PRO-17"]


@pytest.mark.parametrize("step", [type_in, add_travel])
def test_only_what_is_on_hold_is_edited(shop: Shop, step: Any) -> None:
    with_hours(shop, "E1")
    opened(shop)
    typed = {"amount": D(5)} if step is type_in else {}
    with pytest.raises(ProFormaRefuses, match="timix-xl pro-forma hold PF-00001"):
        step(shop, **typed)
    hold(shop.store, PF, actor=ANN)
    step(shop, **typed)


def test_what_is_closed_is_not_edited(shop: Shop) -> None:
    with_hours(shop, "E1")
    opened(shop)
    release(shop.store, PF, actor=ANN)
    with pytest.raises(ProFormaRefuses, match="It was released into DRAFT-2"):
        type_in(shop, amount=D(5))


def test_a_pro_forma_that_is_not_there_is_not_edited(shop: Shop) -> None:
    with pytest.raises(UnknownProForma):
        type_in(shop, amount=D(5))


# Two at once.


def test_two_editors_do_not_overwrite_each_other(shop: Shop) -> None:
    seen = with_hours(shop, "E1").version
    type_in(shop, amount=D(60), version=seen, actor=BOB)
    with pytest.raises(ProFormaMovedOn, match=rf"by bob on {BOB.stamp}"):
        type_in(shop, amount=D(70), version=seen)
    assert lines(shop)[0].amount == D(60)


def test_a_state_that_moved_is_noticed_too(shop: Shop) -> None:
    seen = with_hours(shop, "E1").version
    opened(shop)
    hold(shop.store, PF, actor=BOB)
    with pytest.raises(ProFormaMovedOn, match="by bob"):
        add_travel(shop, version=seen)


def test_edits_on_the_version_that_stands_are_taken(shop: Shop) -> None:
    seen = with_hours(shop, "E1").version
    first = type_in(shop, amount=D(60), version=seen)
    assert type_in(shop, amount=D(70), version=first.version).version == seen + 2


def test_the_same_request_edits_once(shop: Shop) -> None:
    with_hours(shop, "E1")
    add_travel(shop, request="r")
    add_travel(shop, request="r")
    assert len(lines(shop)) == 2
    with pytest.raises(RequestReused):
        add_line(
            shop.store,
            PF,
            NewLine(task="T", description="Hotel", quantity=D(1), amount=D(50)),
            actor=ANN,
            request="r",
        )


def test_a_remainder_is_billed_at_its_face_value_and_may_be_held_again(shop: Shop) -> None:
    with_hours(shop, "E1")
    type_in(shop, amount=D(60))
    opened(shop)
    release(shop.store, PF, issue=True, actor=ANN)
    made = empty(shop)
    upload(shop.store, made.number, ["R:INV-2026-00001:1"], actor=ANN)
    (line,) = lines(shop, made.number)
    assert (line.quantity, line.billed_amount, line.amount) == (ZERO, D(40), D(40))
    edit(shop.store, made.number, [LineEdit(line=1, amount=D(15))], actor=ANN)
    (line,) = lines(shop, made.number)
    assert (line.amount, line.status, line.held) == (D(15), LineStatus.HOLD_REMAINDER, D(25))
    assert shop.problems() == ()


def test_a_line_of_information_may_be_given_a_price(shop: Shop) -> None:
    shop.add("billing_rules", code="R", name="")
    shop.add("rule_steps", **STEP)
    shop.change("projects", {"code": "P"}, billing_rule="R")
    with_hours(shop, "E1", billable=False)
    assert (lines(shop)[0].billed_quantity, lines(shop)[0].billed_amount) == (ZERO, ZERO)
    document = type_in(shop, quantity=D(1), amount=D(80)).document
    assert [(one.amount, one.raised) for one in document.billed] == [(D(80), D(80))]
    opened(shop)
    release(shop.store, PF, issue=True, actor=ANN)
    assert shop.problems() == ()


STEP = {
    "rule": "R",
    "step": 1,
    "account_group": "LABOR",
    "active": True,
    "no_rate": "error",
    "quantity": "=[Entry.BillableQty]",
    "amount": "=[Entry.BillableQty]*100",
    "line_description": "=[Entry.Description]",
    "include_non_billable": True,
    "create_zero_lines": True,
}


# The audit log.


def test_the_audit_log_has_what_was_and_what_is(shop: Shop) -> None:
    with_hours(shop, "E1", "E2")
    type_in(shop, 2, amount=D(60), actor=BOB)
    before, after = last_note(shop)
    assert log_of(shop)[-1] == ("bob", "edit pro forma")
    assert (before["total"], after["total"]) == ("238.00", "190.40")
    assert (before["line 2 amount"], after["line 2 amount"]) == ("100.00", "60.00")
    assert (before["line 2 status"], after["line 2 status"]) == ("bill", "hold_remainder")


def test_the_audit_log_names_the_entries_that_a_deletion_freed(shop: Shop) -> None:
    with_hours(shop, "E1", "E2")
    type_in(shop, 1, delete=True)
    before, after = last_note(shop)
    assert (before["line 1 entries"], after["line 1 entries"]) == ("E1", None)


def test_the_audit_log_tells_a_line_by_hand(shop: Shop) -> None:
    with_hours(shop, "E1")
    add_travel(shop)
    before, after = last_note(shop)
    assert (before["total"], after["total"], after["description"]) == (
        "119.00",
        "178.50",
        TRAVEL.description,
    )


# Any edits.

typing = st.fixed_dictionaries(
    {"line": st.integers(1, 4)},
    optional={
        "quantity": st.decimals("0", "9", places=4),
        "unit_price": st.decimals("0", "200", places=3),
        "amount": st.decimals("0", "500", places=2),
        "status": st.sampled_from(LineStatus),
        "delete": st.sampled_from([False, False, True]),
    },
)


@pytest.fixture(scope="module")
def edited_shop(template: Any, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A store whose pro formas take any edits, one after the other."""
    return a_shop(copy_of(template, tmp_path_factory.mktemp("edited")))


@settings(max_examples=20)
@given(st.lists(typing, min_size=1, max_size=4))
def test_any_edits_leave_a_pro_forma_that_adds_up(
    edited_shop: Shop, edits: list[dict[str, Any]]
) -> None:
    shop = edited_shop
    number = _with_three(shop)
    for typed in edits:
        try:
            edit(shop.store, number, [LineEdit(**typed)], actor=ANN)
        except RunRefused:
            continue
    document = now(shop, number).document
    for line in document.lines:
        raised = max(ZERO, line.amount - (line.billed_amount or ZERO))
        whole = (line.billed_amount or ZERO) + raised
        assert line.amount + line.held + line.written_off == whole
        own = [one for one in document.billed if one.line == line.line]
        assert total(one.amount for one in own) == line.amount
        assert total(one.raised for one in own) == raised
    (tax,) = document.tax or (None,)
    assert (tax.amount if tax else ZERO) == rounded(document.subtotal * 19 / 100, "EUR")
    held = shop.rows(
        f"SELECT entry FROM claims JOIN pro_formas ON claims.document = pro_formas.document"
        f" WHERE number = '{number}'"
    )
    assert {row[0] for row in held} == {one.entry for one in document.billed}
    assert shop.problems() == ()


def _with_three(shop: Shop) -> str:
    made = empty(shop)
    ids = [f"{made.number}-{at}" for at in (1, 2, 3)]
    shop.time(*ids, hours="1.3333")
    upload(shop.store, made.number, ids, actor=ANN)
    return made.number


def test_a_retried_edit_answers_with_the_version_of_the_first(shop: Shop) -> None:
    with_hours(shop, "E1")
    first = type_in(shop, amount=D(60), request="r")
    type_in(shop, amount=D(70), actor=BOB)
    again = type_in(shop, amount=D(60), request="r")
    assert again.version == first.version
    with pytest.raises(ProFormaMovedOn, match="changed by bob"):
        type_in(shop, amount=D(80), version=again.version)


def test_a_retried_line_answers_with_the_version_of_the_first(shop: Shop) -> None:
    with_hours(shop, "E1")
    first = add_travel(shop, request="r")
    type_in(shop, amount=D(70), actor=BOB)
    assert add_travel(shop, request="r").version == first.version


def test_an_item_called_none_is_not_no_item(shop: Shop) -> None:
    with_hours(shop, "E1")
    add_travel(shop, request="r")
    with pytest.raises(RequestReused):
        add_line(shop.store, PF, replace(TRAVEL, item="None"), actor=ANN, request="r")

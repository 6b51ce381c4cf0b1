"""Pro formas: made, opened, put on hold, deleted; and what else lists documents."""

import pytest

from tests.billing.pro_formas import (
    PF,
    TRAVEL,
    a_shop,
    add_travel,
    empty,
    log_of,
    now,
    opened,
    type_in,
    with_hours,
)
from tests.builders import ANN, BILLING_DATE, BOB, D, Shop, day
from timix_xl.billing.bill import bill
from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.draft import delete_draft, issue_draft
from timix_xl.billing.find import look_up
from timix_xl.billing.pro_forma import delete, hold, new, open_, pro_forma, pro_formas
from timix_xl.billing.pro_forma_edit import add_line
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.billing.register import register
from timix_xl.billing.release import release
from timix_xl.billing.utilization import utilization
from timix_xl.domain.invoices import DocumentKind
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import (
    IsAProForma,
    NoProFormaProject,
    ProFormaGone,
    ProFormaIsEmpty,
    ProFormaMovedOn,
    ProFormaRefuses,
    RequestReused,
    RunRefused,
    UnknownDocument,
    UnknownProForma,
    UnknownProject,
    UnknownRevision,
)


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A store whose project P is billed by pro forma."""
    return a_shop(shop)


def state(shop: Shop) -> ProFormaState:
    return now(shop).state


def days(shop: Shop) -> object:
    return shop.value("SELECT last_billing_date FROM projects WHERE code = 'P'")


# Making one.


def test_a_new_one_is_empty_and_on_hold(shop: Shop) -> None:
    made = empty(shop)
    assert (made.number, made.state, made.document.lines) == (PF, ProFormaState.ON_HOLD, ())
    assert (made.document.kind, made.document.total) == (DocumentKind.PRO_FORMA, 0)
    assert (made.billing_date, made.run) == (BILLING_DATE, None)


def test_a_new_one_is_addressed_and_due_like_an_invoice(shop: Shop) -> None:
    shop.change("customers", {"code": "ACME"}, payment_terms_days=14)
    document = empty(shop).document
    assert (document.buyer.name, document.issue_date) == ("Acme Ltd", BILLING_DATE)
    assert document.due_date == day("2026-02-14")


def test_a_new_one_leaves_the_last_billing_date_alone(shop: Shop) -> None:
    empty(shop)
    assert days(shop) is None


def test_a_project_that_is_billed_without_one_has_none(shop: Shop) -> None:
    shop.project("Q")
    with pytest.raises(NoProFormaProject):
        new(shop.store, "Q", BILLING_DATE, actor=ANN)


def test_a_project_that_is_not_there_has_none(shop: Shop) -> None:
    with pytest.raises(UnknownProject):
        new(shop.store, "X", BILLING_DATE, actor=ANN)


def test_the_same_request_makes_one_once(shop: Shop) -> None:
    made = [new(shop.store, "P", BILLING_DATE, actor=ANN, request="r") for _ in "ab"]
    assert [one.number for one in made] == [PF, PF]
    with pytest.raises(RequestReused):
        new(shop.store, "P", day("2026-02-28"), actor=ANN, request="r")


def test_they_are_listed_by_project_and_state(shop: Shop) -> None:
    shop.project("Q", pro_forma=True)
    empty(shop)
    new(shop.store, "Q", BILLING_DATE, actor=ANN)
    assert [one.number for one in pro_formas(shop.store)] == [PF, "PF-00002"]
    assert [one.number for one in pro_formas(shop.store, project="Q")] == ["PF-00002"]
    assert pro_formas(shop.store, state=ProFormaState.OPEN) == []


def test_one_that_is_not_there_is_told(shop: Shop) -> None:
    with pytest.raises(UnknownProForma):
        pro_forma(shop.store, PF)


# On Hold and Open.


def test_it_is_opened_for_the_customer_and_put_back_on_hold(shop: Shop) -> None:
    with_hours(shop, "E1")
    assert opened(shop).state is ProFormaState.OPEN
    assert hold(shop.store, PF, actor=BOB).state is ProFormaState.ON_HOLD
    assert log_of(shop)[-2:] == [("ann", "open pro forma"), ("bob", "hold pro forma")]


def test_an_empty_one_is_not_opened(shop: Shop) -> None:
    empty(shop)
    with pytest.raises(ProFormaIsEmpty):
        opened(shop)


def test_an_open_one_is_not_opened_again(shop: Shop) -> None:
    with_hours(shop, "E1")
    opened(shop)
    with pytest.raises(ProFormaRefuses, match="is open already; it cannot be opened"):
        opened(shop)


def test_one_that_is_on_hold_is_not_put_on_hold(shop: Shop) -> None:
    empty(shop)
    with pytest.raises(ProFormaRefuses, match="is on hold already; it cannot be put on hold"):
        hold(shop.store, PF, actor=ANN)


def test_what_tax_asks_for_is_checked_when_it_is_opened(shop: Shop) -> None:
    shop.change("company", {"id": 1}, tax_id="")
    with_hours(shop, "E1")
    with pytest.raises(RunRefused, match="Opening PF-00001 is refused") as raised:
        opened(shop)
    assert [one.code for one in raised.value.faults] == ["TAX-01"]
    assert state(shop) is ProFormaState.ON_HOLD


def test_one_over_its_limit_cannot_leave_on_hold(shop: Shop) -> None:
    shop.add("limits", id=1, project="P", amount=15_000)
    with_hours(shop, "E1", "E2")
    with pytest.raises(RunRefused) as raised:
        opened(shop)
    assert [one.code for one in raised.value.faults] == ["LIMIT-01"]
    type_in(shop, 2, amount=D(50))
    assert opened(shop).state is ProFormaState.OPEN


def test_one_over_its_limit_is_told_where_limits_are_ignored(shop: Shop) -> None:
    shop.add("limits", id=1, project="P", amount=15_000)
    shop.add("settings", _settings(over_limit="ignore"))
    with_hours(shop, "E1", "E2")
    done = open_(shop.store, PF, actor=ANN, request="r")
    assert [one.code for one in done.warnings] == ["LIMIT-02"]
    assert open_(shop.store, PF, actor=ANN, request="r") == done


def _settings(**facts: object) -> dict[str, object]:
    return {
        "id": 1,
        "cut_off": "include",
        "invoice_number": "INV-{year}-{seq:05d}",
        "credit_note_number": "CN-{year}-{seq:05d}",
        "pro_forma_number": "PF-{seq:05d}",
        "payment_terms_days": 30,
        "locale": "en",
    } | facts


def test_a_step_on_a_version_that_has_moved_on_names_who_and_when(shop: Shop) -> None:
    seen = with_hours(shop, "E1")
    type_in(shop, amount=D(50), actor=BOB)
    words = rf"PF-00001 was changed by bob on {BOB.stamp}"
    with pytest.raises(ProFormaMovedOn, match=words):
        open_(shop.store, PF, actor=ANN, version=seen.version)
    with pytest.raises(ProFormaMovedOn, match=words):
        delete(shop.store, PF, actor=ANN, version=seen.version)


# Closed.


def test_a_closed_one_is_neither_held_nor_opened_nor_deleted(shop: Shop) -> None:
    with_hours(shop, "E1")
    opened(shop)
    release(shop.store, PF, issue=True, actor=ANN)
    for step in (hold, open_, delete):
        with pytest.raises(ProFormaRefuses, match=r"is closed; .* released into INV-2026-00001"):
            step(shop.store, PF, actor=ANN)


# Deleting one.


def test_a_deleted_one_frees_its_entries(shop: Shop) -> None:
    with_hours(shop, "E1", "E2")
    delete(shop.store, PF, actor=ANN)
    assert shop.rows("SELECT * FROM claims") == []
    assert log_of(shop)[-1] == ("ann", "delete pro forma")
    assert shop.problems() == ()


def test_an_open_one_may_be_deleted(shop: Shop) -> None:
    with_hours(shop, "E1")
    opened(shop)
    delete(shop.store, PF, actor=ANN)
    assert pro_formas(shop.store) == []


def test_the_number_of_a_deleted_one_is_not_used_again(shop: Shop) -> None:
    empty(shop)
    delete(shop.store, PF, actor=ANN)
    assert empty(shop).number == "PF-00002"
    assert shop.problems() == ()


def test_the_same_request_deletes_once(shop: Shop) -> None:
    empty(shop)
    delete(shop.store, PF, actor=ANN, request="r")
    delete(shop.store, PF, actor=ANN, request="r")
    assert log_of(shop).count(("ann", "delete pro forma")) == 1


def billed(shop: Shop, upto: str = "2026-01-31") -> None:
    """Let the engine bill project P."""
    bill(shop.store, "P", date=day(upto), actor=ANN)


def test_a_run_of_the_engine_makes_them(shop: Shop) -> None:
    shop.time("E1", "E2")
    billed(shop)
    one = now(shop)
    assert (one.run, one.billing_date, one.document.total) == (1, BILLING_DATE, D(238))
    assert [line.billed_amount for line in one.document.lines] == [D(100), D(100)]
    assert days(shop) == "2026-01-31"
    assert shop.problems() == ()


def test_deleting_the_last_one_of_a_run_sets_the_last_billing_date_back(shop: Shop) -> None:
    shop.time("E1")
    billed(shop)
    shop.time("E2", on="2026-02-03")
    billed(shop, "2026-02-28")
    delete(shop.store, "PF-00002", actor=ANN)
    assert days(shop) == "2026-01-31"
    delete(shop.store, PF, actor=ANN)
    assert days(shop) is None
    assert shop.problems() == ()


def test_an_emptied_one_still_counts_as_billed(shop: Shop) -> None:
    shop.add("locations", customer="ACME", code="NORTH", name="North plant")
    shop.task("N", location="NORTH")
    shop.time("E1")
    shop.time("E2", task="N")
    billed(shop)
    type_in(shop, delete=True)
    delete(shop.store, "PF-00002", actor=ANN)
    assert days(shop) == "2026-01-31"
    delete(shop.store, PF, actor=ANN)
    assert days(shop) is None


def test_a_deleted_revision_frees_only_what_it_added(shop: Shop) -> None:
    with_hours(shop, "E1")
    opened(shop)
    release(shop.store, PF, issue=True, actor=ANN)
    correct_pro_forma(shop.store, PF, "one more hour", actor=ANN)
    shop.time("E2")
    upload(shop.store, PF, ["E2"], actor=ANN)
    delete(shop.store, PF, actor=ANN)
    assert shop.rows("SELECT entry, document FROM claims") == [("E1", 2)]
    assert (now(shop).revision, now(shop).state) == (1, ProFormaState.CLOSED)
    assert shop.problems() == ()


# Beside invoices and drafts.


def test_it_does_not_stand_in_the_register(shop: Shop) -> None:
    with_hours(shop, "E1")
    assert register(shop.store, today=BILLING_DATE) == []


def test_its_number_given_for_an_invoice_says_where_to_look(shop: Shop) -> None:
    empty(shop)
    with pytest.raises(IsAProForma, match="timix-xl pro-forma show PF-00001"):
        look_up(shop.store, PF)


def test_it_is_no_draft_that_could_be_issued_or_deleted(shop: Shop) -> None:
    with_hours(shop, "E1")
    for step in (issue_draft, delete_draft):
        with pytest.raises(UnknownDocument):
            step(shop.store, "DRAFT-1", actor=ANN)


def test_it_draws_on_no_frame_order(shop: Shop) -> None:
    shop.order("FO-1", "10")
    with_hours(shop, "E1")
    (order,) = utilization(shop.store)
    assert order.remaining == 10


def test_its_entries_are_left_out_elsewhere_and_it_is_named(shop: Shop) -> None:
    with_hours(shop, "E1")
    assert [one.wording for one in shop.load().left_out] == [f"already on {PF}"]


def test_verify_finds_nothing_in_what_was_edited(shop: Shop) -> None:
    with_hours(shop, "E1", "E2", hours="1.3333")
    type_in(shop, 1, amount=D("77.77"))
    type_in(shop, 2, quantity=D("0.5"))
    add_travel(shop)
    opened(shop)
    assert shop.problems() == ()


# Retries.


@pytest.mark.parametrize("step", ["new", "open", "hold"])
def test_a_retried_step_answers_with_the_version_of_the_first(shop: Shop, step: str) -> None:
    made = with_hours(shop, "E1")
    if step == "hold":
        open_(shop.store, PF, actor=ANN)

    def act() -> ProForma:
        if step == "open":
            return open_(shop.store, PF, actor=ANN, request="r").pro_forma
        if step == "hold":
            return hold(shop.store, PF, actor=ANN, request="r")
        return new(shop.store, "P", BILLING_DATE, actor=ANN, request="r")

    first = act()
    if step == "open":
        hold(shop.store, PF, actor=BOB)
    else:
        add_line(shop.store, first.number, TRAVEL, actor=BOB)
    assert (act().version, act().number) == (first.version, first.number)
    assert now(shop, first.number).version > first.version >= 1
    assert made.number == PF


def test_a_retry_after_a_deletion_says_that_it_is_deleted(shop: Shop) -> None:
    new(shop.store, "P", BILLING_DATE, actor=ANN, request="r")
    delete(shop.store, PF, actor=BOB)
    with pytest.raises(ProFormaGone, match="PF-00001 was deleted after"):
        new(shop.store, "P", BILLING_DATE, actor=ANN, request="r")


def test_a_revision_that_is_not_there_is_named(shop: Shop) -> None:
    empty(shop)
    with pytest.raises(UnknownRevision, match="PF-00001 has no revision 7"):
        pro_forma(shop.store, PF, 7)


def test_a_project_that_is_not_there_has_no_list(shop: Shop) -> None:
    with pytest.raises(UnknownProject, match="NOPE"):
        pro_formas(shop.store, project="NOPE")

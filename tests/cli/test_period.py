"""The period on the command line: close, reopen, roll-forward, wip, ageing, burn, unbilled --as-of."""

import io

import pytest
from rich.console import Console

from tests.cli.terminal import Desk
from timix_xl.cli import printing

WIDTH = 100


def test_a_roll_forward_adds_up_by_customer(after: Desk) -> None:
    lines = after.json("roll-forward", "2026-01")["lines"]
    (klein,) = [line for line in lines if line["customer"] == "KLEIN"]
    told = {flow: klein[flow]["amount"] for flow in klein if isinstance(klein[flow], dict)}

    assert told == {
        "opening": "0.00",
        "approved": "4321.89",
        "returned": "0.00",
        "added": "0.00",
        "raised": "0.00",
        "repriced": "0.00",
        "rounding": "-0.02",
        "billed": "4178.54",
        "written_off": "143.33",
        "held": "0.00",
        "closing": "0.00",
    }


def test_billed_ties_to_the_register(after: Desk) -> None:
    ties = after.json("roll-forward", "2026-01")["ties"]
    assert all(tie["holds"] and tie["invoiced"] == tie["billed"] for tie in ties)


def test_a_close_prints_the_roll_forward_and_what_is_locked(after: Desk) -> None:
    out = after("close", "2026-01").out
    assert "Billed 35,344.67 EUR = net of the invoices of 2026-01 in the register" in out
    assert "Closed 2026-01: nothing more is dated 2026-01-31 or before." in out


def test_a_closed_month_is_told_in_json(after: Desk) -> None:
    shape = after.json("close", "2026-01")
    assert (shape["month"], shape["from"], shape["to"]) == ("2026-01", "2026-01-01", "2026-01-31")


def test_a_payment_in_a_closed_month_is_refused(after: Desk) -> None:
    after("close", "2026-01")
    words = ("invoice", "pay", "INV-2026-00011", "--amount", "1", "--date", "2026-01-31")
    assert after.error(*words) == (3, "PERIOD-01")


def test_a_month_is_opened_again(after: Desk) -> None:
    after("close", "2026-01")
    assert after.json("reopen", "2026-01", "--reason", "forgotten") == {
        "month": "2026-01",
        "state": "open",
        "reason": "forgotten",
    }


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("close 2026-13", (2, "ARG-01")),
        ("close 26-1", (2, "ARG-01")),
        ("close 2027-01", (2, "ARG-01")),
        ("close 2026-02", (3, "PERIOD-03")),
        ("close", (2, "ARG-02")),
        ("roll-forward 2026-1", (2, "ARG-01")),
        ("reopen 2026-01", (2, "DOC-03")),
        ("reopen 2026-01 --reason x", (3, "PERIOD-06")),
        ("reopen x --reason x", (2, "ARG-01")),
        ("wip NOBODY", (4, "FIND-01")),
        ("wip --as-of 2026-02-30", (2, "ARG-01")),
        ("ageing --customer NOBODY", (4, "FIND-01")),
        ("ageing --as-of tomorrow", (2, "ARG-01")),
        ("burn NOBODY", (4, "FIND-01")),
        ("burn --as-of 31.1.2026", (2, "ARG-01")),
        ("unbilled NOBODY --as-of 2026-01-31", (4, "FIND-01")),
        ("unbilled --as-of 2026-01-31 --billing-date 2026-01-31", (2, "ARG-02")),
    ],
)
def test_bad_input_is_refused(desk: Desk, words: str, refused: tuple[int, str]) -> None:
    assert desk.error(*words.split()) == refused


def test_months_out_of_turn_are_refused(after: Desk) -> None:
    after("close", "2026-01")
    assert after.error("close", "2026-01") == (3, "PERIOD-04")
    assert after.error("close", "2026-03", today="2026-04-02") == (3, "PERIOD-05")


def test_wip_is_told_with_its_ages_and_entries(after: Desk) -> None:
    (klein,) = after.json("wip", "KLEIN", today="2026-02-03")
    assert (klein["hours"], klein["amount"], klein["oldest"]) == ("6.6666", "637.00", "2026-01-27")
    assert [age["amount"] for age in klein["ages"]] == ["637.00", "0.00", "0.00", "0.00"]
    assert [entry["id"] for entry in klein["entries"]] == ["T098", "T104", "T105"]


def test_unbilled_as_of_a_day_has_the_shape_of_unbilled(after: Desk) -> None:
    now = after.json("unbilled", "HANSE")["entries"][0]
    then = after.json("unbilled", "HANSE", "--as-of", "2026-01-31")
    assert then["amount"] == "2289.25"
    assert set(now) <= set(then["entries"][0])


def test_unbilled_as_of_a_day_lists_every_customer(after: Desk) -> None:
    shape = after.json("unbilled", "--as-of", "2026-01-31")
    told = {one["customer"]: one["amount"] for one in shape}
    assert told["STADT"] == "9276.25"
    assert told["KLEIN"] == "0.00"


def test_ageing_is_told_with_its_documents(after: Desk) -> None:
    (klein,) = after.json("ageing", "--customer", "KLEIN", "--as-of", "2026-02-03")
    assert [age["amount"] for age in klein["ages"]] == [
        *("4601.04", "0.00", "714.00", "0.00", "0.00")
    ]
    assert (klein["total"], klein["credit"], len(klein["documents"])) == ("5315.04", "0.00", 2)


def test_burn_is_told_with_its_months(after: Desk) -> None:
    orders = {order["number"]: order for order in after.json("burn", "--as-of", "2026-02-28")}
    hours = orders["4500017731"]
    assert hours["months"] == [
        {"month": "2025-12", "drawn": "0", "remaining": "148.5"},
        {"month": "2026-01", "drawn": "148.5", "remaining": "0"},
    ]
    assert (hours["unit"], hours["remaining"], hours["runs_out"]) == ("h", "0", None)


@pytest.mark.parametrize(
    "words",
    [
        "roll-forward 2026-01",
        "wip",
        "wip STADT",
        "ageing",
        "ageing --customer KLEIN",
        "burn",
        "burn HANSE",
        "unbilled --as-of 2026-01-31",
    ],
)
def test_what_people_read_fits_a_terminal(
    after: Desk, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    narrow = Console(file=out, width=WIDTH, force_terminal=True, no_color=True, highlight=False)
    monkeypatch.setattr(printing, "console_for", lambda: narrow)
    assert after(*words.split()).code == 0

    text = out.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "…" not in text

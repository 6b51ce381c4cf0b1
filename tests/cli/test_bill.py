"""bill: one project or all that are due, drafts or invoices, looked at first or done."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.billing.engine import MONTHLY, rule, ruled
from tests.builders import D, Shop, day
from tests.cli.terminal import Desk
from timix_xl.cli import printing

JANUARY = ("--date", "2026-01-31")
NEVER = {"amount": "=1/[Entry.UnitCost]"}
RUN = [
    *("project", "billing_date", "outcome", "why", "documents", "loaded", "billed", "deferred"),
    *("written_off", "held", "added", "raised", "rounding", "reconciles", "faults", "left_out"),
    "error",
]
REFUSED = "Billing P is refused because of 1 fault. Nothing was written."


@pytest.fixture
def desk(shop: Shop) -> Desk:
    """A terminal on the furnished store."""
    return Desk(Path(shop.path))


def test_a_draft_is_made(shop: Shop, desk: Desk) -> None:
    shop.time("E1")
    (run,) = desk.json("bill", "P", *JANUARY)["projects"]
    assert list(run) == RUN
    assert (run["project"], run["billing_date"], run["outcome"]) == ("P", "2026-01-31", "done")
    (document,) = run["documents"]
    assert (document["number"], document["status"]) == ("DRAFT-1", "draft")
    assert document == desk.json("invoice", "show", "DRAFT-1")


def test_the_figures_reconcile(shop: Shop, desk: Desk) -> None:
    shop.time("E1", "E2", hours="2")
    assert desk("decide", "ACME", "--defer", "E2").code == 0
    (run,) = desk.json("bill", "P", *JANUARY)["projects"]
    amounts = {name: run[name]["amount"] for name in RUN[5:12]}
    assert run["reconciles"]
    assert amounts == {
        "loaded": "400.00",
        "billed": "200.00",
        "deferred": "200.00",
        **dict.fromkeys(("written_off", "held", "added", "raised"), "0.00"),
    }


def test_a_draft_is_issued(shop: Shop, desk: Desk) -> None:
    shop.order("FO", "10")
    shop.time("E1")
    words = ("bill", "P", *JANUARY, "--issue", "--frame-order", "FO")
    (document,) = desk.json(*words)["projects"][0]["documents"]
    assert (document["number"], document["frame_order"]) == ("INV-2026-00001", "FO")


def test_a_pro_forma_is_made(shop: Shop, desk: Desk) -> None:
    shop.change("projects", {"code": "P"}, pro_forma=True)
    shop.time("E1")
    (document,) = desk.json("bill", "P", *JANUARY)["projects"][0]["documents"]
    assert (document["kind"], document["number"]) == ("pro_forma", "PF-00001")
    assert (document["status"], document["revision"]) == ("on_hold", 1)
    (line,) = document["lines"]
    assert (line["billed_amount"], line["status"], line["held"]) == ("100.00", "bill", "0.00")


def test_a_line_says_what_its_limit_leaves(shop: Shop, desk: Desk) -> None:
    shop.add("limits", id=1, project="P", amount=6_000)
    shop.time("E1")
    (document,) = desk.json("bill", "P", *JANUARY)["projects"][0]["documents"]
    (line,) = document["lines"]
    assert (line["limit_available"], line["over_limit"]) == ("60.00", "40.00")
    assert document["over_limit"] == "40.00"
    assert document == desk.json("invoice", "show", "DRAFT-1")


def test_what_is_not_printed_is_listed(shop: Shop, desk: Desk) -> None:
    ruled(shop, {"create_zero_lines": False})
    shop.time("E1")
    shop.time("E2", hours="0")
    (document,) = desk.json("bill", "P", *JANUARY)["projects"][0]["documents"]
    assert [line["entries"] for line in document["lines"]] == [["E1"]]
    assert [line["entries"] for line in document["not_printed"]] == [["E2"]]
    assert [line["step"] for line in document["lines"]] == [1]


def test_what_is_left_out_is_told_with_its_reason(shop: Shop, desk: Desk) -> None:
    shop.time("E1")
    shop.time("E2", status="draft")
    (run,) = desk.json("bill", "P", *JANUARY)["projects"]
    assert run["left_out"] == [
        {
            "id": "E2",
            "code": "LEFT-01",
            "reason": "not approved: draft",
            "hours": "1",
            "amount": "100.00",
        }
    ]


def test_nothing_to_bill_is_no_refusal(desk: Desk) -> None:
    (run,) = desk.json("bill", "P", *JANUARY)["projects"]
    assert (run["outcome"], run["documents"]) == ("nothing", [])
    assert run["why"] == "nothing to bill up to 2026-01-31; the last billing date stays"


def test_what_is_not_due_says_when_it_is(shop: Shop, desk: Desk) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY, last_billing_date=day("2026-01-31"))
    (run,) = desk.json("bill", "P")["projects"]
    assert (run["outcome"], run["why"]) == ("nothing", "not due: next billing date 2026-02-28")
    assert list(run) == RUN


def test_on_demand_asks_for_a_date(desk: Desk) -> None:
    assert desk.error("bill", "P") == (2, "RULE-10")


def test_a_mass_run_without_a_day_leaves_what_is_on_demand_and_says_so(
    shop: Shop, desk: Desk
) -> None:
    shop.time("E1")
    (run,) = desk.json("bill", "--all")["projects"]
    told = "on demand: give the day with --date"
    assert (run["project"], run["outcome"], run["why"]) == ("P", "nothing", told)


def test_a_mass_run_names_the_projects_with_work_whose_day_has_not_come(
    shop: Shop, desk: Desk
) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY | {"start_date": day("2026-01-01")})
    shop.time("E1")
    (run,) = desk.json("bill", "--all", *JANUARY)["projects"]
    assert (run["outcome"], run["why"]) == ("nothing", "not due: next billing date 2026-02-01")


def test_what_is_refused_has_its_faults_and_an_exit_code(shop: Shop, desk: Desk) -> None:
    ruled(shop, NEVER)
    shop.time("E1", unit_cost=D(0))
    said = desk("bill", "P", *JANUARY, "--json")
    (run,) = said.json["projects"]
    assert (said.code, run["outcome"], run["error"]["code"]) == (3, "failed", "RUN-02")
    assert (list(run), run["why"], run["billed"], run["reconciles"]) == (RUN, REFUSED, None, None)
    assert [one["code"] for one in run["faults"]] == ["RULE-02"]
    assert [(one["code"], one["where"]) for one in run["error"]["faults"]] == [
        ("RULE-02", "entry E1")
    ]


def failing(shop: Shop) -> None:
    rule(shop, "BAD", NEVER)
    shop.project("BAD", billing_rule="BAD")
    shop.time("E1", project="BAD", unit_cost=D(0))
    shop.time("E2")


def test_a_mass_run_goes_on_and_exits_as_the_first_refusal(shop: Shop, desk: Desk) -> None:
    failing(shop)
    said = desk("bill", "--all", *JANUARY, "--json")
    outcomes = [(one["project"], one["outcome"]) for one in said.json["projects"]]
    assert (said.code, outcomes) == (3, [("BAD", "failed"), ("P", "done")])


def test_a_person_reads_what_was_done_and_what_failed_and_why(shop: Shop, desk: Desk) -> None:
    failing(shop)
    said = desk("bill", "--all", *JANUARY)
    assert "! BAD: entry E1: Entry E1 cannot be priced" in said.out
    row = next(line for line in said.out.splitlines() if line.startswith(" P "))
    assert row.split()[:7] == ["P", "2026-01-31", "done", "DRAFT-1", "2026-01-31", "1.00", "119.00"]
    assert said.out.rstrip().endswith("1 run done, 1 failed, 0 with nothing to bill.")


def test_without_a_date_all_are_billed_up_to_today(shop: Shop, desk: Desk) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY | {"start_date": day("2026-01-02")})
    shop.time("E1", on="2026-02-02")
    (run,) = desk.json("bill", "--all")["projects"]
    assert (run["billing_date"], run["outcome"]) == ("2026-02-02", "done")


@pytest.mark.parametrize(
    ("words", "projects"),
    [
        (("--projects", "Q,P"), ["P", "Q"]),
        (("--manager", "ben"), ["Q"]),
        (("--status", "completed"), ["R"]),
        (("--customer", "ACME", "--manager", "ann"), ["R"]),
    ],
)
def test_filters_choose(
    shop: Shop, desk: Desk, words: tuple[str, ...], projects: list[str]
) -> None:
    shop.project("Q", manager="ben")
    shop.project("R", manager="ann", status="completed")
    found = desk.json("bill", "--all", *JANUARY, *words, "--dry-run")["projects"]
    assert [one["project"] for one in found] == projects


def test_a_dry_run_shows_and_writes_nothing(shop: Shop, desk: Desk) -> None:
    shop.time("E1")
    before = desk.contents()
    (run,) = desk.json("bill", "P", *JANUARY, "--dry-run")["projects"]
    assert (run["outcome"], run["documents"][0]["number"]) == ("done", None)
    assert list(run) == RUN
    assert desk.contents() == before


def test_a_dry_run_exits_0_even_when_it_lists_what_stops(shop: Shop, desk: Desk) -> None:
    ruled(shop, NEVER)
    shop.time("E1", unit_cost=D(0))
    (run,) = desk.json("bill", "P", *JANUARY, "--dry-run")["projects"]
    assert (run["outcome"], [one["code"] for one in run["faults"]]) == ("failed", ["RULE-02"])
    assert (list(run), run["error"]["code"], run["why"]) == (RUN, "RUN-02", REFUSED)


def test_a_person_reads_the_documents_of_a_dry_run(shop: Shop, desk: Desk) -> None:
    ruled(shop, {"invoice_description": "='Work on '+[Project.Code]"})
    shop.time("E1")
    said = desk("bill", "--all", *JANUARY, "--dry-run")
    assert "Work on P" in said.out
    assert "119.00" in said.out
    assert said.out.rstrip().endswith("1 run to be billed, 0 failed, 0 with nothing to bill.")


def test_the_same_request_again_is_the_first_result(shop: Shop, desk: Desk) -> None:
    shop.time("E1")
    shop.time("E2", status="draft")
    words = ("bill", "P", *JANUARY, "--request", "r")
    first = desk.json(*words)
    before = desk.contents()
    assert desk.json(*words) == first
    assert desk.contents() == before


def moved_on(shop: Shop, desk: Desk) -> tuple[str, ...]:
    """Make a draft, a draft and a pro forma by one request; then issue, delete and delete them."""
    for code in ("Q", "R"):
        shop.project(code, pro_forma=code == "R")
        shop.time(f"E-{code}", project=code)
    shop.time("E1")
    words = ("bill", "--all", *JANUARY, "--request", "r")
    assert desk(*words).code == 0
    assert desk("invoice", "issue", "DRAFT-1").code == 0
    assert desk("invoice", "delete", "DRAFT-2").code == 0
    assert desk("pro-forma", "delete", "PF-00001").code == 0
    return words


def test_a_retry_follows_what_became_of_the_documents(shop: Shop, desk: Desk) -> None:
    issued, *gone = desk.json(*moved_on(shop, desk))["projects"]
    assert [one["number"] for one in issued["documents"]] == ["INV-2026-00001"]
    assert (issued["why"], issued["outcome"]) == (None, "done")
    found = [(one["documents"], one["why"], one["reconciles"]) for one in gone]
    assert found == [
        ([], "deleted since: DRAFT-2", True),
        ([], "deleted since: PF-00001", True),
    ]
    assert [one["billed"]["amount"] for one in gone] == ["100.00", "100.00"]


def test_a_person_reads_what_became_of_the_documents(shop: Shop, desk: Desk) -> None:
    said = desk(*moved_on(shop, desk))
    rows = [" ".join(line.split()) for line in said.out.splitlines()]
    assert said.code == 0
    assert "P 2026-01-31 done INV-2026-00001 2026-01-31 1.00 119.00 EUR" in rows
    assert "Q 2026-01-31 done 0.00 0.00 EUR deleted since: DRAFT-2" in rows


def test_a_mass_run_without_a_date_can_be_said_again_the_next_day(shop: Shop, desk: Desk) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1")
    words = ("bill", "--all", "--request", "r")
    first = desk.json(*words, "--today", "2026-02-01")
    assert desk.json(*words, "--today", "2026-02-02") == first


def behind(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1", on="2026-01-15")
    shop.time("E2", on="2026-02-15")
    shop.time("E3", on="2026-01-16", status="draft")
    shop.time("E4", on="2026-03-15")


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_person_reads_once_what_was_left_out(
    shop: Shop, desk: Desk, more: tuple[str, ...]
) -> None:
    behind(shop)
    said = desk("bill", "P", "--today", "2026-03-01", *more)
    told = [line for line in said.out.splitlines() if "left out" in line]
    assert told == [
        "- P: 1 entry left out: not approved: draft [LEFT-01]",
        "- P: 1 entry left out: after the cut-off 2026-02-28 [LEFT-05]",
    ]


def test_a_date_that_lies_ahead_is_told(shop: Shop, desk: Desk) -> None:
    shop.change("projects", {"code": "P"}, **MONTHLY)
    shop.time("E1")
    said = desk("bill", "P", *JANUARY, "--today", "2026-01-20")
    assert "- P: Preview: The billing date 2026-01-31 lies ahead" in said.out


def test_a_dry_run_says_so(shop: Shop, desk: Desk) -> None:
    shop.time("E1")
    words = ("bill", "P", *JANUARY)
    assert [desk.json(*words, *more)["dry_run"] for more in (("--dry-run",), ())] == [True, False]


def test_a_sentence_keeps_its_capitals(desk: Desk) -> None:
    said = desk("bill", "P", *JANUARY, "--dry-run")
    assert "Nothing to bill up to 2026-01-31; the last billing date stays." in said.out


def test_a_refusal_in_a_dry_run_keeps_its_capitals(shop: Shop, desk: Desk) -> None:
    ruled(shop, NEVER)
    shop.time("E1", unit_cost=D(0))
    assert REFUSED in desk("bill", "P", *JANUARY, "--dry-run").out


@pytest.mark.parametrize(
    "words",
    [
        ("bill",),
        ("bill", "P", "--all"),
        ("bill", "--all", "--frame-order", "FO"),
        ("bill", "P", "--manager", "ann"),
        ("bill", "P", "--projects", "P"),
        ("bill", "P", *JANUARY, "--dry-run", "--request", "r"),
    ],
)
def test_what_does_not_go_together_is_refused(desk: Desk, words: tuple[str, ...]) -> None:
    assert desk.error(*words)[0] == 2


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("bill", "NOBODY", *JANUARY), (4, "FIND-07")),
        (("bill", "--all", "--projects", "NOBODY"), (4, "FIND-07")),
        (("bill", "--all", "--customer", "NOBODY"), (4, "FIND-01")),
        (("bill", "--all", "--manager", "NOBODY"), (4, "FIND-08")),
        (("bill", "P", "--date", "soon"), (2, "ARG-01")),
    ],
)
def test_what_is_not_there_is_refused(
    desk: Desk, words: tuple[str, ...], error: tuple[int, str]
) -> None:
    assert desk.error(*words) == error


def test_a_terminal_shows_a_bar(shop: Shop, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    terminal = Console(file=stream, force_terminal=True, width=200)
    monkeypatch.setattr(printing, "console_for", lambda: terminal)
    behind(shop)
    assert desk("bill", "--all", "--date", "2026-05-31").code == 0
    assert "Projects" in stream.getvalue()
    assert "100%" in stream.getvalue()

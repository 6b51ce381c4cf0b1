"""Exit codes and codes of what stops a command; a refused one leaves the store as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import Desk, run

JANUARY = ("--billing-date", "2026-01-31")
REFUSED = [
    # 2: what was given cannot be read
    ("nonsense", 2, "ARG-02"),
    ("--nonsense", 2, "ARG-02"),
    ("invoice nonsense", 2, "ARG-02"),
    ("issue", 2, "ARG-02"),
    ("issue KLEIN", 2, "ARG-02"),
    ("preview KLEIN", 2, "ARG-02"),
    ("issue KLEIN --billing-date 31.1.2026", 2, "ARG-01"),
    ("issue KLEIN --billing-date 2026-02-30", 2, "ARG-01"),
    ("issue KLEIN --billing-date 2026-01-31 --terms 1_0", 2, "ARG-01"),
    ("issue KLEIN --billing-date 2026-01-31 --terms 367", 2, "ARG-01"),
    ("issue KLEIN --billing-date 2026-01-31 --group-by colour", 2, "ARG-02"),
    ("issue KLEIN --billing 2026-01-31", 2, "ARG-02"),
    ("review KLEIN --billing-date 2026-01-31 -o KLEIN.txt", 2, "ARG-01"),
    ("decide KLEIN", 2, "ARG-02"),
    ("decide KLEIN --write-off all --reason x", 2, "ARG-02"),
    ("decide KLEIN --bill all --defer all", 2, "ARG-02"),
    ("decide KLEIN --bill T098 --defer T098", 2, "ARG-02"),
    ("decide KLEIN --write-off T098", 2, "DOC-03"),
    ("decide KLEIN.xlsx --bill all", 2, "ARG-02"),
    ("invoices --status nonsense", 2, "ARG-02"),
    ("invoice pay INV-2026-00010 --amount 1e3", 2, "ARG-01"),
    ("invoice pay INV-2026-00010 --amount ８", 2, "ARG-01"),
    ("invoice void INV-2026-00010", 2, "DOC-03"),
    ("invoice credit INV-2026-00010 --reason x", 2, "ARG-02"),
    ("invoice credit INV-2026-00010 --then bill", 2, "DOC-03"),
    ("invoice credit INV-2026-00010 --then perhaps --reason x", 2, "ARG-01"),
    ("invoice credit INV-2026-00010 --then T061=bill --reason x", 2, "DOC-23"),
    ("invoice credit INV-2026-00010 --lines one --then bill --reason x", 2, "ARG-01"),
    ("invoice credit INV-2026-00010 --line 1 --reason x", 2, "ARG-02"),
    ("invoice credit INV-2026-00010 --amount 5 --then bill --reason x", 2, "ARG-02"),
    ("invoice credit INV-2026-00010 --line 1 --amount 5 --then bill --reason x", 2, "ARG-02"),
    ("invoice correct INV-2026-00010", 2, "DOC-03"),
    ("invoice write-off INV-2026-00010", 2, "DOC-03"),
    ("issue --billing-date 2026-01-31", 2, "ARG-02"),
    ("issue HANSE --all --billing-date 2026-01-31", 2, "ARG-02"),
    ("issue --all", 2, "ARG-02"),
    ("issue --all --billing-date 2026-01-31 --frame-order 4500017731", 2, "ARG-02"),
    ("issue --all --billing-date 2026-01-31 --po 4711", 2, "ARG-02"),
    ("decide HANSE --bill-qty T072", 2, "ARG-01"),
    ("decide HANSE --bill-qty T072=x", 2, "ARG-01"),
    ("decide HANSE --bill-qty T072=1 --defer T072", 2, "ARG-02"),
    ("decide HANSE --bill all --rest defer", 2, "ARG-02"),
    ("restore T061", 2, "DOC-03"),
    ("unbilled --as-of 31.1.2026", 2, "ARG-01"),
    ("unbilled --as-of 2026-01-31 --billing-date 2026-01-31", 2, "ARG-02"),
    ("close January", 2, "ARG-01"),
    ("reopen 2026-01", 2, "DOC-03"),
    ("invoice issue DRAFT-1 --issue-date soon", 2, "ARG-01"),
    # 3: a rule refuses
    ("issue HANSE --billing-date 2026-01-31 --frame-order 4500017731", 3, "RUN-02"),
    ("issue THAMES --billing-date 2026-01-31", 3, "RUN-01"),
    ("issue STADT --billing-date 2026-01-31 --frame-order 4500017731", 3, "RUN-02"),
    ("issue STADT --billing-date 2026-01-31 --issue-date 2026-01-01", 3, "RUN-02"),
    ("decide HANSE --bill-qty T072=1000", 3, "RUN-02"),
    ("restore T061 --reason x", 3, "DOC-11"),
    ("invoice issue INV-2026-00010", 3, "DOC-01"),
    ("invoice delete INV-2026-00010", 3, "DOC-01"),
    ("invoice void INV-2026-00008 --reason x", 3, "DOC-02"),
    ("invoice void INV-2026-00013 --reason x", 3, "DOC-01"),
    ("invoice send INV-2026-00013", 3, "DOC-01"),
    ("invoice pay INV-2026-00010 --amount 1.001", 3, "DOC-04"),
    ("invoice pay INV-2026-00010 --amount 1 --date 2025-12-31", 3, "DOC-05"),
    ("invoice unpay INV-2026-00010 --amount 1", 3, "DOC-04"),
    ("invoice credit INV-2026-00010 --line 1 --amount 99999 --reason x", 3, "DOC-22"),
    ("invoice credit INV-2026-00013 --then bill --reason x", 3, "DOC-01"),
    ("invoice correct INV-2026-00013 --reason x", 3, "DOC-01"),
    ("invoice refund INV-2026-00010 --amount 1", 3, "DOC-04"),
    ("invoice offset INV-2026-00010 --against INV-2026-00009", 3, "DOC-27"),
    ("invoice write-off INV-2026-00010 --amount 99999 --reason x", 3, "DOC-04"),
    ("invoice reinstate INV-2026-00010 --amount 1 --reason x", 3, "DOC-04"),
    ("close 2026-02", 3, "PERIOD-03"),
    ("reopen 2026-01 --reason x", 3, "PERIOD-06"),
    ("approve T097", 3, "RUN-06"),
    # 4: not found
    ("unbilled NOPE", 4, "FIND-01"),
    ("bill NOPE --date 2026-01-31", 4, "FIND-07"),
    ("pro-forma show PF-99999", 4, "PRO-01"),
    ("projects --customer NOPE", 4, "FIND-01"),
    ("projects --project NOPE", 4, "FIND-07"),
    ("preview NOPE --billing-date 2026-01-31", 4, "FIND-01"),
    ("issue NOPE --billing-date 2026-01-31", 4, "FIND-01"),
    ("review NOPE --billing-date 2026-01-31", 4, "FIND-01"),
    ("decide NOPE --bill all", 4, "FIND-01"),
    ("unbilled NOPE --as-of 2026-01-31", 4, "FIND-01"),
    ("invoices --customer NOPE", 4, "FIND-01"),
    ("frame-orders NOPE", 4, "FIND-01"),
    ("decide HANSE --bill T001", 4, "FIND-03"),
    ("invoice show INV-2026-00099", 4, "FIND-02"),
    ("invoice pdf INV-2026-00099", 4, "FIND-02"),
    ("invoice send INV-2026-00099", 4, "FIND-02"),
    ("invoice credit INV-2026-00010 --lines 99 --then bill --reason x", 4, "DOC-21"),
    ("invoice credit INV-2026-00010 --entries T001 --then bill --reason x", 4, "DOC-21"),
    ("invoice issue DRAFT-99", 4, "FIND-02"),
    ("invoice delete DRAFT-99", 4, "FIND-02"),
    ("invoice show DRAFT-0", 4, "FIND-02"),
    ("restore X1,X2 --reason x", 4, "FIND-06"),
    ("issue nope.xlsx", 4, "FIND-05"),
    ("preview nope.XLSM", 4, "FIND-05"),
    ("import nope.json", 4, "FIND-05"),
]


@pytest.mark.parametrize(("words", "code", "error"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_refused_says_its_code_and_changes_nothing(
    after: Desk, words: str, code: int, error: str
) -> None:
    before = after.contents()
    assert after.error(*words.split()) == (code, error)
    assert after.contents() == before


def test_a_stale_workbook_exits_with_5(desk: Desk) -> None:
    file = str(desk.folder / "KLEIN.xlsx")
    assert desk("review", "KLEIN", *JANUARY, "-o", file).code == 0
    assert desk("issue", "KLEIN", *JANUARY).code == 0
    before = desk.contents()
    assert desk.error("issue", file) == (5, "RUN-03")
    assert desk.contents() == before


def test_a_request_with_other_content_exits_with_5(desk: Desk) -> None:
    assert desk("issue", "KLEIN", *JANUARY, "--request", "r1").code == 0
    assert desk.error("issue", "ALPEN", *JANUARY, "--request", "r1") == (5, "RUN-05")


def test_a_workbook_that_is_none_exits_with_6(desk: Desk) -> None:
    file = desk.folder / "letter.xlsx"
    file.write_bytes(b"Dear customer")
    said = desk("issue", str(file), "--json")
    assert (said.code, said.error["code"]) == (6, "HOST-01")


def test_a_review_that_cannot_be_written_exits_with_6(desk: Desk) -> None:
    (desk.folder / "file").write_bytes(b"")
    target = str(desk.folder / "file" / "KLEIN.xlsx")
    assert desk.error("review", "KLEIN", *JANUARY, "-o", target) == (6, "HOST-08")


def test_a_store_that_is_none_exits_with_7(tmp_path: Path) -> None:
    (tmp_path / "timix.db").write_bytes(b"no database")
    assert Desk(tmp_path / "timix.db").error("customers") == (7, "STORE-03")


def test_no_store_exits_with_4_and_says_how_to_make_one(tmp_path: Path) -> None:
    said = Desk(tmp_path / "none.db")("customers")
    assert said.code == 4
    assert "init" in said.err


def test_a_pdf_that_cannot_be_written_exits_with_8(after: Desk) -> None:
    (after.folder / "file").write_bytes(b"")
    target = str(after.folder / "file")
    assert after.error("invoice", "pdf", "INV-2026-00010", "-o", target) == (8, "EXP-01")


def test_a_preview_with_faults_exits_with_0_and_an_issue_does_not(desk: Desk) -> None:
    words = ("HANSE", *JANUARY, "--frame-order", "4500017731")
    assert [one["code"] for one in desk.json("preview", *words)["faults"]] == ["FO-04"]
    assert desk("issue", *words).code == 3


def test_a_broken_store_fails_verify_with_5(desk: Desk) -> None:
    assert desk("issue", "KLEIN", *JANUARY).code == 0
    with closing(sqlite3.connect(desk.store)) as connection, connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE documents SET total = total + 1")
    said = desk("verify", "--json")
    assert (said.code, said.json["ok"]) == (5, False)
    text = desk("verify")
    assert (text.code, "Everything holds" in text.out) == (5, False)


@pytest.mark.parametrize("position", ["before", "after", "between"])
def test_global_options_stand_before_or_after_the_command(desk: Desk, position: str) -> None:
    store = ["--store", str(desk.store), "--today", "2026-02-02", "--user", "maja", "--json"]
    words = {
        "before": [*store, "invoice", "show", "R25-0231"],
        "after": ["invoice", "show", "R25-0231", *store],
        "between": [*store[:2], "invoice", *store[2:4], "show", *store[4:], "R25-0231"],
    }[position]
    said = run(*words)
    assert (said.code, said.json["number"]) == (0, "R25-0231")


def test_who_acts_is_an_option(desk: Desk) -> None:
    who = ("--user", "tomáš")
    assert run("--store", str(desk.store), "decide", "KLEIN", "--defer", "T098", *who).code == 0
    last = desk.json("log")[-1]
    assert (last["by"], last["object"]) == ("tomáš", "entry T098")


def test_the_day_of_an_act_is_an_option_and_the_log_notes_the_clock(desk: Desk) -> None:
    day = ("--today", "2026-02-09")
    assert run("--store", str(desk.store), "decide", "KLEIN", "--defer", "T098", *day).code == 0
    assert desk.json("log")[-1]["at"][:10] != "2026-02-09"

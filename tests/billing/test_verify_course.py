"""Verify tells how far it is, reads in streams, and stays readable whatever it finds."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.builders import Shop, a_full_year, copy_of
from timix_xl.billing.record import Problem, listed
from timix_xl.billing.verify import Verified, verify
from timix_xl.cli import reports
from timix_xl.store import auditing

LINES_TOO_DEAR = "UPDATE document_lines SET amount = amount + 1"
NO_CLAIMS = "DELETE FROM claims"


@pytest.fixture
def full(shop: Shop) -> Shop:
    """Invoices that were sent, paid, voided; frame orders, a location, materials."""
    a_full_year(shop)
    return shop


def test_progress_is_told_of_the_rows_the_documents_and_the_ledger_to_their_ends(
    full: Shop,
) -> None:
    told: dict[str, list[tuple[int, int]]] = {}
    verify(full.store, progress=lambda what, *of: told.setdefault(what, []).append(of))

    assert list(told) == ["rows", "documents", "ledger"]
    for steps in told.values():
        assert steps == sorted(steps)
        assert len({of for _, of in steps}) == 1
        done, of = steps[-1]
        assert done == of > 0


def test_every_document_is_told(full: Shop) -> None:
    told = {}
    verify(full.store, progress=lambda what, *of: told.update({what: of}))
    count = full.value("SELECT COUNT(*) FROM documents")
    assert told["documents"] == (count, count)


@pytest.mark.parametrize("change", [LINES_TOO_DEAR, NO_CLAIMS], ids=["lines", "claims"])
def test_what_is_found_does_not_depend_on_how_many_rows_are_fetched_at_once(
    full: Shop, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    full.unguarded().say(change)
    expected = verify(full.store)
    monkeypatch.setattr(auditing, "CHUNK", 1)

    assert verify(full.store) == expected
    assert expected.problems


def test_what_does_not_fit_its_column_is_set_aside_wherever_it_stands(
    full: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    full.unguarded().say("UPDATE entries SET date = 'soon' WHERE id IN ('A2', 'B1')")
    counts = []
    for chunk in (1, 2, 2_000):
        monkeypatch.setattr(auditing, "CHUNK", chunk)
        found = verify(full.store)
        named = [one.where for one in found.problems if one.code == "VERIFY-19"]
        assert named == ["entries A2", "entries B1"]
        counts.append(found.checked["entries"])
    assert set(counts) == {full.value("SELECT COUNT(*) FROM entries") - 2}


def statements(shop: Shop) -> int:
    """Count the statements of a verify."""
    seen = []

    def note(*_: object) -> None:
        seen.append(1)

    event.listen(shop.store.engine, "before_cursor_execute", note)
    assert shop.problems() == ()
    event.remove(shop.store.engine, "before_cursor_execute", note)
    return len(seen)


def test_many_documents_take_as_many_statements_as_a_few(template: Path, tmp_path: Path) -> None:
    counts = []
    for size in (2, 40):
        shop = copy_of(template, tmp_path, f"{size}.db")
        for at in range(size):
            shop.task(f"S{at:02d}", bill_separately=True)
        for at in range(size):
            shop.time(f"E{at}", f"F{at}", task=f"S{at:02d}")
        assert len(shop.issue().numbers) == size
        counts.append(statements(shop))
        shop.store.close()
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "forge",
    [
        lambda whole: whole["printed"].update(billed=[{}]),
        lambda whole: whole["printed"].update(lines=[{}]),
        lambda whole: whole.update(printed=[]),
        lambda whole: whole["rows"].update(document_lines=["one"]),
    ],
    ids=["an entry without facts", "a line without a place", "no document", "no rows"],
)
def test_a_content_that_is_none_is_named_whatever_it_holds_instead(
    full: Shop, forge: Callable[[dict[str, dict[str, object]]], None]
) -> None:
    whole = json.loads(full.value("SELECT content FROM documents WHERE id = 1"))
    forge(whole)
    text = json.dumps(whole).replace("'", "''")
    full.unguarded().say(f"UPDATE documents SET content = '{text}' WHERE id = 1")

    codes = {one.code for one in full.problems() if one.where == "INV-2026-00001"}
    assert {"VERIFY-03", "VERIFY-04"} <= codes


# Many problems.


def found(**times: int) -> Verified:
    """Return what a verify found: so many problems of each code, by turns."""
    problems = [
        Problem(code.replace("_", "-"), f"invoice {at}", "it is wrong")
        for at in range(max(times.values()))
        for code, count in times.items()
        if at < count
    ]
    return Verified({"documents": 9}, tuple(problems))


def test_the_first_fifty_problems_of_a_code_are_shown_and_the_others_counted() -> None:
    lines = reports.verified_lines(found(VERIFY_05=1_060, VERIFY_10=50, VERIFY_13=2))

    shown = Counter(line[-11:] for line in lines if line.startswith("! invoice"))
    assert shown == {"[VERIFY-05]": 50, "[VERIFY-10]": 50, "[VERIFY-13]": 2}
    assert lines[-3:] == [
        "! And 1,010 more of the same kind (see --json) [VERIFY-05]",
        "Checked 9 documents.",
        "! 1,112 problems. Issue nothing more; restore a backup or ask for help.",
    ]


def test_a_seal_of_another_store_alone_alarms_nobody() -> None:
    other = reports.verified_lines(found(VERIFY_47=1))[-1]
    also = reports.verified_lines(found(VERIFY_47=1, VERIFY_05=1))[-1]

    assert other == (
        "! 1 problem. The store itself holds: give a seal of this store, or --store with the one"
        " sealed."
    )
    assert also == "! 2 problems. Issue nothing more; restore a backup or ask for help."


def test_few_places_of_a_series_are_listed_one_by_one() -> None:
    assert listed([1, 2, 4]) == "[1, 2, 4]"


def test_many_places_of_a_series_are_listed_by_what_follows() -> None:
    assert listed([*range(1, 40), 41, *range(43, 90_000)]) == "1-39, 41, 43-89999"


def test_the_gaps_of_a_long_series_are_listed_up_to_a_point() -> None:
    words = listed([*range(1, 99, 2)])
    assert words.startswith("1, 3, 5, ")
    assert words.endswith(", 39 and 29 more")

"""A seal of a period: what it holds, that work goes on under it, and what is not taken for one."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.billing import pro_formas
from tests.builders import D, Shop, copy_of, day, on
from timix_xl.billing.close import close, reopen
from timix_xl.billing.credit import credit
from timix_xl.billing.pay import pay
from timix_xl.billing.refusals import (
    NotASeal,
    NotSealable,
    SealContradicted,
    SealEdited,
    SealNewer,
    SealNotWritten,
    SealPlaceTaken,
)
from timix_xl.billing.release import release
from timix_xl.billing.seal_files import SealFile, as_file, plain, read_seal
from timix_xl.billing.seal_period import seal_period
from timix_xl.billing.send import send
from timix_xl.billing.trail import trail
from timix_xl.billing.verify_against import against
from timix_xl.billing.void import void
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.seal import canonical
from timix_xl.errors import FileNotThere, TimixError

FIRST, SECOND, THIRD = (f"INV-2026-{at:05d}" for at in range(1, 4))
LATE = on("2026-03-02")


@pytest.fixture
def billed(shop: Shop) -> Shop:
    """Two invoices of January, of 1.5 and 2 hours, and one of February, in pounds."""
    shop.customer("BETA", currency="GBP")
    shop.time("E1", hours="1.5")
    shop.issue(issue_date=day("2026-01-30"), actor=LATE)
    shop.time("E2", hours="2")
    shop.issue(issue_date=day("2026-01-31"), actor=LATE)
    shop.time("B1", project="P-BETA", currency="GBP")
    shop.issue("BETA", issue_date=day("2026-02-01"), actor=LATE)
    return shop


def seal(shop: Shop, folder: Path, since: str | None = None, until: str = "2026-03-02") -> SealFile:
    first = day(since) if since else None
    path = folder / "kept.json"
    return seal_period(shop.store, path, since=first, until=day(until), actor=LATE)


def problems(shop: Shop, kept: SealFile) -> tuple[Any, ...]:
    (compared,) = against(shop.store, [kept])
    return compared.problems


# What it holds.


def test_a_seal_tells_what_was_issued_in_its_period(billed: Shop, tmp_path: Path) -> None:
    kept = plain(seal(billed, tmp_path, "2026-01-01", "2026-01-31").seal)
    seals = [row[0] for row in billed.rows("SELECT seal FROM documents ORDER BY seq")]

    assert kept["series"] == [
        {
            "kind": "invoice",
            "year": 2026,
            "count": 2,
            "first": FIRST,
            "last": SECOND,
            "last_seq": 2,
            "seal": seals[1],
            "hours": "3.5000",
            "sums": [{"currency": "EUR", "subtotal": "350.00", "tax": "66.50", "total": "416.50"}],
            "documents": [f"{FIRST} {seals[0][:8]}", f"{SECOND} {seals[1][:8]}"],
        }
    ]
    assert (kept["since"], kept["until"], kept["events"]) == (
        "2026-01-01",
        "2026-01-31",
        {"issued": 2},
    )
    assert (kept["company"], kept["made_by"], kept["made_at"]) == (
        "Us",
        "ann",
        "2026-03-02T09:00:00",
    )


def test_a_seal_adds_up_by_currency(billed: Shop, tmp_path: Path) -> None:
    (series,) = seal(billed, tmp_path).seal.series
    assert [(one.currency, one.total) for one in series.sums] == [
        ("EUR", D("416.50")),
        ("GBP", D("119.00")),
    ]


def test_a_month_without_documents_holds_the_last_one_before_it(
    billed: Shop, tmp_path: Path
) -> None:
    (series,) = seal(billed, tmp_path, "2026-02-15").seal.series
    assert (series.count, series.first, series.last, series.documents) == (0, None, THIRD, ())


def test_each_kind_and_each_year_has_a_series(billed: Shop, tmp_path: Path) -> None:
    credit(billed.store, FIRST, lines=[1], becomes={"E1": Becomes.BILL}, reason="x", actor=LATE)
    billed.time("E3", on="2027-01-02")
    billed.issue(upto=day("2027-01-31"), issue_date=day("2027-01-31"), actor=on("2027-02-01"))
    kept = seal(billed, tmp_path, until="2027-02-01")

    assert [(one.kind.value, one.year, one.last) for one in kept.seal.series] == [
        ("credit_note", 2026, "CN-2026-00001"),
        ("invoice", 2026, THIRD),
        ("invoice", 2027, "INV-2027-00001"),
    ]
    assert problems(billed, kept) == ()


def test_a_store_without_documents_is_sealed_too(shop: Shop, tmp_path: Path) -> None:
    kept = seal(shop, tmp_path)
    assert (kept.seal.count, kept.seal.series) == (0, ())
    assert problems(shop, kept) == ()


def test_the_log_notes_the_seal_after_what_it_covers(billed: Shop, tmp_path: Path) -> None:
    before = billed.value("SELECT length FROM chains WHERE name = 'audit_log'")
    kept = seal(billed, tmp_path, "2026-01-01", "2026-01-31")

    assert {one.name: one.length for one in kept.seal.tables}["audit_log"] == before
    (*_, note) = trail(billed.store)
    assert (note.by, note.action, note.object) == ("ann", "seal", "seal kept")
    assert json.loads(note.after) == {
        "fingerprint": kept.fingerprint,
        "file": "kept.json",
        "from": "2026-01-01",
        "to": "2026-01-31",
    }
    assert billed.problems() == ()


# Work goes on.


def pay_all(shop: Shop) -> None:
    pay(shop.store, SECOND, D("238"), day("2026-03-02"), actor=LATE)


def credit_some(shop: Shop) -> None:
    credit(shop.store, FIRST, lines=[1], becomes={"E1": Becomes.BILL}, reason="x", actor=LATE)


def void_sent(shop: Shop) -> None:
    send(shop.store, SECOND, actor=LATE)
    void(shop.store, SECOND, "wrong", actor=LATE)


def void_unsent(shop: Shop) -> None:
    void(shop.store, FIRST, "wrong", actor=LATE)


def issue_more(shop: Shop) -> None:
    """Issue on the very day on which it was sealed."""
    shop.time("E9")
    shop.issue(actor=LATE)


def issue_back(shop: Shop) -> None:
    """Issue with a date in the period that was sealed."""
    shop.time("B9", project="P-BETA", currency="GBP")
    shop.issue("BETA", issue_date=day("2026-02-01"), actor=LATE)


def close_and_open(shop: Shop) -> None:
    close(shop.store, "2026-01", actor=LATE)
    reopen(shop.store, "2026-01", "late", actor=LATE)
    close(shop.store, "2026-01", actor=LATE)


def by_pro_forma(shop: Shop) -> None:
    pro_formas.a_shop(shop)
    pro_formas.with_hours(shop, "E7", on="2026-01-31")
    pro_formas.opened(shop)
    release(shop.store, pro_formas.PF, actor=LATE)


STEPS: tuple[Callable[[Shop], None], ...] = (
    *(pay_all, credit_some, void_sent, void_unsent, issue_more),
    *(issue_back, close_and_open, by_pro_forma),
)


@pytest.mark.parametrize("step", STEPS)
def test_what_is_done_later_leaves_a_seal_as_it_is(
    billed: Shop, tmp_path: Path, step: Callable[[Shop], None]
) -> None:
    kept = seal(billed, tmp_path, until="2026-03-02")
    step(billed)

    assert problems(billed, kept) == ()


def test_each_seal_of_a_life_holds_to_its_end(billed: Shop, tmp_path: Path) -> None:
    kept = [seal(billed, tmp_path)]
    for step in (pay_all, credit_some, issue_more, by_pro_forma, close_and_open):
        step(billed)
        kept.append(seal(billed, tmp_path))

    assert [one.ok for one in against(billed.store, kept)] == [True] * len(kept)


def test_pro_formas_have_numbers_of_their_own(billed: Shop, tmp_path: Path) -> None:
    by_pro_forma(billed)
    kept = seal(billed, tmp_path)

    assert kept.seal.pro_forma_numbers == 1
    assert problems(billed, kept) == ()


def test_a_copy_of_the_store_is_the_store(billed: Shop, tmp_path: Path) -> None:
    kept = seal(billed, tmp_path)
    copy = copy_of(billed.template(), tmp_path, "moved.db")

    assert problems(copy, kept) == ()
    copy.store.close()


def test_to_compare_changes_nothing(billed: Shop, tmp_path: Path) -> None:
    kept = seal(billed, tmp_path)
    before = billed.contents()
    problems(billed, kept)

    assert billed.contents() == before


# The place of the file.


def test_a_file_is_read_as_it_was_written(billed: Shop, tmp_path: Path) -> None:
    kept = seal(billed, tmp_path)

    assert read_seal(kept.path) == kept
    assert kept.path.read_bytes() == as_file(kept.seal)


def test_an_earlier_seal_that_still_holds_is_replaced(billed: Shop, tmp_path: Path) -> None:
    seal(billed, tmp_path)
    issue_more(billed)

    assert read_seal(seal(billed, tmp_path).path).seal.count == 4


@pytest.mark.parametrize(
    ("since", "until"),
    [(None, "2025-01-01"), ("2026-01-31", "2026-03-02"), ("2026-01-01", "2026-03-01")],
)
def test_a_seal_that_covers_more_is_not_replaced(
    billed: Shop, tmp_path: Path, since: str | None, until: str
) -> None:
    kept = seal(billed, tmp_path, "2026-01-01")
    before = billed.contents()
    with pytest.raises(SealPlaceTaken, match="covers days that this seal would not"):
        seal(billed, tmp_path, since, until)

    assert read_seal(kept.path) == kept
    assert billed.contents() == before


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-02-15", "2026-03-02"),
        ("2026-01-01", "2026-03-02"),
        (None, "2026-03-02"),
        (None, "2026-12-31"),
    ],
)
def test_a_seal_that_is_covered_is_replaced(
    billed: Shop, tmp_path: Path, since: str | None, until: str
) -> None:
    """The first of them has no documents at first, and one afterwards."""
    seal(billed, tmp_path, "2026-02-15")
    billed.time("E9")
    billed.issue(issue_date=day("2026-03-02"), actor=LATE)

    assert read_seal(seal(billed, tmp_path, since, until).path).seal.count > 0


def test_a_store_without_its_id_is_not_sealed_and_does_not_hold(
    billed: Shop, tmp_path: Path
) -> None:
    billed.unguarded().say("DELETE FROM meta WHERE key = 'store_id'")
    refused(billed, tmp_path / "seal.json", NotSealable)

    found = {(one.code, one.where, one.message) for one in billed.problems()}
    assert ("VERIFY-01", "store", "its id has been taken away (store_id in meta)") in found


def test_who_seals_and_whose_books_it_is_stand_in_a_line(billed: Shop, tmp_path: Path) -> None:
    billed.change("company", {"id": 1}, name="Us\nLtd")
    ann = replace(LATE, user="ann\n\x1b[2J")
    kept = seal_period(
        billed.store, tmp_path / "kept.json", since=None, until=day("2026-03-02"), actor=ann
    )

    assert (kept.seal.company, kept.seal.made_by) == ("Us Ltd", "ann  [2J")
    assert read_seal(kept.path) == kept


def refused(shop: Shop, path: Path, kind: type[TimixError]) -> None:
    """Expect that nothing is written, in the file and in the store."""
    before, content = shop.contents(), path.read_bytes() if path.is_file() else None
    with pytest.raises(kind):
        seal_period(shop.store, path, since=None, until=day("2026-03-02"), actor=LATE)
    assert (path.read_bytes() if path.is_file() else None) == content
    assert shop.contents() == before


@pytest.mark.parametrize("content", ["{}", "", "notes", '{"format": "timix-seal2"}'])
def test_another_file_is_not_replaced(billed: Shop, tmp_path: Path, content: str) -> None:
    path = tmp_path / "books.json"
    path.write_text(content)
    refused(billed, path, SealPlaceTaken)


def test_a_seal_that_the_store_does_not_agree_with_is_not_replaced(
    billed: Shop, tmp_path: Path
) -> None:
    kept = seal(billed, tmp_path)
    billed.unguarded().say("UPDATE documents SET total = total + 1 WHERE seq = 1")
    refused(billed, kept.path, SealContradicted)


def test_a_seal_of_another_store_is_not_replaced(billed: Shop, tmp_path: Path) -> None:
    kept = seal(billed, tmp_path)
    billed.unguarded().say("UPDATE meta SET value = 'other' WHERE key = 'store_id'")
    refused(billed, kept.path, SealPlaceTaken)


def test_a_folder_that_is_not_there_is_told(billed: Shop, tmp_path: Path) -> None:
    refused(billed, tmp_path / "nowhere" / "seal.json", SealNotWritten)


def test_a_file_that_cannot_be_written_is_not_noted(
    billed: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("timix_xl.files.os.fsync", full)
    refused(billed, tmp_path / "seal.json", SealNotWritten)
    assert list(tmp_path.glob("*.json")) + list(tmp_path.glob(".*.tmp")) == []


# What is not taken for a seal.


@pytest.fixture
def kept(billed: Shop, tmp_path: Path) -> dict[str, Any]:
    """The content of a seal, to be edited and written to `kept.json` again."""
    found: dict[str, Any] = json.loads(seal(billed, tmp_path).path.read_text("utf-8"))
    return found


def edited(folder: Path, content: Any) -> Path:
    path = folder / "kept.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


EDITS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "count": lambda seal: seal["series"][0].update(hours="3.5"),
    "seal": lambda seal: seal["series"][0].update(seal="0" * 64),
    "company": lambda seal: seal.update(company="Others"),
    "more": lambda seal: seal.update(note="all is well"),
    "fingerprint": lambda seal: seal.update(fingerprint="0" * 64),
    "no fingerprint": lambda seal: seal.pop("fingerprint"),
    "other fingerprint": lambda seal: seal.update(fingerprint=7),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_a_seal_that_was_edited_is_not_relied_on(
    kept: dict[str, Any], tmp_path: Path, edit: Callable[[dict[str, Any]], Any]
) -> None:
    edit(kept)
    with pytest.raises(SealEdited):
        read_seal(edited(tmp_path, kept))


def test_an_edit_is_told_with_both_fingerprints(kept: dict[str, Any], tmp_path: Path) -> None:
    said = kept["fingerprint"][:8]
    kept["company"] = "Others"
    with pytest.raises(SealEdited, match=f"says that its fingerprint is {said}, and its content"):
        read_seal(edited(tmp_path, kept))


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "missing": (lambda seal: seal.pop("tables"), "tables is missing"),
    "text": (lambda seal: seal["tables"][0].update(length="7"), r"tables.0.length is missing or"),
    "kind": (lambda seal: seal["series"][0].update(kind="other"), "series.0.kind is missing or"),
    "table": (lambda seal: seal["tables"][0].update(name="entries"), "a table that is none"),
    "listed": (lambda seal: seal["series"][0]["documents"].pop(), "counts other documents"),
    "far": (lambda seal: seal["tables"][0].update(length=2**31), "no JSON that a seal"),
    "below": (lambda seal: seal["series"][0].update(count=-1), "no JSON that a seal"),
    "more": (lambda seal: seal.update(note="all is well"), "something that no seal says"),
    "written otherwise": (
        lambda seal: seal["series"][0].update(hours="45e-1"),
        "something that no seal says",
    ),
    "float": (lambda seal: seal.update(pro_forma_numbers=1.5), "no JSON that a seal"),
    "line": (
        lambda seal: seal.update(made_by="ann\nWhole store verified: no problem"),
        "a text of it has a line break",
    ),
    "acting": (
        lambda seal: seal["series"][0].update(last="INV\x1b[2J"),
        "a text of it has a line break",
    ),
    "nan": (lambda seal: seal.update(pro_forma_numbers=float("nan")), "no JSON that a seal"),
    "format": (lambda seal: seal.update(format="books"), 'its format is not "timix-seal1"'),
    "none": (lambda seal: seal.pop("format"), 'its format is not "timix-seal1"'),
}


@pytest.mark.parametrize(("edit", "why"), BROKEN.values(), ids=BROKEN)
def test_what_no_seal_has_is_refused(
    kept: dict[str, Any], tmp_path: Path, edit: Callable[[dict[str, Any]], Any], why: str
) -> None:
    """Whoever forges a seal can work out its fingerprint too."""
    edit(kept)
    content = {name: kept[name] for name in kept if name not in {"format", "fingerprint"}}
    text = f"timix-seal1\n{canonical(content)}"
    kept["fingerprint"] = hashlib.sha256(text.encode()).hexdigest()
    with pytest.raises(NotASeal, match=why):
        read_seal(edited(tmp_path, kept))


@pytest.mark.parametrize(
    "content",
    ["", "no json", "[]", "7", "[" * 100_000, '{"format": 1, "format": 1}', "1" * 10_000],
    ids=["empty", "text", "list", "number", "deep", "twice", "digits"],
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(NotASeal):
        read_seal(edited(tmp_path, content))


def test_bytes_are_refused(tmp_path: Path) -> None:
    (tmp_path / "kept.json").write_bytes(b"\xff\x00\xfe")
    with pytest.raises(NotASeal):
        read_seal(tmp_path / "kept.json")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotASeal):
        read_seal(tmp_path)


def test_a_file_that_is_too_large_is_not_read(
    kept: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timix_xl.billing.seal_files.MOST_BYTES", 100)
    with pytest.raises(NotASeal, match="too large"):
        read_seal(edited(tmp_path, kept))


def test_a_seal_of_a_newer_version_is_told(kept: dict[str, Any], tmp_path: Path) -> None:
    kept["format"] = "timix-seal2"
    with pytest.raises(SealNewer, match="timix-seal2"):
        read_seal(edited(tmp_path, kept))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotThere):
        read_seal(tmp_path / "seal-2026-01.json")

"""Seals on the command line: export one, verify against those that were kept, read a mark."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.terminal import Desk, run

JANUARY = ("seal", "export", "--month", "2026-01")
NUMBER = "INV-2026-00010"


@pytest.fixture
def kept(after: Desk) -> Path:
    """The seal of January, beside the store."""
    assert after(*JANUARY, "-o", str(after.folder)).code == 0
    return after.folder / "seal-2026-01.json"


@pytest.mark.parametrize(
    ("words", "name", "days"),
    [
        ("--month 2026-01", "seal-2026-01.json", ("2026-01-01", "2026-01-31")),
        ("", "seal-2026-02-02.json", (None, "2026-02-02")),
        ("--to 2026-01-15", "seal-2026-01-15.json", (None, "2026-01-15")),
        ("--from 2026-01-15", "seal-2026-01-15-2026-02-02.json", ("2026-01-15", "2026-02-02")),
    ],
)
def test_a_seal_is_called_after_its_period(
    after: Desk,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    name: str,
    days: tuple[str | None, str],
) -> None:
    monkeypatch.chdir(after.folder)
    shape = after.json("seal", "export", *words.split())

    assert (shape["file"], shape["since"], shape["until"]) == (name, *days)
    assert json.loads((after.folder / name).read_text("utf-8")) == {
        key: value for key, value in shape.items() if key != "file"
    }


def test_a_person_is_told_what_was_sealed_and_what_to_note(after: Desk) -> None:
    out = after(*JANUARY, "-o", str(after.folder / "my.json")).out.splitlines()
    whole = json.loads((after.folder / "my.json").read_text("utf-8"))

    assert out == [
        f"Sealed 6 documents dated 2026-01-01 to 2026-01-31 into {after.folder / 'my.json'}.",
        "  6 invoices: INV-2026-00008 to INV-2026-00013, 38,969.49 EUR, 8,248.26 GBP",
        f"Fingerprint {whole['fingerprint'][:8]}: note it, and keep the file elsewhere.",
        "timix-xl verify --against my.json tells later if anything was changed.",
    ]


def test_a_store_that_agrees_is_told_with_the_fingerprint(after: Desk, kept: Path) -> None:
    whole = json.loads(kept.read_text("utf-8"))
    said = after("verify", "--against", str(kept))

    assert said.code == 0
    assert said.out.splitlines()[0] == (
        f"{kept} (fingerprint {whole['fingerprint'][:8]}; sealed"
        f" {whole['made_at'].replace('T', ' ')} by maja: 6 documents dated 2026-01-01 to 2026-01-31):"
        " the store agrees."
    )


def test_several_seals_are_compared(after: Desk, kept: Path) -> None:
    after("seal", "export", "-o", str(after.folder / "all.json"))
    shape = after.json("verify", "--against", str(kept), "--against", f"{after.folder}/all.json")

    assert shape["ok"]
    assert [set(one) for one in shape["seals"]] == [
        {"file", "fingerprint", "made_at", "made_by", "from", "to", "documents", "ok"}
    ] * 2
    assert [(one["from"], one["documents"], one["ok"]) for one in shape["seals"]] == [
        ("2026-01-01", 6, True),
        (None, 6, True),
    ]


def test_without_a_seal_there_is_none_in_the_shape(after: Desk) -> None:
    assert after.json("verify")["seals"] == []


def test_a_store_that_does_not_agree_is_told_with_the_name_of_the_seal(
    after: Desk, kept: Path
) -> None:
    with closing(sqlite3.connect(after.store, isolation_level=None)) as owner:
        owner.execute("DROP TRIGGER timix_documents_update")
        owner.execute(f"UPDATE documents SET seal = '{64 * '0'}' WHERE number = '{NUMBER}'")
    said = after("verify", "--against", str(kept))
    shape = after("verify", "--against", str(kept), "--json").json

    assert said.code == 5
    assert said.out.splitlines()[0].startswith(f"! {kept} (fingerprint ")
    assert (shape["ok"], [one["ok"] for one in shape["seals"]]) == (False, [False])
    (found,) = [one for one in shape["problems"] if one["code"] == "VERIFY-48"]
    assert found["where"] == f"seal-2026-01.json: {NUMBER}"
    assert found["message"].startswith("its seal is 00000000; ")
    assert f"! {found['where']}: {found['message']} [VERIFY-48]" in said.out.splitlines()


def test_one_that_cannot_be_relied_on_stops_everything(after: Desk, kept: Path) -> None:
    bad = after.folder / "bad.json"
    bad.write_text(kept.read_text("utf-8").replace("maja", "otto"), "utf-8")
    nothing = run("--store", "nowhere.db", "verify", "--against", str(bad), "--json")

    assert (nothing.code, nothing.error["code"]) == (2, "SEAL-02")
    assert after.error("verify", "--against", str(kept), "--against", "no.json") == (4, "FIND-05")


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("--month 2026-13", (2, "ARG-01")),
        ("--month 2027-01", (2, "ARG-01")),
        ("--month 2026-01 --to 2026-01-31", (2, "ARG-02")),
        ("--month 2026-01 --from 2026-01-01", (2, "ARG-02")),
        ("--from 2026-02-01 --to 2026-01-31", (2, "ARG-01")),
        ("--to tomorrow", (2, "ARG-01")),
        ("-o seal.txt", (2, "ARG-01")),
        ("-o nowhere/seal.json", (8, "SEAL-04")),
    ],
)
def test_bad_words_are_refused(after: Desk, words: str, refused: tuple[int, str]) -> None:
    assert after.error("seal", "export", *words.split()) == refused


def test_the_store_itself_is_not_written_over(after: Desk) -> None:
    linked = after.folder / "store.json"
    linked.symlink_to(after.store)
    before = after.contents()

    assert after.error("seal", "export", "-o", str(linked)) == (8, "SEAL-05")
    assert after.contents() == before


def test_an_invoice_shows_the_mark_that_its_pdf_has(after: Desk) -> None:
    seal = after.json("invoice", "show", NUMBER)["seal"]
    assert f"Seal {seal[:8]}, as on its PDF" in after("invoice", "show", NUMBER).out

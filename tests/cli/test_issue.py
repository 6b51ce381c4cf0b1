"""issue and preview by customer: every option; the same request again."""

import pytest
from pypdf import PdfReader

from tests.cli.terminal import Desk

pytestmark = pytest.mark.stores("sqlite", "postgresql")
JANUARY = ("--billing-date", "2026-01-31")
OPTIONS = [
    ("--issue-date 2026-02-02", "issue_date", "2026-02-02"),
    ("--issue-date 2026-02-02", "due_date", "2026-02-16"),
    ("--terms 10", "due_date", "2026-02-10"),
    ("--po PO-9", "po_number", "PO-9"),
    ("--from 2026-01-01", "period", {"from": "2026-01-01", "to": "2026-01-30"}),
    ("--to 2026-01-31", "period", {"from": "2025-12-11", "to": "2026-01-31"}),
]


@pytest.mark.parametrize("command", ["preview", "issue"])
@pytest.mark.parametrize(("words", "key", "value"), OPTIONS)
def test_an_option_is_on_the_paper(
    desk: Desk, command: str, words: str, key: str, value: object
) -> None:
    done = desk.json(command, "KLEIN", *JANUARY, *words.split())
    assert done["documents"][0][key] == value


def test_texts_are_on_the_paper(desk: Desk) -> None:
    words = (
        "--buyer-reference",
        "Dock 7",
        "--notes",
        "Thank you.",
        "--frame-order",
        "SN-R-2026-03",
    )
    (invoice,) = desk.json("issue", "STADT", *JANUARY, *words)["documents"]
    assert invoice["frame_order"] == "SN-R-2026-03"
    assert desk("invoice", "pdf", invoice["number"], "-o", str(desk.folder)).code == 0
    pages = PdfReader(desk.folder / f"{invoice['number']}.pdf").pages
    text = " ".join(page.extract_text() for page in pages)
    assert "Dock 7" in text
    assert "Thank you." in text


@pytest.mark.parametrize(
    ("group_by", "lines"),
    [("entry", 24), ("task", 7), ("person", 7), ("day", 23), ("week", 10), ("project", 6)],
)
def test_lines_are_grouped(desk: Desk, group_by: str, lines: int) -> None:
    shown = desk.json("preview", "KLEIN", *JANUARY, "--group-by", group_by)
    assert len(shown["documents"][0]["lines"]) == lines


def test_a_frame_order_is_drawn_by_every_document_in_turn(desk: Desk) -> None:
    assert desk("decide", "HANSE", "--defer", "T072,T080,T081,T086,T087").code == 0
    made = desk.json("issue", "HANSE", *JANUARY, "--frame-order", "4500017731")["documents"]
    drawn = [(one["draw_down"]["before"], one["draw_down"]["after"]) for one in made]
    assert drawn == [("148.5", "51.25"), ("51.25", "10"), ("10", "0")]


def test_without_a_frame_order_none_is_drawn(desk: Desk) -> None:
    made = desk.json("issue", "HANSE", *JANUARY)["documents"]
    assert [one["draw_down"] for one in made] == [None] * 3
    assert desk.json("frame-orders", "HANSE")[0]["billed"] == "91.5"


def test_the_same_request_again_gives_the_first_result(desk: Desk) -> None:
    words = ("issue", "KLEIN", *JANUARY, "--request", "r1")
    first = desk.json(*words)
    before = desk.contents()
    assert desk.json(*words) == first
    assert desk.contents() == before


def test_a_preview_writes_nothing(desk: Desk) -> None:
    before = desk.contents()
    assert desk("preview", "KLEIN", *JANUARY).code == 0
    assert desk.contents() == before


def test_the_first_number_follows_the_old_system(desk: Desk) -> None:
    assert desk.json("issue", "KLEIN", *JANUARY)["documents"][0]["number"] == "INV-2026-00008"


def test_an_issue_says_what_it_made(desk: Desk) -> None:
    said = desk("issue", "KLEIN", *JANUARY, "--group-by", "task")
    assert said.code == 0
    assert said.err == ""
    assert said.out.startswith("Issued INV-2026-00008: ")
    assert "due 2026-02-14" in said.out.splitlines()[0]


def test_with_a_workbook_options_stand_in_its_cells(desk: Desk) -> None:
    file = str(desk.folder / "KLEIN.xlsx")
    assert desk("review", "KLEIN", *JANUARY, "-o", file).code == 0
    assert desk.error("issue", file, *JANUARY) == (2, "ARG-02")
    assert desk.json("preview", file)["loaded"]["entries"] == 24
    assert desk.json("issue", file)["billed"]["entries"] == 24

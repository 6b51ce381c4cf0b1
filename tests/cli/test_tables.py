"""What people read: nothing is cut, numbers line up, on a terminal as in a file."""

import io

import pytest
from rich.console import Console

from tests.cli.terminal import Desk
from timix_xl.cli import printing

COMMANDS = [
    "customers",
    "unbilled",
    "unbilled HANSE --billing-date 2026-01-31",
    "unbilled KLEIN --billing-date 2026-02-28",
    "preview STADT --billing-date 2026-01-31 --frame-order SN-R-2026-03",
    "invoices",
    "invoice show INV-2026-00011",
    "frame-orders",
    "log",
    "verify",
]


@pytest.mark.parametrize("words", COMMANDS)
def test_nothing_is_cut_or_coloured_in_a_file(after: Desk, words: str) -> None:
    said = after(*words.split())
    assert said.code == 0
    assert "…" not in said.out
    assert "\x1b" not in said.out


def test_a_row_of_the_register_is_one_line_with_all_its_figures(after: Desk) -> None:
    (line,) = [line for line in after("invoices").out.splitlines() if "00011" in line]
    assert line.split() == (
        "INV-2026-00011 ALPEN 2026-01-31 2026-02-21 14,311.80 0.00 14,311.80 EUR sent".split()
    )


def test_a_review_shows_descriptions_rates_and_reasons(after: Desk) -> None:
    out = after("unbilled", "HANSE", "--billing-date", "2026-01-31").out
    assert "Site supervision: load test, record for the authority" in out
    assert "frame order used up; new one asked for" in out
    assert "not approved: submitted" in out


def test_the_log_reads_as_words(after: Desk) -> None:
    out = after("log", "INV-2026-00013").out
    assert "void: customer's order number missing" in out
    assert "{" not in out


def laid(width: int, *cells: str) -> str:
    """Lay out a code, a description and an amount on a terminal of this width."""
    made = printing.table("", "Number", "Description", "Amount", numbers=("Amount",))
    printing.add(made, *cells)
    out = io.StringIO()
    printing.lay(Console(file=out, width=width, force_terminal=True, no_color=True), made)
    return out.getvalue()


@pytest.mark.parametrize("width", [20, 50, 80])
def test_a_narrow_terminal_folds_prose_and_nothing_else(width: int) -> None:
    words = "Measurement of vibrations in the powerhouse, Maschinenhausschwingungsmessung"
    out = laid(width, "INV-2026-00011", words, "1,234,567.89")
    assert "INV-2026-00011" in out
    assert "1,234,567.89" in out
    assert "…" not in out
    letters = "".join(out.split())
    assert all(letter in letters for letter in words.replace(" ", ""))
    assert "powerhouse" in out


def test_words_in_brackets_are_no_markup(desk: Desk) -> None:
    assert "[bold red]x" in laid(80, "[bold red]x", "[/]", "1")


def test_sentences_in_a_file_are_not_broken_into_lines(desk: Desk) -> None:
    words = ("preview", "HANSE", "--billing-date", "2026-01-31", "--frame-order", "4500017731")
    (fault,) = [line for line in desk(*words).out.splitlines() if line.startswith("! ")]
    assert fault.endswith("[FO-04]")

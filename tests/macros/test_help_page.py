"""The help page: Markdown as one page that reads well without anything beside it."""

import re
from pathlib import Path

import pytest

from timix_xl.macros.help_page import CALC, EXCEL, for_users, page, rendered

PAGES = {EXCEL: "timix-xl in Excel", CALC: "timix-xl in LibreOffice Calc"}


@pytest.mark.parametrize(("name", "title"), PAGES.items())
def test_a_page_has_its_title(name: str, title: str) -> None:
    source = page(name)
    assert f"<title>{title}</title>" in rendered(source.read_text("utf-8"), source.parent)


def test_every_link_within_the_page_has_its_heading(tmp_path: Path) -> None:
    text = rendered("See [there](#notes-for-it).\n\n## Notes for IT\n", tmp_path)
    assert '<a href="#notes-for-it">there</a>' in text
    assert '<h2 id="notes-for-it">Notes for IT</h2>' in text


@pytest.mark.parametrize("name", PAGES)
def test_every_link_of_the_page_leads_somewhere(name: str) -> None:
    text = rendered(for_users(page(name).read_text("utf-8")), page(name).parent)
    ids = set(re.findall(r' id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= ids
    assert len(ids) > 3


def test_a_table_is_a_table(tmp_path: Path) -> None:
    assert "<td>1</td>" in rendered("| a |\n| --- |\n| 1 |\n", tmp_path)


def test_a_picture_that_is_there_is_part_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(b"picture")
    page_text = rendered("![A](<a b.png>)", tmp_path)
    assert '<img src="data:image/png;base64,cGljdHVyZQ==" alt="A"' in page_text


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_of_the_page_is_part_of_it(name: str) -> None:
    source = page(name).read_text("utf-8")
    text = rendered(for_users(source), page(name).parent)
    assert text.count('src="data:image/png;base64,') == source.count("](pictures/") > 0


def test_a_picture_that_is_not_there_is_left_out_with_its_paragraph(tmp_path: Path) -> None:
    page_text = rendered("One.\n\n![A](a.png)\n\nTwo.", tmp_path)
    assert page_text.partition("<body>")[2].split() == [
        "<p>One.</p>",
        "<p>Two.</p>",
        "</body>",
        "</html>",
    ]


ELSEWHERE = {
    "See [the README](../README.md#x).": "See the README (in the folder of timix-xl).",
    "A [mapping file](imports.md).": "A mapping file (docs/imports.md in the folder of timix-xl).",
    "The [checklist](#gone) below.": "The checklist below.",
}


@pytest.mark.parametrize(("text", "words"), ELSEWHERE.items())
def test_a_link_to_what_does_not_travel_with_the_page_becomes_words(
    text: str, words: str, tmp_path: Path
) -> None:
    assert f"<p>{words}</p>" in rendered(text, tmp_path)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_ends_where_the_part_for_other_people_begins(name: str) -> None:
    text = page(name).read_text("utf-8")
    users = for_users(text)
    assert "## If something is wrong" in users
    assert "## For the IT department" in text
    assert "IT department\n" not in users
    assert "Checklist for a first run" not in users


def test_equal_headings_have_anchors_of_their_own(tmp_path: Path) -> None:
    made = rendered("# Why\n\n# Why\n\n# Why\n\n[there](#why-2)", tmp_path)
    assert [f'id="why{end}"' in made for end in ("", "-1", "-2")] == [True] * 3
    assert '<a href="#why-2">' in made


def test_a_link_to_the_web_stays(tmp_path: Path) -> None:
    assert '<a href="https://example.com">' in rendered("[x](https://example.com)", tmp_path)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "[x](javascript:alert(1))"])
def test_nothing_on_the_page_runs(text: str, tmp_path: Path) -> None:
    page_text = rendered(text, tmp_path)
    assert "<script" not in page_text
    assert "href" not in page_text.partition("<body>")[2]

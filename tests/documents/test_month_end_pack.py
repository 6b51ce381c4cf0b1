"""What stands in a month-end pack."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.documents.packs import a_burn, a_standing, an_empty_pack, an_order, the_worked_pack
from timix_xl.billing.pack import Pack, Sums
from timix_xl.documents.month_end_pack import month_end_pack
from timix_xl.documents.pack_export import export_pack
from timix_xl.documents.refusals import PackNotWritten
from timix_xl.domain.wip import Work

GOLDEN = Path(__file__).parent / "golden" / "worked_pack.txt"
Texts = Callable[[bytes], list[str]]
PRINT = """
import sys
from tests.documents.packs import the_worked_pack
from timix_xl.documents.month_end_pack import month_end_pack
sys.stdout.buffer.write(month_end_pack(the_worked_pack()).content)
"""


def pages_of(pack: Pack, texts: Texts) -> list[str]:
    return texts(month_end_pack(pack).content)


def test_the_worked_pack_reads_as_agreed(texts: Texts) -> None:
    """Set UPDATE_GOLDEN=1 to write the file anew, then read the difference."""
    pages = pages_of(the_worked_pack(), texts)
    text = "\n".join(f"--- page {at} ---\n{page}" for at, page in enumerate(pages, 1)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "shown",
    [
        "Month-end pack January 2026",
        "Closed on Feb 4, 2026 by Maja Sjöberg",
        "Jan 1, 2026 \N{EN DASH} Jan 31, 2026",
        "Invoiced, net\n7,435.04\n980.00",
        "Outstanding at month end\n9,955.90\n980.00",
        "Unbilled hours at month end\n87.25 h\n4 h",
        "Register\n7,435.04\nRoll-forward, billed\n7,435.04\nEUR\nties",
        "INV-2026-00041\nInvoice\nACME Acme Industries S.p.A.\nJan 20, 2026\nFeb 19, 2026\n120.00",
        "Invoices: 3\n7,435.04\n1,412.66\n8,847.70\nEUR",
        "Credit notes: 1\n-200.00",
        "Voided: 1\n120.00",
        "Jan 12, 2026\npaid\nINV-2025-00311",
        "Received: 2\n1,605.00\nEUR",
        "Written off: 1\n152.00\nEUR",
        "INV-2025-00311, due Oct 31, 2025\n92\n-\n-",
        "Total EUR\n8,109.90\n-\n-\n-\n1,856.00\n-10.00\n9,955.90",
        "FO-2025-07\n400\n250.5\n149.5\nh\n62.63 %\nApr 15, 2026\nDec 31, 2026\nopen",
        "-1,500.00\nEUR\n107.5 %",
        "FO-2025-07: 149.5 of 400 h left",
        "runs out Apr 15, 2026",
        "BETA Beta & Söhne <Hamburg>",
    ],
)
def test_it_shows(shown: str, whole: str) -> None:
    assert shown in whole


@pytest.fixture(scope="module")
def worked() -> bytes:
    return month_end_pack(the_worked_pack()).content


@pytest.fixture
def whole(worked: bytes, texts: Texts) -> str:
    return "\n".join(texts(worked))


def test_the_same_pack_gives_the_same_bytes_in_another_process(worked: bytes) -> None:
    again = subprocess.run(
        [sys.executable, "-c", PRINT],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7"},
    )
    assert again.stdout == worked


def test_another_pack_has_another_identity(worked: bytes) -> None:
    other = month_end_pack(the_worked_pack(closed=None)).content
    first, second = (PdfReader(BytesIO(content)).trailer["/ID"] for content in (worked, other))
    assert first != second


def test_every_page_says_which_of_how_many_it_is(texts: Texts) -> None:
    pages = pages_of(the_worked_pack(), texts)
    assert len(pages) > 2
    for at, page in enumerate(pages, 1):
        assert f"Page {at} of {len(pages)}" in page


def test_a_month_that_is_not_closed_is_provisional_on_every_page(texts: Texts) -> None:
    for page in pages_of(the_worked_pack(closed=None), texts):
        assert "Provisional: the month is not closed" in page


def test_a_month_that_is_not_over_says_so(texts: Texts) -> None:
    pack = the_worked_pack(closed=None)
    page = pages_of(replace(pack, made=pack.last), texts)[0]
    assert "Provisional: the month is not over" in page


def test_sections_with_nothing_in_them_say_none(texts: Texts) -> None:
    (page,) = pages_of(an_empty_pack(), texts)
    for heading in (
        "Summary",
        "Register of the month",
        "Payments and write-offs of the month",
        "Receivables by age",
        "WIP by age",
        "Frame orders",
        "WIP roll-forward",
    ):
        assert f"{heading}\nnone" in page


def test_a_long_register_repeats_its_head_on_every_page(texts: Texts) -> None:
    papers = tuple(a_standing(f"INV-2026-{at:05d}", "10.00") for at in range(1, 121))
    pages = pages_of(an_empty_pack(documents=papers), texts)
    assert len(pages) > 3
    for page in pages[1:-1]:
        assert page.startswith("Register of the month\nNumber\nKind\nCustomer")


def test_totals_never_stand_alone_on_a_page(texts: Texts) -> None:
    for count in range(24, 44):
        papers = tuple(a_standing(f"INV-2026-{at:05d}", "10.00") for at in range(count))
        pages = pages_of(an_empty_pack(documents=papers, names=()), texts)
        page = next(page for page in pages if f"Invoices: {count}" in page)
        assert "INV-2026-" in page


def test_a_heading_stands_above_three_rows_at_least(texts: Texts) -> None:
    (payment, *_) = the_worked_pack().payments
    paid = tuple(replace(payment, number=f"PAID-{at}") for at in range(5))
    for count in range(20, 44):
        papers = tuple(a_standing(f"INV-2026-{at:05d}", "10.00") for at in range(count))
        pages = pages_of(an_empty_pack(documents=papers, payments=paid, names=()), texts)
        first = next(page for page in pages if "Payments and write-offs" in page)
        assert "PAID-2" in first


def test_money_owed_to_customers_alone_is_drawn(texts: Texts) -> None:
    pack = the_worked_pack()
    (credit,) = [one for one in pack.receivables if one.customer == "BETA"]
    (euros, _) = pack.sums
    page = pages_of(an_empty_pack(sums=(euros,), receivables=(credit,)), texts)[0]
    chart = page[page.index("Receivables by age, EUR") :]
    assert "Over 90 days\n0.00\nOwed to customer\n-10.00" in chart


def test_nobody_is_drawn_as_owed_to_where_nothing_is(texts: Texts) -> None:
    pack = the_worked_pack()
    (pounds,) = [one for one in pack.receivables if one.customer == "THAMES"]
    page = pages_of(an_empty_pack(sums=pack.sums[1:], receivables=(pounds,)), texts)[0]
    assert "Owed to customer" not in page


def test_what_ties_names_both_places(texts: Texts) -> None:
    page = pages_of(the_worked_pack(), texts)[0]
    assert "Figure\nOne place\nsays\nOther place\nsays\nUnit" in page


def test_a_name_of_two_hundred_letters_wraps(texts: Texts) -> None:
    name = "Donaudampfschifffahrtsgesellschaft" * 6
    pack = the_worked_pack(names=(("ACME", name),))
    text = "".join("".join(pages_of(pack, texts)).split())
    assert name in text


def test_names_are_printed_as_they_are_and_emoji_are_reported(texts: Texts) -> None:
    names = (("ACME", "=cmd|' /C calc'!A0 <b>&amp;</b> \N{ROCKET}"),)
    made = month_end_pack(the_worked_pack(names=names))
    assert made.replaced == ("\N{ROCKET}",)
    assert "=cmd|'" in "".join(texts(made.content))


@pytest.mark.parametrize(("currency", "shown"), [("JPY", "1,235"), ("KWD", "1,234.567")])
def test_money_has_the_digits_of_its_currency(currency: str, shown: str, texts: Texts) -> None:
    amount = Decimal("1234.567") if currency == "KWD" else Decimal(1235)
    sums = Sums(
        currency=currency,
        net=amount,
        **dict.fromkeys(
            ("tax", "opening", "credited", "voided", "received", "given_up", "outstanding"),
            Decimal(0),
        ),
        wip=Work(),
    )
    assert f"Invoiced, net\n{shown}\n" in pages_of(an_empty_pack(sums=(sums,)), texts)[0]


def test_amounts_of_thirteen_digits_stay_on_the_paper(texts: Texts) -> None:
    paper = a_standing("INV-2026-00001", "9999999999999.99")
    text = "".join(pages_of(an_empty_pack(documents=(paper,)), texts))
    assert "9,999,999,999,999.99" in text


def test_seven_currencies_are_summed_in_several_tables(texts: Texts) -> None:
    (euros, _) = the_worked_pack().sums
    names = ("AUD", "CHF", "EUR", "GBP", "NOK", "SEK", "USD")
    pack = an_empty_pack(sums=tuple(replace(euros, currency=name) for name in names))
    page = pages_of(pack, texts)[0]
    assert page.count("Invoiced, net") == 2
    assert all(name in page for name in names)


def test_an_order_that_lasts_for_ever_is_drawn(texts: Texts) -> None:
    order = a_burn(an_order("FO-1", "400", "0.0001"), "0.0001", runs_out=None)
    far = replace(order, runs_out=order.months[0].first.max)
    assert "FO-1" in "".join(pages_of(an_empty_pack(orders=(order, far)), texts))


def test_an_unreadable_logo_is_reported_and_the_name_stands_in_its_place(texts: Texts) -> None:
    made = month_end_pack(the_worked_pack(logo=b"no picture"))
    assert made.logo_left_out
    assert texts(made.content)[0].startswith("Nordlicht Consulting GmbH")


def test_a_pack_is_written_whole_over_an_older_one(tmp_path: Path) -> None:
    (tmp_path / "pack.pdf").write_bytes(b"old")
    written = export_pack(the_worked_pack(), tmp_path, "pack.pdf")
    assert written.path.read_bytes().startswith(b"%PDF")
    assert [path.name for path in tmp_path.iterdir()] == ["pack.pdf"]


def test_where_it_cannot_be_written_the_command_is_named(tmp_path: Path) -> None:
    (tmp_path / "pack.pdf").mkdir()
    with pytest.raises(PackNotWritten) as stopped:
        export_pack(the_worked_pack(), tmp_path, "pack.pdf")
    assert "timix-xl pack 2026-01" in stopped.value.hint

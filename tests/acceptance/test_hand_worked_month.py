"""A month end worked out on paper, and done through the command line.

Hollis & Varga Engineers bill in euros and pounds; VAT rises from 19 % to 21 % on 1 January 2026.

Brought along from the system before: ADLER owes 1,190.00 - 190.00 = 1,000.00 on OLD-77 (due 20
December); BRIT owes 500.00 pounds on OLD-80 (due 14 January). ADLER's order FO-A has 40 h, 28 of
them used: 12 h left. BRIT's order FO-B has 5,000.00 pounds, 1,000.00 used.

The work, at 100 an hour for ADLER, 80 pounds for BRIT, 90 for CEDAR:

    A-1  18 Dec  4 h     400.00      B-1   9 Jan  7.5 h   600.00      C-1  12 Jan  10 h  900.00
    A-2  19 Dec  3 h     300.00      B-2  22 Jan  1.25 h  100.00      C-2  20 Jan   2 h  180.00
    A-3   8 Jan  6 h     600.00                                       C-3  28 Jan   3 h  270.00
    A-4  15 Jan  5 h     500.00                                       C-4  29 Jan  0.5 h  45.00

December. A-2 is billed, A-1 deferred over the turn of the year.

    INV-2025-00118  ADLER  3 h  300.00 + 19 %  57.00 = 357.00; paid on 20 January
    FO-A: 12 - 3 = 9 h left
    WIP: 7 h came (700.00), 3 h went (300.00): 4 h, 400.00. Closed on 5 January.

January, all on the 31st:

    ADLER has 4 + 6 + 5 = 15 h, and FO-A 9: too much. A-1 (4 h) and 5 of the 6 h of A-3 are billed;
    1 h of A-3 and A-4 wait. December's hours keep December's tax.
    INV-2026-00001  400.00 + 19 % 76.00 and 500.00 + 21 % 105.00 = 1,081.00; 400.00 paid, 681.00 left
    FO-A: 9 - 9 = 0 h left, 100 %
    INV-2026-00002  the other 6 h without the order, 600.00 + 126.00 = 726.00: a mistake, voided
    CEDAR: C-1 and C-2 are billed, C-3 waits, C-4 (0.5 h, 45.00) is written off.
    INV-2026-00003  1,080.00 + 21 % 226.80 = 1,306.80; sent
    CN-2026-00001   C-2 credited and written off: 180.00 + 37.80 = 217.80; 1,089.00 left
    BRIT, reverse charge, on FO-B:
    INV-2026-00004  600.00 + 100.00 = 700.00; sent. But 84 pounds were agreed, so it is corrected:
    CN-2026-00002   700.00 back
    INV-2026-00005  7.5 h 630.00 + 1.25 h 105.00 = 735.00
    FO-B: 1,000 + 700 - 700 + 735 = 1,735.00 used of 5,000.00, 34.70 %; 3,265.00 left

Receivables at the end of January: ADLER 681.00 not due and 1,000.00 42 days over; CEDAR 1,089.00 not
due; BRIT 735.00 pounds not due and 500.00 17 days over.

WIP:                opening   approved   returned   repriced     billed  written off   closing
    ADLER   hours      4         11          6                      15                     6
            money    400.00   1,100.00     600.00               1,500.00                 600.00
    BRIT    hours                 8.75       8.75                   17.5                   0
            money               700.00     700.00     35.00      1,435.00                   0.00
    CEDAR   hours                15.5        2                      12          2.5        3
            money             1,395.00     180.00               1,080.00      225.00     270.00
"""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Desk

D = Decimal
BOOKS: dict[str, Any] = {
    "company": {
        "name": "Hollis & Varga Engineers",
        "country": "IE",
        "currency": "EUR",
        "tax_id": "IE6388047V",
    },
    "settings": {"next_numbers": {"invoice:2025": 118}},
    "tax_codes": [
        {
            "code": "STD",
            "category": "S",
            "rates": [{"percent": "19"}, {"from": "2026-01-01", "percent": "21"}],
        },
        {
            "code": "RC",
            "category": "AE",
            "rates": [{"percent": "0"}],
            "note": "Reverse charge: the recipient is liable for the tax.",
        },
    ],
    "customers": [
        {
            "code": "ADLER",
            "name": "Adler Werke",
            "currency": "EUR",
            "tax_code": "STD",
            "bill_rate": "100",
        },
        {
            "code": "BRIT",
            "name": "Brit Tools",
            "currency": "GBP",
            "tax_code": "RC",
            "tax_id": "GB999999973",
            "bill_rate": "80",
        },
        {
            "code": "CEDAR",
            "name": "Cedar Foods",
            "currency": "EUR",
            "tax_code": "STD",
            "bill_rate": "90",
            "payment_terms_days": 14,
        },
    ],
    "projects": [
        {"code": "PA", "customer": "ADLER"},
        {"code": "PB", "customer": "BRIT"},
        {"code": "PC", "customer": "CEDAR"},
    ],
    "frame_orders": [
        {"number": "FO-A", "customer": "ADLER", "total_hours": "40", "billed_before": "28"},
        {"number": "FO-B", "customer": "BRIT", "total_amount": "5000", "billed_before": "1000"},
    ],
    "open_invoices": [
        {
            "number": "OLD-77",
            "customer": "ADLER",
            "issue_date": "2025-11-20",
            "due_date": "2025-12-20",
            "total": "1190.00",
            "paid": "190.00",
        },
        {
            "number": "OLD-80",
            "customer": "BRIT",
            "issue_date": "2025-12-15",
            "due_date": "2026-01-14",
            "total": "500.00",
        },
    ],
}
ENTRIES = """\
id,date,project,quantity,description,status
A-1,2025-12-18,PA,4,Survey,approved
A-2,2025-12-19,PA,3,Survey,approved
A-3,2026-01-08,PA,6,Drawings,approved
A-4,2026-01-15,PA,5,Drawings,approved
B-1,2026-01-09,PB,7.5,Calibration,approved
B-2,2026-01-22,PB,1.25,Report,approved
C-1,2026-01-12,PC,10,Audit,approved
C-2,2026-01-20,PC,2,Travel,approved
C-3,2026-01-28,PC,3,Audit,approved
C-4,2026-01-29,PC,0.5,Wrong site,approved
"""
DECEMBER, JANUARY = "2025-12-31", "2026-01-31"


class Books(Desk):
    """A desk where each step has its own day."""

    def on(self, today: str, *words: str, expect: int = 0) -> Any:
        """Run one command on a day."""
        self.today = today
        return self.run(*words, expect=expect)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, place_in: Callable[[Path], str]) -> Books:
    """Everything of the docstring above has happened; January is not closed yet."""
    folder = tmp_path_factory.mktemp("paper")
    return worked(folder, place_in(folder))


def worked(folder: Path, place: str = "") -> Books:
    """Do in a folder what the docstring above says."""
    desk = Books(folder, JANUARY, place)
    Path(desk.path("books.json")).write_text(json.dumps(BOOKS), encoding="utf-8")
    Path(desk.path("entries.csv")).write_text(ENTRIES, encoding="utf-8")
    desk.run("init")
    desk.run("import", desk.path("books.json"), desk.path("entries.csv"))
    _december(desk)
    _adler(desk)
    _cedar(desk)
    _brit(desk)
    return desk


def _december(desk: Books) -> None:
    later = ("--defer", "A-1", "--reason", "over the turn of the year")
    desk.on(DECEMBER, "decide", "ADLER", "--bill", "A-2", *later)
    desk.on(DECEMBER, "issue", "ADLER", "--billing-date", DECEMBER, "--frame-order", "FO-A")
    desk.on(DECEMBER, "invoice", "send", "INV-2025-00118")
    desk.on("2026-01-05", "close", "2025-12")
    pay = ("invoice", "pay", "INV-2025-00118", "--amount", "357", "--date", "2026-01-20")
    desk.on(JANUARY, *pay)


def _adler(desk: Books) -> None:
    issue = ("issue", "ADLER", "--billing-date", JANUARY)
    refused = desk.on(JANUARY, *issue, "--frame-order", "FO-A", expect=3)
    assert [one["code"] for one in refused["error"]["faults"]] == ["FO-04"]
    part = ("--bill-qty", "A-3=5", "--rest", "defer", "--reason", "the order is used up")
    desk.run("decide", "ADLER", "--bill", "A-1,A-3", "--defer", "A-4", *part)
    desk.run(*issue, "--frame-order", "FO-A")
    desk.run("invoice", "send", "INV-2026-00001")
    desk.run("invoice", "pay", "INV-2026-00001", "--amount", "400", "--date", JANUARY)
    desk.run(*issue)
    desk.run("invoice", "void", "INV-2026-00002", "--reason", "needs an order first")


def _cedar(desk: Books) -> None:
    chosen = ("--defer", "C-3", "--write-off", "C-4", "--reason", "see the mail of the 30th")
    desk.run("decide", "CEDAR", "--bill", "C-1,C-2", *chosen)
    desk.run("issue", "CEDAR", "--billing-date", JANUARY)
    desk.run("invoice", "send", "INV-2026-00003")
    credit = ("--entries", "C-2", "--then", "write-off", "--reason", "travel was included")
    desk.run("invoice", "credit", "INV-2026-00003", *credit)


def _brit(desk: Books) -> None:
    desk.run("issue", "BRIT", "--billing-date", JANUARY, "--frame-order", "FO-B")
    desk.run("invoice", "send", "INV-2026-00004")
    agreed = {**next(one for one in BOOKS["customers"] if one["code"] == "BRIT"), "bill_rate": "84"}
    Path(desk.path("rate.json")).write_text(json.dumps({"customers": [agreed]}), encoding="utf-8")
    desk.run("import", desk.path("rate.json"))
    desk.run("invoice", "correct", "INV-2026-00004", "--reason", "84 pounds were agreed")
    (draft,) = (one["number"] for one in desk.run("invoices", "--status", "draft"))
    desk.run("invoice", "issue", draft)


REGISTER = {
    "OLD-77": ("1190.00", "190.00", "0.00", "1000.00", "sent", "overdue"),
    "OLD-80": ("500.00", "0.00", "0.00", "500.00", "sent", "overdue"),
    "INV-2025-00118": ("357.00", "357.00", "0.00", "0.00", "sent", "paid"),
    "INV-2026-00001": ("1081.00", "400.00", "0.00", "681.00", "sent", "part_paid"),
    "INV-2026-00002": ("726.00", "0.00", "0.00", "0.00", "void", None),
    "INV-2026-00003": ("1306.80", "0.00", "217.80", "1089.00", "sent", "open"),
    "CN-2026-00001": ("-217.80", "0.00", "0.00", "0.00", "issued", None),
    "INV-2026-00004": ("700.00", "0.00", "700.00", "0.00", "sent", "credited"),
    "CN-2026-00002": ("-700.00", "0.00", "0.00", "0.00", "issued", None),
    "INV-2026-00005": ("735.00", "0.00", "0.00", "735.00", "issued", "open"),
}
"""By number: total, paid, credited, outstanding, status, paid state."""


def _register(desk: Books, *words: str) -> dict[str, tuple[Any, ...]]:
    names = ("total", "paid", "credited", "outstanding", "status", "paid_state")
    return {
        one["number"]: tuple(one[name] for name in names) for one in desk.run("invoices", *words)
    }


def test_the_register_says_what_the_paper_says(books: Books) -> None:
    assert _register(books, "--as-of", JANUARY) == REGISTER


def test_the_documents_carry_the_tax_of_each_day(books: Books) -> None:
    taxes = {
        number: [(tax["percent"], tax["base"], tax["amount"]) for tax in shown["tax"]]
        for number in ("INV-2026-00001", "CN-2026-00001", "INV-2026-00005")
        for shown in [books.run("invoice", "show", number)]
    }
    assert taxes == {
        "INV-2026-00001": [("19", "400.00", "76.00"), ("21", "500.00", "105.00")],
        "CN-2026-00001": [("21", "-180.00", "-37.80")],
        "INV-2026-00005": [("0", "735.00", "0.00")],
    }


def test_the_notes_and_their_invoices_name_each_other(books: Books) -> None:
    shown = {
        number: books.run("invoice", "show", number) for number in REGISTER if "2026" in number
    }
    assert {number: one["corrects"] for number, one in shown.items() if one["corrects"]} == {
        "CN-2026-00001": "INV-2026-00003",
        "CN-2026-00002": "INV-2026-00004",
    }
    assert {
        number: one["corrected_by"] for number, one in shown.items() if one["corrected_by"]
    } == {
        "INV-2026-00003": ["CN-2026-00001"],
        "INV-2026-00004": ["CN-2026-00002"],
    }


AGEING = {
    "ADLER": ("EUR", "681.00", "0.00", "1000.00", "0.00", "0.00", "1681.00"),
    "BRIT": ("GBP", "735.00", "500.00", "0.00", "0.00", "0.00", "1235.00"),
    "CEDAR": ("EUR", "1089.00", "0.00", "0.00", "0.00", "0.00", "1089.00"),
}
"""By customer: currency, not due, 1-30, 31-60, 61-90, over 90, total."""


def _ageing(desk: Books) -> dict[str, tuple[str, ...]]:
    return {
        one["customer"]: (
            one["currency"],
            *(age["amount"] for age in one["ages"]),
            one["total"],
        )
        for one in desk.run("ageing", "--as-of", JANUARY)
    }


def test_the_ageing_says_what_the_paper_says(books: Books) -> None:
    assert _ageing(books) == AGEING


WIP = {
    "ADLER": ("EUR", "6", "600.00", {"A-3/2": "100.00", "A-4": "500.00"}),
    "CEDAR": ("EUR", "3", "270.00", {"C-3": "270.00"}),
}


def _wip(desk: Books) -> dict[str, tuple[Any, ...]]:
    return {
        one["customer"]: (
            one["currency"],
            one["hours"],
            one["amount"],
            {entry["id"]: entry["amount"] for entry in one["entries"]},
        )
        for one in desk.run("wip", "--as-of", JANUARY)
        if D(one["amount"])
    }


def test_the_wip_says_what_the_paper_says(books: Books) -> None:
    assert _wip(books) == WIP


ORDERS = {
    "FO-A": ("h", "40", "40", "0", "100.00"),
    "FO-B": ("GBP", "5000.00", "1735.00", "3265.00", "34.70"),
}
"""By number: unit, total, billed, remaining, percent."""


def _orders(desk: Books) -> dict[str, tuple[str, ...]]:
    names = ("unit", "total", "billed", "remaining", "percent")
    return {
        one["number"]: tuple(one[name] for name in names)
        for one in desk.run("frame-orders", "--as-of", JANUARY)
    }


def test_the_frame_orders_say_what_the_paper_says(books: Books) -> None:
    assert _orders(books) == ORDERS


ROLL_FORWARD = {
    "ADLER": {
        "opening": ("4", "400.00"),
        "approved": ("11", "1100.00"),
        "returned": ("6", "600.00"),
        "billed": ("15", "1500.00"),
        "closing": ("6", "600.00"),
    },
    "BRIT": {
        "approved": ("8.75", "700.00"),
        "returned": ("8.75", "700.00"),
        "repriced": ("0", "35.00"),
        "billed": ("17.5", "1435.00"),
    },
    "CEDAR": {
        "approved": ("15.5", "1395.00"),
        "returned": ("2", "180.00"),
        "billed": ("12", "1080.00"),
        "written_off": ("2.5", "225.00"),
        "closing": ("3", "270.00"),
    },
}


def _rolled(answer: Any) -> dict[str, dict[str, tuple[str, str]]]:
    """Take the flows that are not nothing, by customer."""
    return {
        line["customer"]: {
            name: (flow["hours"], flow["amount"])
            for name, flow in line.items()
            if isinstance(flow, dict) and (D(flow["hours"]) or D(flow["amount"]))
        }
        for line in answer["lines"]
    }


def test_the_roll_forward_says_what_the_paper_says(books: Books) -> None:
    assert _rolled(books.run("roll-forward", "2026-01")) == ROLL_FORWARD


def test_december_was_closed_with_four_hours_left(books: Books) -> None:
    assert _rolled(books.run("roll-forward", "2025-12")) == {
        "ADLER": {
            "approved": ("7", "700.00"),
            "billed": ("3", "300.00"),
            "closing": ("4", "400.00"),
        }
    }


def test_the_books_verify(books: Books) -> None:
    assert books.run("verify")["problems"] == []


@pytest.fixture(scope="module")
def february(books: Books) -> Books:
    """January is closed, and life goes on: what was owed is paid, the rest is billed."""
    books.on("2026-02-01", "close", "2026-01")
    pay = ("invoice", "pay", "INV-2026-00001", "--amount", "681", "--date", "2026-02-03")
    books.on("2026-02-03", *pay)
    books.on("2026-02-03", "issue", "ADLER", "--billing-date", JANUARY)
    credit = ("invoice", "credit", "INV-2026-00005", "--then", "bill", "--reason", "paid elsewhere")
    books.on("2026-02-04", *credit)
    return books


def test_what_happens_in_february_changes_nothing_of_january(february: Books) -> None:
    assert _register(february, "--as-of", JANUARY) == REGISTER
    assert _ageing(february) == AGEING
    assert _wip(february) == WIP
    assert _orders(february) == ORDERS
    assert _rolled(february.run("roll-forward", "2026-01")) == ROLL_FORWARD


def test_what_is_billed_after_the_close_is_dated_in_february(february: Books) -> None:
    shown = february.run("invoice", "show", "INV-2026-00006")
    assert (shown["issue_date"], shown["subtotal"], shown["total"]) == (
        "2026-02-01",
        "600.00",
        "726.00",
    )


@pytest.mark.parametrize(
    "words",
    [
        ("invoice", "pay", "INV-2026-00003", "--amount", "1", "--date", JANUARY),
        ("issue", "CEDAR", "--billing-date", JANUARY, "--issue-date", JANUARY),
    ],
)
def test_nothing_is_dated_in_january_any_more(february: Books, words: tuple[str, ...]) -> None:
    february.on("2026-02-05", *words, expect=3)


def test_the_month_end_pack_ties_to_the_paper(february: Books) -> None:
    made = february.run("pack", "2026-01", "-o", february.path("pack.pdf"))
    assert Path(february.path("pack.pdf")).read_bytes().startswith(b"%PDF")
    assert made["month"] == "2026-01"


def test_the_books_still_verify(february: Books) -> None:
    assert february.run("verify")["problems"] == []

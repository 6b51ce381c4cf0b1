"""Taking the same books in again after a run."""

import json
from pathlib import Path

from tests.billing.negotiators import by_pro_forma, run
from tests.builders import ANN, Shop
from timix_xl.importing.take_in import take_in

BOOKS = """{
  "tax_codes": [{"code": "S19", "category": "S", "rates": [{"percent": "19"}]}],
  "projects": [{"code": "P", "customer": "ACME", "name": "Portal", "billing_period": "month",
                "start_date": "2025-12-31", "last_billing_date": "2025-12-31"}]
}"""


def test_the_same_books_do_not_set_a_last_billing_date_back(shop: Shop, tmp_path: Path) -> None:
    books = tmp_path / "books.json"
    books.write_text(BOOKS, "utf-8")
    take_in(shop.store, [books], actor=ANN)
    shop.time("E1")
    shop.issue()

    report = take_in(shop.store, [books], actor=ANN)

    assert (report.taken, report.known, report.changed) == (0, 2, 0)
    assert shop.value("SELECT last_billing_date FROM projects") == "2026-01-31"


def test_numbers_of_pro_formas_hold_whatever_their_pattern_was(shop: Shop, tmp_path: Path) -> None:
    by_pro_forma(shop)
    path = tmp_path / "settings.json"
    for at, pattern in enumerate(("A-{seq:03d}", "B{seq}-P{year}", "P-{year}-{seq}"), start=1):
        shop.time(f"E{at}", on=f"2026-0{at}-05")
        run(shop, f"2026-0{at}-28")
        path.write_text(json.dumps({"settings": {"pro_forma_number": pattern}}), "utf-8")
        assert not take_in(shop.store, [path], actor=ANN).refused
    assert shop.problems() == ()

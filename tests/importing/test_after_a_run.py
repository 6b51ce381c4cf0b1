"""Taking the same books in again after a run."""

from pathlib import Path

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

"""An invoice on which everything happened: each figure of its row counts."""

from collections.abc import Mapping
from typing import Any

from tests.builders import ANN, D, Shop, day
from timix_xl.billing.credit import credit_money
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.refund import refund
from timix_xl.billing.write_off import write_off_receivable

TODAY = day("2026-02-01")


def unsettle(shop: Shop, number: str, total: str) -> None:
    """Pay all but 95.00 of an invoice, refund 5.00, credit 59.50, write off 20.00; 20.50 stays."""
    pay(shop.store, number, D(total) + 5, TODAY, actor=ANN)
    refund(shop.store, number, D(5), TODAY, actor=ANN)
    unpay(shop.store, number, D(100), TODAY, actor=ANN)
    credit_money(shop.store, number, 1, D(50), "late", actor=ANN)
    write_off_receivable(shop.store, number, "fee", date=TODAY, actor=ANN, amount=D(20))


def check_sum(row: Mapping[str, Any]) -> None:
    """Make sure that a row of such an invoice holds every figure, and adds up by itself."""
    figures = {
        title: D(str(row[title]))
        for title in ("Total", "Paid", "Credited", "Refunded", "Written off", "Outstanding")
    }
    whole, paid, credited, refunded, given_up, left = figures.values()
    assert (whole - paid, credited, refunded, given_up) == (95, D("59.5"), 5, 20)
    assert left == whole - paid + refunded - credited - given_up == D("20.5")

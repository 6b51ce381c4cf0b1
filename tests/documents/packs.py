"""Month-end packs to print: a worked month in two currencies, and ways to change it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tests.documents.conftest import SELLER
from timix_xl.billing.ageing import Aged
from timix_xl.billing.pack import Pack, Payment, Sums, Tie
from timix_xl.billing.register import Standing
from timix_xl.billing.wip import AgedWip
from timix_xl.domain.burn import Burn, MonthOfDraws
from timix_xl.domain.frame_orders import FrameOrder, Overrun
from timix_xl.domain.invoices import DocumentKind, PaidState, Status
from timix_xl.domain.money import ZERO
from timix_xl.domain.periods import ClosingKind
from timix_xl.domain.wip import Flow, RollForward, Work
from timix_xl.store.closings import Closing
from timix_xl.store.documents import EventKind

D = Decimal
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 1, 31)
CLOSED = Closing(
    id=1,
    month="2026-01",
    until=LAST,
    kind=ClosingKind.CLOSE,
    reason="",
    figures={},
    by="Maja Sjöberg",
    at="2026-02-04T17:20:00",
)


def a_standing(number: str, net: str, **facts: Any) -> Standing:
    """Return an invoice of ACME in euros of 20 January 2026, issued at 19 %, open."""
    tax = (D(net) * D("0.19")).quantize(D("0.01"))
    values: dict[str, Any] = {
        "kind": DocumentKind.INVOICE,
        "customer": "ACME",
        "currency": "EUR",
        "issue_date": dt.date(2026, 1, 20),
        "due_date": dt.date(2026, 2, 19),
        "hours": D(10),
        "subtotal": D(net),
        "tax": tax,
        "status": Status.SENT,
        "paid": ZERO,
        "refunded": ZERO,
        "credited": ZERO,
        "paid_state": PaidState.OPEN,
        "overdue_days": 0,
    } | facts
    values.setdefault("total", values["subtotal"] + values["tax"])
    values.setdefault("outstanding", values["total"] - values["paid"])
    return Standing(number=number, **values)


def an_order(number: str, total: str, drawn: str, unit: str = "h", **facts: Any) -> FrameOrder:
    """Return a frame order of ACME."""
    values = {"customer": "ACME", "title": "ERP programme 2025/26"} | facts
    return FrameOrder(number=number, unit=unit, total=D(total), drawn=D(drawn), **values)


def a_burn(order: FrameOrder, *draws: str, per_day: str = "0", **facts: Any) -> Burn:
    """Return what was drawn from an order in the months up to January 2026."""
    months, left = [], order.total - order.billed_before
    for at, drawn in enumerate(draws):
        left -= D(drawn)
        ago = len(draws) - 1 - at
        year, month = divmod(2026 * 12 - ago, 12)
        months.append(MonthOfDraws(dt.date(year, month + 1, 1), D(drawn), left))
    given = {"runs_out": None} | facts
    return Burn(order=order, months=tuple(months), per_day=D(per_day), **given)


def rolled(customer: str, currency: str, **flows: tuple[str, str]) -> RollForward:
    """Return a roll-forward from flows of hours and money."""
    given = {Flow(name): Work(D(hours), D(amount)) for name, (hours, amount) in flows.items()}
    return RollForward(customer=customer, currency=currency, flows=given)


def the_worked_pack(**facts: Any) -> Pack:
    """Return a month that uses every section, in euros and pounds."""
    ours = a_standing("INV-2026-00042", "6815.04")
    late = a_standing(
        "INV-2025-00311",
        "2400.00",
        issue_date=dt.date(2025, 10, 1),
        due_date=dt.date(2025, 10, 31),
        paid=D("1000.00"),
        paid_state=PaidState.OVERDUE,
    )
    pounds = a_standing(
        "INV-2026-00043",
        "980.00",
        customer="THAMES",
        currency="GBP",
        tax=ZERO,
        issue_date=dt.date(2026, 1, 30),
        due_date=dt.date(2026, 2, 28),
    )
    void = a_standing("INV-2026-00041", "120.00", status=Status.VOID, paid_state=None,
                      outstanding=ZERO)  # fmt: skip
    note = a_standing(
        "CN-2026-00003", "-200.00", kind=DocumentKind.CREDIT_NOTE, outstanding=ZERO, hours=D(-2)
    )
    credit = a_standing(
        "INV-2026-00040",
        "500.00",
        customer="BETA",
        paid=D("605.00"),
        outstanding=D("-10.00"),
        paid_state=PaidState.PAID,
    )
    values: dict[str, Any] = {
        "month": "2026-01",
        "first": FIRST,
        "last": LAST,
        "made": dt.date(2026, 2, 4),
        "closed": CLOSED,
        "company": SELLER,
        "names": (
            ("ACME", "Acme Industries S.p.A."),
            ("BETA", "Beta & Söhne <Hamburg>"),
            ("THAMES", "Thames Infrastructure Ltd"),
        ),
        "sums": (
            Sums(
                currency="EUR",
                net=D("7435.04"),
                tax=D("1412.66"),
                credited=D("-238.00"),
                opening=D("3246.00"),
                voided=D("-142.80"),
                received=D("1605.00"),
                given_up=D("152.00"),
                outstanding=D("9955.90"),
                wip=Work(D("87.25"), D("12450.00")),
            ),
            Sums(
                currency="GBP",
                net=D("980.00"),
                tax=ZERO,
                credited=ZERO,
                opening=ZERO,
                voided=ZERO,
                received=ZERO,
                given_up=ZERO,
                outstanding=D("980.00"),
                wip=Work(D("4"), D("520.00")),
            ),
        ),
        "ties": (
            Tie(
                what="Invoices of the month, net",
                unit="EUR",
                here="Register",
                one=D("7435.04"),
                there="Roll-forward, billed",
                other=D("7435.04"),
            ),
            Tie(
                what="Unbilled hours at month end",
                unit="h",
                here="WIP by age",
                one=D("91.2500"),
                there="Roll-forward, closing",
                other=D("91.25"),
            ),
        ),
        "documents": (credit, void, ours, note, pounds),
        "payments": (
            Payment(
                kind=EventKind.PAID,
                date=dt.date(2026, 1, 12),
                number="INV-2025-00311",
                customer="ACME",
                currency="EUR",
                amount=D("1000.00"),
                reference="bank 0112, part",
            ),
            Payment(
                kind=EventKind.PAID,
                date=dt.date(2026, 1, 25),
                number="INV-2026-00040",
                customer="BETA",
                currency="EUR",
                amount=D("605.00"),
                reference="bank 0125",
            ),
            Payment(
                kind=EventKind.WRITTEN_OFF,
                date=dt.date(2026, 1, 30),
                number="INV-2025-00298",
                customer="BETA",
                currency="EUR",
                amount=D("152.00"),
                reference="insolvent",
            ),
        ),
        "receivables": (
            Aged(
                customer="ACME",
                name="Acme Industries S.p.A.",
                currency="EUR",
                buckets=(D("8109.90"), ZERO, ZERO, ZERO, D("1856.00")),
                credit=ZERO,
                total=D("9965.90"),
                documents=(late, ours),
            ),
            Aged(
                customer="BETA",
                name="Beta",
                currency="EUR",
                buckets=(ZERO,) * 5,
                credit=D("-10.00"),
                total=D("-10.00"),
                documents=(credit,),
            ),
            Aged(
                customer="THAMES",
                name="Thames",
                currency="GBP",
                buckets=(D("980.00"), ZERO, ZERO, ZERO, ZERO),
                credit=ZERO,
                total=D("980.00"),
                documents=(pounds,),
            ),
        ),
        "wip": (
            AgedWip(
                customer="ACME",
                name="Acme Industries S.p.A.",
                currency="EUR",
                hours=D("87.25"),
                amount=D("12450.00"),
                buckets=(
                    Work(D("60"), D("9000.00")),
                    Work(D("20.25"), D("2430.00")),
                    Work(),
                    Work(D("7"), D("1020.00")),
                ),
                oldest=dt.date(2025, 9, 17),
            ),
            AgedWip(
                customer="THAMES",
                name="Thames",
                currency="GBP",
                hours=D("4"),
                amount=D("520.00"),
                buckets=(Work(D("4"), D("520.00")), Work(), Work(), Work()),
                oldest=dt.date(2026, 1, 12),
            ),
        ),
        "orders": (
            a_burn(
                an_order("FO-2025-07", "400", "250.5", valid_to=dt.date(2026, 12, 31)),
                "40",
                "62.5",
                "30",
                "118",
                per_day="2.0425",
                runs_out=dt.date(2026, 4, 15),
            ),
            a_burn(
                an_order("FO-M-1", "20000", "21500", "EUR", overrun=Overrun.WARN, title=""),
                "9000",
                "12500",
                per_day="233.70",
            ),
            a_burn(an_order("FO-NEW", "80", "0", title="Support contract")),
        ),
        "rolled": (
            rolled(
                "ACME",
                "EUR",
                opening=("70", "9800.00"),
                approved=("70", "10150.04"),
                repriced=("0", "-65.00"),
                rounding=("0", "0.00"),
                billed=("50.75", "7435.04"),
                written_off=("2", "0.00"),
                closing=("87.25", "12450.00"),
            ),
            rolled(
                "THAMES",
                "GBP",
                opening=("0", "0.00"),
                approved=("11", "1500.00"),
                billed=("7", "980.00"),
                closing=("4", "520.00"),
            ),
        ),
    }
    return replace(Pack(**values), **facts)


def an_empty_pack(**facts: Any) -> Pack:
    """Return a month in which nothing happened."""
    nothing: dict[str, Any] = dict.fromkeys(
        (*("sums", "ties", "documents", "payments"), *("receivables", "wip", "orders", "rolled")),
        (),
    )
    return the_worked_pack(**(nothing | {"names": ()} | facts))

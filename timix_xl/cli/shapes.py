"""The JSON shapes: what other people's scripts hold on to."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from timix_xl.billing.issue import Issued
from timix_xl.billing.load import Review, ReviewRow
from timix_xl.billing.plan import Plan, figures
from timix_xl.billing.register import Standing
from timix_xl.billing.verify import Verified
from timix_xl.cli.telling import fault_shape
from timix_xl.domain.entries import Decision
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import Document, Line
from timix_xl.domain.limits import LineLimit
from timix_xl.domain.money import ZERO, plain, plain_money, total
from timix_xl.domain.periods import ServicePeriod
from timix_xl.domain.pricing import LeftOut
from timix_xl.errors import Fault
from timix_xl.store.reading import RunFigures

Shape = dict[str, Any]
LineLimits = Mapping[int, LineLimit]
"""What limits leave for the lines of a document, by line."""


def document(
    whole: Document, standing: Standing | None = None, limits: LineLimits | None = None
) -> Shape:
    """Shape a document; without a standing it is one that a preview shows.

    `limits` says by line what limits leave for it; only some documents are looked at that closely.
    """
    known = limits or {}
    money, draw = whole.currency, whole.draw_down
    stored = standing.stored if standing else None
    sums = {
        name: getattr(standing, name) if standing else ZERO
        for name in ("paid", "refunded", "credited", "written_off")
    } | {"outstanding": standing.outstanding if standing else whole.total}
    return {
        "kind": whole.kind.value,
        "id": str(stored.id) if stored else None,
        "number": whole.number or None,
        "status": standing.status.value if standing else "draft",
        "paid_state": _value(standing.paid_state) if standing else None,
        "customer": whole.customer,
        "location": whole.location,
        "currency": money,
        "billing_date": whole.billing_date.isoformat(),
        "issue_date": whole.issue_date.isoformat(),
        "due_date": whole.due_date.isoformat(),
        "period": _period(whole.period),
        "po_number": whole.po_number or None,
        "frame_order": draw.frame_order if draw else None,
        "corrects": whole.corrects,
        "corrected_by": list(standing.corrected_by) if standing else [],
        "revision": None,
        "description": whole.description or None,
        "lines": [_line(one, money, known.get(one.line)) for one in whole.printed_lines],
        "not_printed": [
            _line(one, money, known.get(one.line)) for one in whole.lines if not one.printed
        ],
        "over_limit": plain_money(total(one.over for one in known.values()), money)
        if known
        else None,
        "hours": plain(whole.hours),
        "subtotal": plain_money(whole.subtotal, money),
        "tax": [
            {
                "code": tax.code,
                "percent": plain(tax.percent),
                "base": plain_money(tax.base, money),
                "amount": plain_money(tax.amount, money),
            }
            for tax in whole.tax
        ],
        "total": plain_money(whole.total, money),
        **{name: plain_money(amount, money) for name, amount in sums.items()},
        "draw_down": {
            "frame_order": draw.frame_order,
            "unit": draw.unit,
            "before": in_unit(draw.before, draw.unit),
            "drawn": in_unit(draw.drawn, draw.unit),
            "after": in_unit(draw.after, draw.unit),
        }
        if draw
        else None,
        "void": {"date": standing.void.date.isoformat(), "reason": standing.void.reason}
        if standing and standing.void
        else None,
        "seal": stored.seal if stored else None,
    }


def opening(standing: Standing) -> Shape:
    """Shape an unpaid invoice of the system before: totals only."""
    money = standing.currency
    amounts = {
        name: plain_money(getattr(standing, name), money)
        for name in (
            "total",
            "paid",
            "refunded",
            "credited",
            "written_off",
            "outstanding",
            "subtotal",
        )
    }
    nothing = dict.fromkeys(
        ("id", "location", "billing_date", "period", "po_number", "frame_order", "corrects")
    ) | dict.fromkeys(("revision", "description", "over_limit", "draw_down", "void", "seal"))
    return {
        "kind": standing.kind.value,
        "number": standing.number,
        "status": standing.status.value,
        "paid_state": _value(standing.paid_state),
        "customer": standing.customer,
        "currency": money,
        "issue_date": standing.issue_date.isoformat(),
        "due_date": standing.due_date.isoformat(),
        "corrected_by": [],
        "lines": [],
        "not_printed": [],
        "tax": [],
        "hours": "0",
        **nothing,
        **amounts,
    }


def _value(choice: Any) -> str | None:
    return choice.value if choice else None


def _period(period: ServicePeriod | None) -> Shape | None:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()} if period else None


def _line(line: Line, money: str, limit: LineLimit | None) -> Shape:
    """Shape a line; what a rule made of it is what it bills, unless a pro forma billed otherwise.

    Nothing was made of a line without an entry: one by hand, or goodwill.
    """
    quantity = line.quantity if line.billed_quantity is None else line.billed_quantity
    amount = line.amount if line.billed_amount is None else line.billed_amount
    is_bare = not line.entries
    return {
        "line": line.line,
        "project": line.project,
        "task": line.task,
        "item": line.item,
        "person": line.person,
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": plain(line.unit_price),
        "amount": plain_money(line.amount, money),
        "tax_code": line.tax_code,
        "tax_percent": plain(line.tax_percent),
        "entries": list(line.entries),
        "step": line.step,
        "date": _day(line.date),
        "billed_quantity": None if is_bare else plain(quantity),
        "billed_amount": None if is_bare else plain_money(amount, money),
        "held": _kept_back(line.held, line, money),
        "written_off": _kept_back(line.written_off, line, money),
        "limit_available": plain_money(limit.available, money) if limit else None,
        "over_limit": plain_money(limit.over, money) if limit else None,
        "status": _value(line.status),
    }


def _kept_back(amount: Decimal, line: Line, money: str) -> str | None:
    """Write what a line of a pro forma, or of its invoice, leaves out; others leave nothing out."""
    return None if line.billed_amount is None else plain_money(amount, money)


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def in_unit(number: Decimal, unit: str) -> str:
    """Write hours, or money with its digits."""
    return plain(number) if unit == "h" else plain_money(number, unit)


def preview(plan: Plan) -> Shape:
    """Shape what an issue would make."""
    outcomes = {outcome: figures(rows) for outcome, rows in plan.outcomes.items()}
    shown = [document(one) for one in plan.documents]
    loaded = figures(plan.review.rows)
    return _run(shown, loaded, outcomes, plan.rounding, plan.review.currency, plan.faults)


def issued(done: Issued, documents: Sequence[Shape]) -> Shape:
    """Shape a committed run with the documents it made."""
    return _run(documents, done.loaded, done.figures, done.rounding, done.currency, done.warnings)


def _run(
    documents: Sequence[Shape],
    loaded: RunFigures,
    outcomes: Mapping[Decision, RunFigures],
    rounding: Decimal,
    money: str,
    faults: Sequence[Fault],
) -> Shape:
    billed = outcomes[Decision.BILL]
    lines = total(Decimal(one["subtotal"]) for one in documents)
    sides = {
        "loaded": loaded,
        "billed": replace(billed, amount=lines),
        "deferred": outcomes[Decision.DEFER],
        "written_off": outcomes[Decision.WRITE_OFF],
        **dict.fromkeys(("held", "added", "raised"), RunFigures()),
    }
    settled = lines + outcomes[Decision.DEFER].amount + outcomes[Decision.WRITE_OFF].amount
    return {
        "documents": list(documents),
        **{name: _figures(one, money) for name, one in sides.items()},
        "rounding": plain_money(rounding, money),
        "reconciles": loaded.amount + rounding == settled,
        "faults": [fault_shape(one) for one in faults],
    }


def _figures(one: RunFigures, money: str) -> Shape:
    return {
        "entries": len(one.ids),
        "ids": sorted(one.ids),
        "hours": plain(one.hours),
        "amount": plain_money(one.amount, money),
    }


def unbilled(review: Review) -> Shape:
    """Shape a customer's review."""
    money = review.currency
    return {
        "customer": review.customer.code,
        "currency": money,
        "entries": [_entry(row, money) for row in review.rows],
        "left_out": [_left_out(one, money) for one in review.left_out],
        "hours": plain(review.hours),
        "amount": plain_money(review.amount, money),
    }


def _entry(row: ReviewRow, money: str) -> Shape:
    entry, saved = row.entry, row.saved
    return {
        "id": entry.id,
        "token": row.token,
        "kind": entry.kind.value,
        "date": entry.date.isoformat(),
        "project": entry.project,
        "task": entry.task,
        "person": entry.person,
        "item": entry.item,
        "description": entry.description or None,
        "quantity": plain(row.priced.quantity),
        "unit": entry.unit,
        "rate": plain(row.priced.rate),
        "amount": plain_money(row.priced.amount, money),
        "decision": row.decision.value if row.decision else None,
        "bill_quantity": plain(saved.bill_quantity) if saved and saved.bill_quantity else None,
        "rest": saved.rest.value if saved and saved.rest else None,
        "part_of": entry.part_of,
        "reason": (saved.reason or None) if saved else None,
        "times_deferred": row.times_deferred,
    }


def _left_out(one: LeftOut, money: str) -> Shape:
    return {
        "id": one.entry.id,
        "code": one.reason.code,
        "reason": one.wording,
        "hours": plain(one.entry.hours),
        "amount": None if one.amount is None else plain_money(one.amount, money),
    }


def frame_orders(orders: Iterable[FrameOrder], today: dt.date) -> list[Shape]:
    """Shape frame orders with their utilization."""
    return [
        {
            "number": order.number,
            "customer": order.customer,
            "title": order.title or None,
            "unit": order.unit,
            "total": in_unit(order.total, order.unit),
            "billed": in_unit(order.billed, order.unit),
            "remaining": in_unit(order.remaining, order.unit),
            "percent": f"{order.percent:.2f}",
            "valid_from": _day(order.valid_from),
            "valid_to": _day(order.valid_to),
            "state": order.state_on(today).value,
        }
        for order in orders
    ]


def verified(found: Verified) -> Shape:
    """Shape what verify found."""
    return {
        "ok": found.ok,
        "checked": found.checked,
        "problems": [
            {"code": one.code, "where": one.where, "message": one.message} for one in found.problems
        ],
    }

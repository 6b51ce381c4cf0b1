"""The JSON shapes of a period: roll-forward, WIP, ageing, burn, unbilled work as of a day."""

import datetime as dt
from collections.abc import Iterable, Sequence

from timix_xl.billing.ageing import Aged
from timix_xl.billing.close import line_figures
from timix_xl.billing.roll_forward import MonthRolled, Tie
from timix_xl.billing.wip import AgedWip
from timix_xl.cli.shapes import Shape, in_unit
from timix_xl.domain.ages import RECEIVABLE_AGES, WIP_AGES
from timix_xl.domain.burn import Burn
from timix_xl.domain.money import plain, plain_money, total
from timix_xl.domain.periods import month_of
from timix_xl.domain.wip import WipEntry


def roll_forward(rolled: MonthRolled) -> Shape:
    """Shape the roll-forward of a month with its ties to the register."""
    return {
        "month": rolled.month,
        "from": rolled.first.isoformat(),
        "to": rolled.last.isoformat(),
        "lines": [line_figures(line) for line in rolled.lines],
        "ties": [_tie(tie) for tie in rolled.ties],
    }


def _tie(tie: Tie) -> Shape:
    names = (
        *("invoiced", "released", "billed", "credited"),
        *("returned", "left_out", "rounding", "goodwill"),
    )
    amounts = {name: plain_money(getattr(tie, name), tie.currency) for name in names}
    return {"customer": tie.customer, "currency": tie.currency, **amounts, "holds": tie.holds}


def wip(customers: Iterable[AgedWip], entries: Sequence[WipEntry]) -> list[Shape]:
    """Shape WIP by customer, with its ages and its entries."""
    return [
        {
            "customer": one.customer,
            "name": one.name,
            "currency": one.currency,
            "hours": plain(one.hours),
            "amount": plain_money(one.amount, one.currency),
            "oldest": one.oldest.isoformat() if one.oldest else None,
            "ages": [
                {
                    "age": age.name,
                    "hours": plain(work.hours),
                    "amount": plain_money(work.amount, one.currency),
                }
                for age, work in zip(WIP_AGES, one.buckets, strict=True)
            ],
            "entries": [_wip_entry(each) for each in entries if each.customer == one.customer],
        }
        for one in customers
    ]


def _wip_entry(one: WipEntry) -> Shape:
    return {
        "id": one.entry,
        "date": one.date.isoformat(),
        "project": one.project,
        "task": one.task,
        "person": one.person,
        "description": one.description or None,
        "hours": plain(one.hours),
        "amount": plain_money(one.amount, one.currency),
        "on": one.on or None,
    }


def unbilled_as_of(
    customer: str, currency: str, entries: Sequence[WipEntry], day: dt.date
) -> Shape:
    """Shape a customer's unbilled work as of a day: what the day does not tell is null."""
    untold = dict.fromkeys(
        ("token", "kind", "item", "quantity", "unit", "rate", "decision", "bill_quantity")
    ) | dict.fromkeys(("rest", "part_of", "reason", "times_deferred"))
    return {
        "customer": customer,
        "currency": currency,
        "as_of": day.isoformat(),
        "entries": [_wip_entry(one) | untold for one in entries],
        "left_out": [],
        "hours": plain(total(one.hours for one in entries)),
        "amount": plain_money(total(one.amount for one in entries), currency),
    }


def ageing(customers: Iterable[Aged]) -> list[Shape]:
    """Shape what customers owe by age, with the documents behind it."""
    return [
        {
            "customer": one.customer,
            "name": one.name,
            "currency": one.currency,
            "ages": [
                {"age": age.name, "amount": plain_money(amount, one.currency)}
                for age, amount in zip(RECEIVABLE_AGES, one.buckets, strict=True)
            ],
            "credit": plain_money(one.credit, one.currency),
            "total": plain_money(one.total, one.currency),
            "documents": [
                {
                    "number": each.number,
                    "issue_date": each.issue_date.isoformat(),
                    "due_date": each.due_date.isoformat(),
                    "overdue_days": each.overdue_days,
                    "outstanding": plain_money(each.outstanding, one.currency),
                }
                for each in one.documents
            ],
        }
        for one in customers
    ]


def burn(orders: Iterable[Burn]) -> list[Shape]:
    """Shape frame orders with their draws by month, their pace and their end."""
    return [_burn(one) for one in orders]


def _burn(one: Burn) -> Shape:
    order = one.order
    return {
        "number": order.number,
        "customer": order.customer,
        "unit": order.unit,
        "total": in_unit(order.total, order.unit),
        "billed": in_unit(order.billed, order.unit),
        "remaining": in_unit(order.remaining, order.unit),
        "valid_to": order.valid_to.isoformat() if order.valid_to else None,
        "per_day": plain(one.per_day),
        "runs_out": one.runs_out.isoformat() if one.runs_out else None,
        "lasts_beyond_its_validity": one.lasts,
        "months": [
            {
                "month": month_of(each.first),
                "drawn": in_unit(each.drawn, order.unit),
                "remaining": in_unit(each.remaining, order.unit),
            }
            for each in one.months
        ],
    }

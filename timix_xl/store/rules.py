"""Billing rules, rate tables and limits, as stored."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, select

from timix_xl.domain.billing_rules import AggregateBy, BillingRule, Step
from timix_xl.domain.limits import Limit
from timix_xl.domain.money import from_minor
from timix_xl.domain.rate_tables import Factor, RateSequence, RateTable, TableRate
from timix_xl.store import tables as t

Key = tuple[str, str]


def billing_rules(connection: Connection) -> dict[str, BillingRule]:
    """Return the billing rules by code, their steps in ascending order."""
    steps: dict[str, list[Step]] = defaultdict(list)
    ordered = select(t.rule_steps).order_by(t.rule_steps.c.rule, t.rule_steps.c.step)
    for row in connection.execute(ordered).mappings():
        steps[row["rule"]].append(_step(dict(row)))
    rules = connection.execute(select(t.billing_rules).order_by(t.billing_rules.c.code))
    return {
        row.code: BillingRule(code=row.code, name=row.name, steps=tuple(steps[row.code]))
        for row in rules
    }


def _step(row: dict[str, Any]) -> Step:
    row.pop("rule")
    words = row.pop("aggregate_by").split()
    return Step(**row, aggregate_by=frozenset(AggregateBy(word) for word in words))


def rate_tables(connection: Connection) -> dict[Key, RateTable]:
    """Return the rate tables by code and rate type."""
    sequences, rates = _sequences(connection), _rates(connection)
    rows = connection.execute(select(t.rate_tables).order_by(*t.rate_tables.primary_key))
    return {
        key: RateTable(
            code=key[0],
            rate_type=key[1],
            sequences=tuple(sequences[key]),
            rates=tuple(rates[key]),
        )
        for key in ((row.code, row.rate_type) for row in rows)
    }


def _sequences(connection: Connection) -> dict[Key, list[RateSequence]]:
    found: dict[Key, list[RateSequence]] = defaultdict(list)
    ordered = select(t.rate_sequences).order_by(*t.rate_sequences.primary_key)
    for row in connection.execute(ordered):
        factors = frozenset(Factor(word) for word in row.factors.split())
        found[row.rate_table, row.rate_type].append(RateSequence(seq=row.seq, factors=factors))
    return found


def _rates(connection: Connection) -> dict[Key, list[TableRate]]:
    found: dict[Key, list[TableRate]] = defaultdict(list)
    rows = connection.execute(select(t.table_rates).order_by(t.table_rates.c.id)).mappings()
    for row in rows:
        facts = dict(row)
        facts.pop("id")
        key = (facts.pop("rate_table"), facts.pop("rate_type"))
        found[key].append(TableRate(**facts))
    return found


def limits(connection: Connection) -> tuple[Limit, ...]:
    """Return the limits, in the customers' currencies."""
    query = (
        select(t.limits, t.customers.c.currency)
        .join(t.projects, t.projects.c.code == t.limits.c.project)
        .join(t.customers, t.customers.c.code == t.projects.c.customer)
        .order_by(t.limits.c.id)
    )
    return tuple(
        Limit(
            project=row.project,
            task=row.task,
            account_group=row.account_group,
            amount=from_minor(row.amount, row.currency),
        )
        for row in connection.execute(query)
    )

"""A large, sound store: a month made by the use cases, copied into the months after it.

In the first month five customers are billed by tasks that are billed separately. The first one
draws on a frame order; of each one's invoices one is paid, one voided, and one credited in part.
Then the month is closed. A copy has entries, orders, numbers and days of its own, sealed anew.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection, Table, delete, func, insert, select, text

from tests.builders import Shop
from timix_xl.billing.close import close
from timix_xl.billing.credit import credit
from timix_xl.billing.pay import pay
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.invoices import Becomes
from timix_xl.domain.seal import canonical, sealed
from timix_xl.store import runs, snapshots
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor, append
from timix_xl.store.closings import typed
from timix_xl.store.kinds import kind_of

Row: TypeAlias = dict[str, Any]
Month: TypeAlias = Mapping[Table, list[Row]]

CUSTOMERS = ("ALPHA", "BRAVO", "CORVO", "DELTA", "ECHO")
MONTHS = 48
DAY = dt.date(2022, 1, 28)
"""Everything of the first month happens on this day; every month has a 28th."""
COPIED = (
    *(t.frame_orders, t.entries, t.runs, t.run_entries, t.numbers, t.documents, t.document_lines),
    *(t.document_entries, t.document_taxes, t.claims, t.events, t.draw_downs, t.audit_log),
)
PLACES = {"document": t.documents, "corrects": t.documents, "run": t.runs, "event": t.events}
"""Columns with the id of a row of another table."""


def fill(shop: Shop, invoices: int, lines: int) -> None:
    """Put that many invoices, or a few more, into a furnished store."""
    tasks = [f"T{at:04d}" for at in range(max(4, -(-invoices // (MONTHS * len(CUSTOMERS)))))]
    for customer in CUSTOMERS:
        _bill(shop, customer, tasks, lines)
    with shop.store.reading() as connection:
        first = {table: _rows(connection, table) for table in COPIED}
    close(shop.store, f"{DAY:%Y-%m}", actor=_ann(dt.timedelta(days=7)))
    with shop.store.writing() as connection:
        kind = kind_of(connection)
        kind.drop_guards(connection)
        heads = {(row["kind"], row["year"]): row["head"] for row in _rows(connection, t.series)}
        for at in range(1, MONTHS):
            _put(connection, _Copy(first, at).made(heads))
        _end_series(connection, heads)
        for guard in kind.guards():
            connection.exec_driver_sql(guard)


def _ann(later: dt.timedelta = dt.timedelta()) -> Actor:
    return Actor("ann", dt.datetime.combine(DAY + later, dt.time(18)))


def _bill(shop: Shop, customer: str, tasks: list[str], lines: int) -> None:
    shop.customer(customer)
    project, order = f"P-{customer}", f"FO-{customer}~"
    shop.order(order, "1000000", customer=customer)
    for task in tasks:
        shop.task(task, project=project, bill_separately=True)
    facts = {"project": project, "on": f"{DAY}", "bill_rate": Decimal("95.55")}
    shop.entries(
        {"id": f"{customer}~{task}-{line}", "task": task, "hours": f"{line % 8}.3333", **facts}
        for task in tasks
        for line in range(lines)
    )
    draws = order if customer == CUSTOMERS[0] else ""
    done = shop.issue(customer, upto=DAY, actor=_ann(), frame_order=draws, payment_terms_days=0)
    paid, wrong, late, *_ = done.numbers
    send(shop.store, paid, actor=_ann())
    pay(shop.store, paid, Decimal(100), DAY, actor=_ann(), reference="bank")
    void(shop.store, wrong, "wrong", actor=_ann())
    credit(shop.store, late, lines=[1], becomes=Becomes.BILL, reason="late", actor=_ann())


def _rows(connection: Connection, table: Table) -> list[Row]:
    query = snapshots.select_raw(table).order_by(*table.primary_key)
    return [dict(row) for row in connection.execute(query).mappings()]


class _Copy:
    """The first month once more, some months later."""

    def __init__(self, first: Month, at: int) -> None:
        self.first, self.at = first, at
        self.year, self.month = DAY.year + at // 12, 1 + at % 12
        self.counts = Counter(row["kind"] for row in first[t.documents])

    def made(self, heads: dict[Any, str]) -> Month:
        """Return its rows; the heads of the number series move on."""
        made = {
            table: [self._row(table, row) for row in rows] for table, rows in self.first.items()
        }
        for row in made[t.numbers]:
            kind, place = row["taken_by"].split()
            row["taken_by"] = f"{kind} {int(place) + self._behind(t.documents)}"
        for row in made[t.documents]:
            self._seal(row, heads)
        digests = _digests(made)
        for row in made[t.audit_log]:
            after = json.loads(row["after"] or "null")
            if isinstance(after, dict) and "digest" in after:
                run = after["run"] + self._behind(t.runs)
                row["after"] = canonical(after | {"run": run, "digest": digests[run]})
        return made

    def _behind(self, table: Table) -> int:
        return self.at * len(self.first[table])

    def _row(self, table: Table, row: Row) -> Row:
        """Return a row with words, and places, of its own."""
        own = {
            name: self._words(one) if isinstance(one, str) and name != "content" else one
            for name, one in row.items()
        }
        for name in own.keys() & {"id", *PLACES}:
            if isinstance(own[name], int):
                own[name] += self._behind(PLACES.get(name, table))
        if table is t.documents:
            own |= {"year": self.year, "seq": int(own["number"][-5:])}
        if own.get("detail"):
            back = [self._row(t.draw_downs, one) for one in json.loads(row["detail"])["returned"]]
            own["detail"] = canonical({"returned": back})
        return own

    def _words(self, words: str) -> str:
        own = words.replace("~", f"~{self.at:02d}-")
        own = own.replace(f"{DAY:%Y-%m}-", f"{self.year}-{self.month:02d}-")
        return re.sub(rf"(INV|CN)-{DAY.year}-(\d{{5}})", self._number, own)

    def _number(self, found: re.Match[str]) -> str:
        kind = {"INV": "invoice", "CN": "credit_note"}[found[1]]
        place = int(found[2]) + self.counts[kind] * (self.month - 1)
        return f"{found[1]}-{self.year}-{place:05d}"

    def _seal(self, row: Row, heads: dict[Any, str]) -> None:
        whole = json.loads(row["content"])
        printed = json.loads(self._words(canonical(whole["printed"])))
        rows = {
            name: [self._row(t.metadata.tables[name], one) for one in some]
            for name, some in whole["rows"].items()
        }
        series = (row["kind"], row["year"])
        row["content"] = canonical(whole | {"printed": printed, "rows": rows})
        row["previous_seal"] = heads.get(series, "")
        row["seal"] = heads[series] = sealed(row["previous_seal"], row["content"])


def _digests(made: Month) -> dict[int, str]:
    """Return what the audit log notes of each run."""
    entries: dict[int, list[Row]] = {run["id"]: [] for run in made[t.runs]}
    for row in made[t.run_entries]:
        entries[row["run"]].append(_set(row))
    return {run["id"]: runs.run_digest(_set(run), entries[run["id"]]) for run in made[t.runs]}


def _set(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def _put(connection: Connection, made: Month) -> None:
    for table, rows in made.items():
        if table in t.CHAINED:
            plain = [
                {name: row[name] for name in row if name not in {"id", "hash"}} for row in rows
            ]
            append(connection, table, [typed(table, row) for row in plain])
        else:
            names = list(rows[0])
            values = ", ".join(f":{name}" for name in names)
            sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"
            connection.execute(text(sql), rows)


def _end_series(connection: Connection, heads: Mapping[Any, str]) -> None:
    own = t.documents.c
    last = (func.max(own.seq), func.max(own.issue_date, type_=own.issue_date.type))
    found = connection.execute(select(own.kind, own.year, *last).group_by(own.kind, own.year)).all()
    rows = [
        {
            "kind": kind,
            "year": year,
            "first_seq": 1,
            "next_seq": seq + 1,
            "last_issue_date": date,
            "head": heads[kind.value, year],
        }
        for kind, year, seq, date in found
    ]
    connection.execute(delete(t.series))
    connection.execute(insert(t.series), rows)

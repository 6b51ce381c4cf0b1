"""What an import reads and writes, in bulk: a statement per table, however many rows."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    union,
    update,
)

from timix_xl.domain.entries import ApprovalStatus, Decision, Kind
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.invoices import Status
from timix_xl.domain.limits import Share
from timix_xl.domain.money import QUANTITY_PLACES, from_minor, in_minor, scaled, unscaled
from timix_xl.store import closings, figures, tables
from timix_xl.store.kinds import kind_of

Row: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[Any, ...]
Shelf: TypeAlias = dict[Key, Row]

_SINGLE = ("company", "settings")
_MASTER = (
    *_SINGLE,
    *("tax_codes", "account_groups", "vendors", "items", "people", "customers"),
    *("rate_tables", "billing_rules", "projects", "tasks", "bill_rates", "limits"),
    *("frame_orders", "series", "numbers", "open_invoices"),
)
_WRITTEN = ("blobs", *_MASTER, "entries")
"""Every table that an import writes; a row comes after what it refers to."""


@dataclass(frozen=True, slots=True)
class _List:
    """A list within a row: its column, its table, and how that names the row.

    `parents` are columns there, in the order of the row's own key; `words` are columns that keep
    several words in one text.
    """

    column: str
    table: Table
    parents: tuple[str, ...]
    words: tuple[str, ...] = ()

    def read(self, found: Row) -> tuple[Key, Row]:
        """Take a row of the table apart: the key of the row it belongs to, and the rest."""
        child = {name: value for name, value in found.items() if name not in ("position", "id")}
        child |= {name: tuple(child[name].split()) for name in self.words}
        return tuple(child.pop(name) for name in self.parents), child

    def rows(self, key: Key, children: Sequence[Row]) -> list[Row]:
        """Return the rows of the table for one row."""
        named = dict(zip(self.parents, key, strict=True))
        numbered = "position" in self.table.c
        return [
            named
            | ({"position": at} if numbered else {})
            | child
            | {name: " ".join(child[name]) for name in self.words}
            for at, child in enumerate(children)
        ]


_LISTS: Mapping[str, tuple[_List, ...]] = {
    "tax_codes": (_List("rates", tables.tax_rates, ("tax_code",)),),
    "items": (_List("prices", tables.item_prices, ("item",)),),
    "customers": (_List("locations", tables.locations, ("customer",)),),
    "billing_rules": (_List("steps", tables.rule_steps, ("rule",), ("aggregate_by",)),),
    "rate_tables": (
        _List("sequences", tables.rate_sequences, ("rate_table", "rate_type"), ("factors",)),
        _List("rates", tables.table_rates, ("rate_table", "rate_type")),
    ),
}
"""What hangs below a row; a list comes after those that it refers to."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What stands in the store before an import, by table and key."""

    rows: Mapping[str, Shelf]
    used_customers: frozenset[str]
    """With entries, documents, frame orders, opening invoices or limits: their currency stays."""
    used_projects: frozenset[str]
    """With entries, on documents or with limits: their customer stays."""
    drawn: Mapping[str, Decimal]
    """Draw-downs by frame order, for those that have any."""
    has_money: bool
    """Whether documents or entries exist: the company's currency stays."""
    locked_until: date | None = None
    """The last day of the last closed month."""


def read_stored(connection: Connection) -> Stored:
    """Read all master data, and what of it is in use."""
    rows = {name: _shelf(connection, name) for name in _MASTER}
    logos = connection.execute(select(tables.blobs.c.sha256)).scalars()
    rows["blobs"] = {(sha256,): {"sha256": sha256} for sha256 in logos}
    for name in _LISTS:
        _hang_children(connection, name, rows[name])
    for row in rows["frame_orders"].values():
        row["total"] = _from_pool(row["total"], row["unit"])
        row["billed_before"] = _from_pool(row["billed_before"], row["unit"])
    for row in rows["open_invoices"].values():
        currency = rows["customers"][(row["customer"],)]["currency"]
        row |= {name: from_minor(row[name], currency) for name in ("total", "paid")}
    for row in rows["limits"].values():
        customer = rows["projects"][(row["project"],)]["customer"]
        row["amount"] = from_minor(row["amount"], rows["customers"][(customer,)]["currency"])
    projects = frozenset(connection.execute(_used_projects()).scalars())
    limited = frozenset(row["project"] for row in rows["limits"].values())
    return Stored(
        rows=rows,
        used_customers=frozenset(connection.execute(_used_customers()).scalars()),
        used_projects=projects | limited,
        drawn=_drawn(connection, rows["frame_orders"]),
        has_money=bool(projects),
        locked_until=closings.locked_until(connection),
    )


def _shelf(connection: Connection, name: str) -> Shelf:
    table = tables.metadata.tables[name]
    shelf = {}
    for found in connection.execute(select(table)).mappings():
        row = dict(found)
        if name in _SINGLE:
            del row["id"]
        shelf[key_of(name, row)] = row
    return shelf


def key_of(name: str, row: Mapping[str, Any]) -> Key:
    """Return what tells the rows of a table apart.

    A bill rate is known by its level and the day it begins, so that its end can be changed.
    """
    if name in _SINGLE:
        return ()
    if name == "bill_rates":
        dated = row["since"] is not None or row["until"] is not None
        customer = None if row["project"] else row["customer"]
        return (customer, row["project"], row["task"], row["person"], row["since"], dated)
    if name == "limits":
        return (row["project"], row["task"], row["account_group"])
    return tuple(row[column.name] for column in tables.metadata.tables[name].primary_key)


def _hang_children(connection: Connection, name: str, shelf: Shelf) -> None:
    for one in _LISTS[name]:
        children: defaultdict[Key, list[Row]] = defaultdict(list)
        ordered = select(one.table).order_by(*one.table.primary_key)
        for found in connection.execute(ordered).mappings():
            key, child = one.read(dict(found))
            children[key].append(child)
        for key, row in shelf.items():
            row[one.column] = tuple(children[key])


def _used_projects() -> Select[Any]:
    return union(  # type: ignore[return-value]  # a CompoundSelect executes alike
        select(tables.entries.c.project), select(tables.document_lines.c.project)
    )


def _used_customers() -> Select[Any]:
    entries, projects = tables.entries, tables.projects
    worked = select(projects.c.customer).join_from(
        entries, projects, entries.c.project == projects.c.code
    )
    limited = select(projects.c.customer).join_from(
        tables.limits, projects, tables.limits.c.project == projects.c.code
    )
    others = (tables.documents, tables.frame_orders, tables.open_invoices)
    return union(worked, limited, *(select(table.c.customer) for table in others))  # type: ignore[return-value]  # a CompoundSelect executes alike


def _drawn(connection: Connection, orders: Shelf) -> dict[str, Decimal]:
    draws = tables.draw_downs.c
    summed = select(draws.frame_order, func.sum(draws.drawn)).group_by(draws.frame_order)
    return {
        order: _from_pool(int(drawn), orders[(order,)]["unit"])
        for order, drawn in connection.execute(summed).all()
    }


def _from_pool(number: int, unit: str) -> Decimal:
    return unscaled(number, QUANTITY_PLACES) if unit == HOURS else from_minor(number, unit)


def _in_pool(value: Decimal, unit: str) -> int:
    return scaled(value, QUANTITY_PLACES) if unit == HOURS else in_minor(value, unit)


def read_entries(
    connection: Connection, ids: Collection[str], sources: Collection[tuple[str, str]], home: str
) -> Shelf:
    """Read the entries that have one of these ids, or of these (source, external id)."""
    listed = kind_of(connection).listed
    entries = tables.entries
    by_source = entries.c.source.in_(listed(sorted({source for source, _ in sources})))
    by_external = entries.c.external_id.in_(listed(sorted({external for _, external in sources})))
    wanted = entries.c.id.in_(listed(sorted(ids))) | (by_source & by_external)
    return _shelf_of_entries(connection, wanted, home)


def read_entries_of(
    connection: Connection, source: str, first: date, last: date, home: str
) -> Shelf:
    """Read the entries that came from a source, with the days from `first` to `last`."""
    entries = tables.entries.c
    wanted = (entries.source == source) & entries.date.between(first, last)
    return _shelf_of_entries(connection, wanted & entries.external_id.is_not(None), home)


def _shelf_of_entries(connection: Connection, wanted: ColumnElement[bool], home: str) -> Shelf:
    shelf = {}
    for found in connection.execute(select(tables.entries).where(wanted)).mappings():
        row = dict(found)
        for column, currency in _moneys(row, home):
            row[column] = from_minor(row[column], currency)
        shelf[(row["id"],)] = row
    return shelf


def _moneys(row: Row, home: str) -> Iterator[tuple[str, str]]:
    """Yield the amounts that an entry has, each with its currency."""
    for column, currency in (("cost_amount", home), ("face_amount", row["currency"])):
        if row[column] is not None:
            yield column, currency


def read_claims(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Name the document that holds each of these entries, for those that are held."""
    listed = kind_of(connection).listed
    claims, documents, pro_formas = tables.claims, tables.documents, tables.pro_formas
    number = func.coalesce(documents.c.number, pro_formas.c.number)
    held = (
        select(claims.c.entry, documents.c.id, number)
        .join_from(claims, documents, claims.c.document == documents.c.id)
        .outerjoin(pro_formas, pro_formas.c.document == documents.c.id)
        .where(claims.c.entry.in_(listed(sorted(ids))))
    )
    return {
        entry: number or f"DRAFT-{document}"
        for entry, document, number in connection.execute(held).all()
    }


def read_invoiced(connection: Connection) -> list[Share]:
    """Return what issued documents bill, by project, task and account group."""
    return [one.share for one in figures.billed_shares(connection) if not one.is_open]


def read_settled(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Say which entries were "billed" (else "written off") before, whatever became of that."""
    listed = kind_of(connection).listed
    share, head, of_run = tables.document_entries, tables.documents, tables.run_entries.c
    billed = (
        select(share.c.entry, literal("billed").label("what"))
        .join_from(share, head, share.c.document == head.c.id)
        .where(head.c.status != Status.DRAFT, share.c.entry.in_(listed(sorted(ids))))
    )
    lost = select(of_run.entry, literal("written off").label("what")).where(
        of_run.outcome == Decision.WRITE_OFF, of_run.entry.in_(listed(sorted(ids)))
    )
    rows = connection.execute(union(billed, lost)).all()
    return {row.entry: row.what for row in sorted(rows, reverse=True)}


def read_hours(
    connection: Connection, first: date, last: date
) -> dict[tuple[str | None, date], Decimal]:
    """Add up the hours of each person and day; parts and rejected entries do not count."""
    entries = tables.entries.c
    summed = (
        select(entries.person, entries.date, func.sum(entries.quantity))
        .where(entries.kind == Kind.TIME, entries.status != ApprovalStatus.REJECTED)
        .where(entries.part_of.is_(None), entries.date.between(first, last))
        .group_by(entries.person, entries.date)
    )
    return {(person, day): hours for person, day, hours in connection.execute(summed).all()}


def write(connection: Connection, name: str, new: Sequence[Row], changed: Sequence[Row]) -> None:
    """Insert new rows and update changed ones, with what hangs below them."""
    table = tables.metadata.tables[name]
    if new:
        connection.execute(insert(table), [_own(name, row) for row in new])
    if changed:
        _update(connection, table, [_own(name, row) for row in changed])
    if lists := _LISTS.get(name):
        _write_children(connection, name, lists, new, changed)


def _own(name: str, row: Row) -> Row:
    lists = {one.column for one in _LISTS.get(name, ())}
    own = {key: value for key, value in row.items() if key not in lists}
    return own | {"id": 1} if name in _SINGLE else own


def _update(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    keys = [column.name for column in table.primary_key]
    others = [name for name in rows[0] if name not in keys]
    if not others:
        return
    statement = update(table).values({name: bindparam(f"to_{name}") for name in others})
    for name in keys:
        statement = statement.where(table.c[name] == bindparam(f"key_{name}"))
    connection.execute(
        statement,
        [
            {f"to_{name}": row[name] for name in others}
            | {f"key_{name}": row[name] for name in keys}
            for row in rows
        ],
    )


def _write_children(
    connection: Connection,
    name: str,
    lists: Sequence[_List],
    new: Sequence[Row],
    changed: Sequence[Row],
) -> None:
    """Write the lists anew; one that others refer to goes last and comes first."""
    for one in reversed(lists):
        _delete_children(connection, one, [key_of(name, row) for row in changed])
    for one in lists:
        rows = [
            child
            for row in (*new, *changed)
            for child in one.rows(key_of(name, row), row[one.column])
        ]
        if rows:
            connection.execute(insert(one.table), rows)


def _delete_children(connection: Connection, one: _List, keys: Sequence[Key]) -> None:
    gone = delete(one.table)
    for parent in one.parents:
        gone = gone.where(one.table.c[parent] == bindparam(f"of_{parent}"))
    if keys:
        named = [f"of_{parent}" for parent in one.parents]
        connection.execute(gone, [dict(zip(named, key, strict=True)) for key in keys])


_SCALERS: Mapping[str, Callable[[Row, str], Row]] = {
    "frame_orders": lambda row, _: (
        row | {name: _in_pool(row[name], row["unit"]) for name in ("total", "billed_before")}
    ),
    "open_invoices": lambda row, currency: (
        row | {name: in_minor(row[name], currency) for name in ("total", "paid")}
    ),
    "limits": lambda row, currency: row | {"amount": in_minor(row["amount"], currency)},
    "entries": lambda row, home: (
        row | {column: in_minor(row[column], currency) for column, currency in _moneys(row, home)}
    ),
}


def write_all(
    connection: Connection, now: Mapping[str, Shelf], before: Mapping[str, Shelf], home: str
) -> None:
    """Write every row that is new or other than before; `home` is the company's currency."""
    for name in _WRITTEN:
        shelf, known = now.get(name, {}), before.get(name, {})
        new = [row for key, row in shelf.items() if key not in known]
        changed = [row for key, row in shelf.items() if key in known and row != known[key]]
        if scaler := _SCALERS.get(name):
            currencies = [_currency(name, row, now, home) for row in (*new, *changed)]
            whole = [scaler(row, at) for row, at in zip((*new, *changed), currencies, strict=True)]
            new, changed = whole[: len(new)], whole[len(new) :]
        write(connection, name, new, changed)


def _currency(name: str, row: Row, now: Mapping[str, Shelf], home: str) -> str:
    if name not in ("open_invoices", "limits"):
        return home
    project = row.get("project")
    customer = now["projects"][(project,)]["customer"] if project else row["customer"]
    return str(now["customers"][(customer,)]["currency"])

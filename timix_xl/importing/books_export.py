"""A store as books: its master data, and its work as opening data of another store."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection

from timix_xl.billing.register import Standing, register
from timix_xl.billing.undisturbed import undisturbed
from timix_xl.domain.entries import EntryState
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.invoices import DocumentKind, Status
from timix_xl.domain.money import ZERO, plain, rounded
from timix_xl.domain.numbering import SeriesPattern
from timix_xl.importing import cells
from timix_xl.importing.books_left_behind import LeftBehind, left_behind
from timix_xl.importing.rows import Column
from timix_xl.importing.sections import ENTRIES, MASTER, SETTINGS
from timix_xl.importing.series import NO_YEAR
from timix_xl.store import documents, intake, opening_data
from timix_xl.store.database import Store
from timix_xl.store.intake import Shelf, Stored

Record: TypeAlias = dict[str, Any]
"""A row: text, Decimal, date, bool, int; a list of rows; what is empty is not there."""

WRITTEN_OFF = "written off"
_MONEY = (cells.AMOUNT, cells.POSITIVE_AMOUNT)
_ENDINGS = {b"\x89PNG": "png"}


@dataclass(frozen=True, slots=True)
class Logo:
    """The company's logo, under a name made of its content."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Books:
    """The rows by key of the books file, in its order and theirs."""

    rows: Mapping[str, Sequence[Record]]
    logo: Logo | None = None
    left_behind: LeftBehind = field(default_factory=LeftBehind)


def books_of(store: Store, *, today: dt.date) -> Books:
    """Return a store as books, as it stands now."""
    return undisturbed(store, lambda: _read(store, today))


def _read(store: Store, today: dt.date) -> Books:
    standings = list(register(store, today=today))
    issued = [one for one in standings if one.status is not Status.DRAFT]
    drafts = [one for one in standings if one.status is Status.DRAFT and _is_draft(one)]
    with store.reading() as connection:
        stored = intake.read_stored(connection)
        logo = _logo(connection, stored)
        entries = _entries(connection, _home(stored))
        kept = [row["id"] for row in entries if not row["billed_elsewhere"]]
        behind = left_behind(connection, kept, len(drafts))
        keys = {
            "company": _company(stored, logo),
            "settings": _settings(stored),
            "frame_orders": _frame_orders(connection, stored),
            "open_invoices": list(_open_invoices(issued)),
            "entries": entries,
        }
    for section in MASTER:
        if section.name not in keys:
            keys[section.name] = _ordered(stored.rows[section.name])
    rows = {
        section.name: [_record(section.columns.values(), row) for row in keys[section.name]]
        for section in (*MASTER, ENTRIES)
    }
    return Books({name: found for name, found in rows.items() if found}, logo, behind)


def _is_draft(one: Standing) -> bool:
    """Tell a draft of an invoice from a pro forma, which stays a draft for ever."""
    return one.kind is not DocumentKind.PRO_FORMA


def _ordered(shelf: Shelf) -> list[Record]:
    """Put rows into the order of their keys, which a bill rate's id is not part of."""
    return [shelf[key] for key in sorted(shelf, key=_sortable)]


def _sortable(key: Iterable[Any]) -> list[tuple[bool, str]]:
    return [(part is not None, str(part)) for part in key]


def _record(columns: Iterable[Column], row: Record) -> Record:
    """Return a row by the books file's names, without what is empty."""
    record = {}
    for column in columns:
        value = row.get(column.target)
        if column.children:
            value = [_record(column.children, child) for child in value or ()]
        elif isinstance(value, tuple):
            value = list(value)
        elif isinstance(value, Decimal) and column.read not in _MONEY:
            value = Decimal(plain(value))
        if value is not None and (column.needed or value not in ("", [], {})):
            record[column.name] = value
    return record


def _home(stored: Stored) -> str:
    company = stored.rows["company"].get(())
    return str(company["currency"]) if company else ""


def _logo(connection: Connection, stored: Stored) -> Logo | None:
    company = stored.rows["company"].get(())
    content = documents.logo(connection, company["logo"]) if company else None
    if content is None:
        return None
    ending = next((name for head, name in _ENDINGS.items() if content.startswith(head)), "jpg")
    return Logo(f"logo-{hashlib.sha256(content).hexdigest()[:12]}.{ending}", content)


def _company(stored: Stored, logo: Logo | None) -> list[Record]:
    path = logo.name if logo else ""
    return [row | {"logo": path} for row in stored.rows["company"].values()]


def _settings(stored: Stored) -> list[Record]:
    """Return the settings with the next numbers; those of patterns that are gone need none."""
    kept = stored.rows["settings"].get(())
    settings = kept or {column.target: column.default for column in SETTINGS.columns.values()}
    numbers = {}
    for kind, year in sorted(stored.rows["series"], key=_sortable):
        pattern = SeriesPattern(settings[f"{DocumentKind(kind).value}_number"])
        if pattern.yearly == (year != NO_YEAR):
            key = f"{kind.value}:{year}" if year else kind.value
            numbers[key] = stored.rows["series"][(kind, year)]["next_seq"]
    return [settings | {"next_numbers": numbers}] if kept or numbers else []


def _frame_orders(connection: Connection, stored: Stored) -> list[Record]:
    """Return the frame orders; what was drawn here is billed before, there."""
    orders = _ordered(stored.rows["frame_orders"])
    drawn = opening_data.drawn(connection, {row["number"]: row["unit"] for row in orders})
    return [_frame_order(row, drawn.get(row["number"], ZERO)) for row in orders]


def _frame_order(row: Record, drawn: Decimal) -> Record:
    before = row["billed_before"] + drawn
    if row["unit"] == HOURS:
        return row | {"total_hours": row["total"], "billed_before": Decimal(plain(before))}
    return row | {"total_amount": row["total"], "billed_before": before}


def _open_invoices(issued: Iterable[Standing]) -> Iterator[Record]:
    """Yield what is not settled, with as much paid as leaves what is outstanding."""
    for one in sorted(issued, key=lambda one: (one.issue_date, one.number or "")):
        if one.outstanding:
            yield {
                "number": one.number,
                "customer": one.customer,
                "issue_date": one.issue_date,
                "total": rounded(one.total, one.currency),
                "due_date": one.due_date,
                "paid": rounded(one.total - one.outstanding, one.currency),
            }


def _entries(connection: Connection, home: str) -> list[Record]:
    """Return every entry: open, billed or written off elsewhere, or split into its parts."""
    billed = opening_data.billed_on(connection)
    return [
        row | {"billed_elsewhere": row["billed_elsewhere"] or _settled(row, billed)}
        for row in opening_data.entries(connection, home)
    ]


def _settled(row: Record, billed: Mapping[str, str]) -> str | None:
    if row["state"] is EntryState.WRITTEN_OFF:
        return WRITTEN_OFF
    return billed.get(row["id"])

"""Edit: what is typed into the lines of a pro forma on hold; lines deleted, lines added."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.pro_forma import again, as_result, found, on_hold, rewrite
from timix_xl.domain import faults
from timix_xl.domain.books import Books
from timix_xl.domain.invoices import BilledEntry, Document, Line
from timix_xl.domain.manual_lines import NEW_LINE, NewLine, manual_line, new_line_faults
from timix_xl.domain.pro_forma_lines import LineEdit, edit_faults, edited, lines_of, with_lines
from timix_xl.domain.pro_formas import ProForma
from timix_xl.errors import Fault, refuse_run
from timix_xl.store import reading
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store

EDIT, ADD = "edit pro forma", "add line"
"""What the audit log calls these steps; their object is the pro forma's number."""


def edit(
    store: Store,
    number: str,
    edits: Sequence[LineEdit],
    *,
    added: Sequence[NewLine] = (),
    actor: Actor,
    version: int | None = None,
    request: str | None = None,
) -> ProForma:
    """Edit lines of a pro forma on hold, all of them or none; lines are numbered anew after it.

    `added` are new lines by hand; they come behind the others. `version` is the one that the edits
    were made on. The entries of a deleted line can be billed again. Raises UnknownProForma,
    ProFormaRefuses, ProFormaMovedOn, RunRefused with every fault, RequestReused, ProFormaGone.
    """
    typed = [[_typed(one) for one in edits], [_typed(one) for one in added]]
    asked = once.fingerprint([EDIT, *once.told_apart([number, version, *typed])])
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return again(connection, first)
        one = on_hold(connection, number, "edited", version)
        books = reading.books(connection, one.customer)
        against = [*_edit_faults(one.document, edits), *_added_faults(one, added, books)]
        refuse_run(f"Editing {number}", against)
        _edit(connection, one, edits, added, books, actor)
        after = found(connection, number)
        once.remember(connection, request, EDIT, asked, as_result(after))
        return after


def _typed(one: LineEdit | NewLine) -> list[object]:
    return [getattr(one, field.name) for field in fields(one)]


def edited_before(store: Store, request: str) -> ProForma | None:
    """Return what an edit made, if this request was carried out; raises ProFormaGone.

    For a sheet whose request is named by all that it says: what it says cannot be compared any
    more with a pro forma that it has changed already.
    """
    with store.reading() as connection:
        first = once.result_of(connection, request)
        return None if first is None else again(connection, first)


def _edit_faults(document: Document, edits: Sequence[LineEdit]) -> Iterator[Fault]:
    lines = {line.line: (line, billed) for line, billed in lines_of(document)}
    seen = set()
    for one in edits:
        where = f"line {one.line}"
        if one.line not in lines:
            yield faults.NO_SUCH_LINE.at(where)
        elif one.line in seen:
            yield faults.LINE_EDITED_TWICE.at(where, how="edited twice")
        else:
            yield from edit_faults(*lines[one.line], one, document.currency)
        seen.add(one.line)


def _added_faults(one: ProForma, added: Sequence[NewLine], books: Books) -> Iterator[Fault]:
    """Say what speaks against new lines; the place tells which of them."""
    for at, new in enumerate(added, start=1):
        for fault in new_line_faults(new, one.document, one.project, books):
            yield replace(fault, where=f"{NEW_LINE} {at}")


def _edit(
    connection: Connection,
    one: ProForma,
    edits: Sequence[LineEdit],
    added: Sequence[NewLine],
    books: Books,
    actor: Actor,
) -> None:
    document, wanted = one.document, {each.line: each for each in edits}
    changes: list[tuple[Line, Line | None]] = []
    lines: list[tuple[Line, Sequence[BilledEntry]]] = []
    for line, billed in lines_of(document):
        typed = wanted.get(line.line)
        if typed is None:
            lines.append((line, billed))
        elif typed.delete:
            changes.append((line, None))
        else:
            now, shares = edited(line, billed, typed, document.currency)
            lines.append((line, billed) if now == line else (now, shares))
            changes += [(line, now)] if now != line else []
    made = [manual_line(new, document, one.project, books) for new in added]
    if not changes and not made:
        return
    whole = with_lines(document, [*lines, *((line, ()) for line in made)])
    after = rewrite(connection, one, whole, books)
    was: dict[str, Any] = {"total": document.total}
    now_is: dict[str, Any] = {"total": after.document.total}
    for line, edited_line in changes:
        before, then = _facts(line), _facts(edited_line) if edited_line else {}
        for name in before:
            if before[name] != then.get(name):
                was[f"line {line.line} {name}"] = before[name]
                now_is[f"line {line.line} {name}"] = then.get(name)
    for at, line in enumerate(made, start=1):
        now_is |= {f"{NEW_LINE} {at} {name}": fact for name, fact in _added(line).items()}
    log(connection, actor, EDIT, [(one.number, was, now_is)])


def _facts(line: Line) -> dict[str, Any]:
    facts = {
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "amount": line.amount,
        "status": line.status,
    }
    return facts | ({"entries": ", ".join(line.entries)} if line.entries else {})


def _added(line: Line) -> dict[str, Any]:
    """Note what a line by hand says, beside its numbers."""
    says = {"task": line.task, "item": line.item, "description": line.description}
    return {**says, **_facts(line)}


def add_line(
    store: Store,
    number: str,
    new: NewLine,
    *,
    actor: Actor,
    version: int | None = None,
    request: str | None = None,
) -> ProForma:
    """Add a line by hand to a pro forma on hold. Raises what `edit` raises."""
    asked = once.fingerprint([ADD, *once.told_apart([number, version, *_typed(new)])])
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return again(connection, first)
        one = on_hold(connection, number, "edited", version)
        _add(connection, one, new, actor)
        after = found(connection, number)
        once.remember(connection, request, ADD, asked, as_result(after))
        return after


def _add(connection: Connection, one: ProForma, new: NewLine, actor: Actor) -> None:
    books = reading.books(connection, one.customer)
    refuse_run(
        f"Adding a line to {one.number}", new_line_faults(new, one.document, one.project, books)
    )
    line = manual_line(new, one.document, one.project, books)
    document = with_lines(one.document, [*lines_of(one.document), (line, ())])
    after = rewrite(connection, one, document, books)
    added = _added(line)
    was = {"total": one.document.total}
    log(connection, actor, ADD, [(one.number, was, {"total": after.document.total, **added})])

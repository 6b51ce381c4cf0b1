"""Commands for finance: the month-end pack and the finance workbook."""

import tempfile
from pathlib import Path

from timix_xl.billing.finance import Finance
from timix_xl.billing.finance import finance as gather
from timix_xl.billing.month_end import month_end
from timix_xl.billing.pack import Pack, Sums, Tie
from timix_xl.cli import printing, reading, shapes
from timix_xl.cli.new_workbook import make_workbook
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.telling import fault_shape
from timix_xl.documents.pack_export import export_pack
from timix_xl.domain.money import plain, plain_money
from timix_xl.domain.periods import days_of_month
from timix_xl.errors import BadArgument
from timix_xl.hosts import files
from timix_xl.hosts.opening import open_workbook
from timix_xl.workbook import finance_sheets

TEMPLATE = "finance.xlsx"


def pack(session: Session) -> Answer:
    """Write the month-end pack of a month as one PDF."""
    month = session.chosen.month
    if days_of_month(month) is None:
        expected, example = "a month", "2026-01"
        raise BadArgument(argument="YYYY-MM", value=month, expected=expected, example=example)
    path = Path(session.chosen.output or f"month-end-{month}.pdf")
    if path.suffix.lower() != ".pdf":
        expected, example = "the name of a PDF", f"month-end-{month}.pdf"
        raise BadArgument(argument="-o", value=str(path), expected=expected, example=example)
    found = month_end(session.store, month, today=session.today)
    written = export_pack(found, path.parent, path.name)
    state = "closed" if found.closed else "provisional: the month is not closed"
    ties = f"{printing.of(len(found.ties), 'figure')} {'ties' if len(found.ties) == 1 else 'tie'}"
    text = f"Wrote {written.path}: {found.month}, {state}; {ties} to the register."
    shape = _pack(found) | {
        "file": str(written.path),
        "faults": [fault_shape(one) for one in written.warnings],
    }
    lines = [text, *printing.fault_lines(written.warnings)]
    return Answer(shape, lambda console: printing.show(console, lines))


def _pack(found: Pack) -> shapes.Shape:
    return {
        "month": found.month,
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "closed": found.closed is not None,
        "sums": [_sums(one) for one in found.sums],
        "ties": [_tie(one) for one in found.ties],
    }


def _sums(one: Sums) -> shapes.Shape:
    names = ("net", "tax", "gross", "opening", "credited", "voided", "received")
    amounts = {name: getattr(one, name) for name in names}
    amounts |= {
        "written_off": one.given_up,
        "outstanding": one.outstanding,
        "wip": one.wip.amount,
    }
    words = {name: plain_money(amount, one.currency) for name, amount in amounts.items()}
    return {"currency": one.currency, **words, "wip_hours": plain(one.wip.hours)}


def _tie(one: Tie) -> shapes.Shape:
    return {
        "what": one.what,
        "unit": one.unit,
        "here": one.here,
        "one": shapes.in_unit(one.one, one.unit),
        "there": one.there,
        "other": shapes.in_unit(one.other, one.unit),
        "holds": one.holds,
    }


def finance(session: Session) -> Answer:
    """Write the finance workbook; one that is there is brought up to date."""
    found = _gathered(session)
    path = Path(session.chosen.output or _file_name(found))
    saved = _written(found, path)
    return Answer(
        _finance(found, saved),
        lambda console: printing.say(console, f"Wrote {saved}: as of {found.as_of}."),
    )


def open_finance(session: Session) -> Answer:
    """Open a finance workbook of the reader's own; the store is only read."""
    found = _gathered(session)
    folder = Path(tempfile.mkdtemp(prefix="timix-xl-"))
    saved = _written(found, folder / _file_name(found))
    open_workbook(Path(saved))
    text = f"Opened {saved}: as of {found.as_of}. It is a copy of your own; the store is only read."
    return Answer(_finance(found, saved), lambda console: printing.say(console, text))


def _gathered(session: Session) -> Finance:
    day = reading.optional_day(session.chosen.as_of, "--as-of")
    if day and day > session.today:
        expected, example = "a day that has come", session.today.isoformat()
        raise BadArgument(argument="--as-of", value=str(day), expected=expected, example=example)
    return gather(session.store_to_read, today=session.today, as_of=day)


def _file_name(found: Finance) -> str:
    return f"finance-{found.as_of}.xlsx"


def _written(found: Finance, path: Path) -> str:
    """Write the workbook; returns the path of the file that was written."""
    if not path.exists():
        make_workbook(path, TEMPLATE, example=_file_name(found))
    with files.open_book(path) as book:
        files.check_free(path)
        finance_sheets.show(book, found)
        book.save()
        return str(book.fullname)


def _finance(found: Finance, saved: str) -> shapes.Shape:
    return {
        "file": saved,
        "as_of": found.as_of.isoformat(),
        "month": found.month,
        "customers": len(found.receivables),
        "documents": sum(len(one.documents) for one in found.receivables),
        "frame_orders": len(found.orders),
    }

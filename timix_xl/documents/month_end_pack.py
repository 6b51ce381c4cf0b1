"""The PDF of a month-end pack: one file that finance can file, tied to the register to the cent."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

from timix_xl.billing.pack import Pack
from timix_xl.documents.faces import BOLD, REGULAR, covered
from timix_xl.documents.invoice_pdf import Rendered
from timix_xl.documents.legible import legible
from timix_xl.documents.logo import fitted, is_readable
from timix_xl.documents.marks import (
    ALARM,
    LEFT,
    MM,
    RIGHT,
    SOFT,
    Group,
    Mark,
    Strip,
    Text,
    baseline,
    leading,
)
from timix_xl.documents.notation import Notation, notation
from timix_xl.documents.pack_balances import receivables, work
from timix_xl.documents.pack_orders import burns, orders
from timix_xl.documents.pack_register import payments, register
from timix_xl.documents.pack_roll_forward import roll_forward
from timix_xl.documents.pack_stationery import PackStationery, state, title
from timix_xl.documents.pack_summary import charts, summary, ties
from timix_xl.documents.pack_writer import Writer
from timix_xl.documents.pages import Block, paginated
from timix_xl.documents.palette import palette
from timix_xl.documents.press import printed
from timix_xl.documents.typesetting import clipped, wrapped


def month_end_pack(pack: Pack) -> Rendered:
    """Print a pack; the same values give the same bytes."""
    shown, replaced = legible(pack)
    notes = notation(pack.locale, covered())
    colours = palette(shown.company.brand_colour)
    writer = Writer(shown, colours, notes)
    name = title(shown, notes)
    content = printed(
        paginated(_blocks(writer)),
        PackStationery(shown, colours, notes),
        title=name,
        subject=f"{name} of {shown.company.name}",
        identity=repr((replace(pack, logo=None), sha256(pack.logo or b"").hexdigest())),
    )
    left_out = pack.logo is not None and not is_readable(pack.logo)
    return Rendered(content, replaced, logo_left_out=left_out)


def _blocks(writer: Writer) -> list[Block]:
    blocks = (
        Block((_head(writer),)),
        *summary(writer),
        ties(writer),
        charts(writer),
        register(writer),
        payments(writer),
        *receivables(writer),
        *work(writer),
        orders(writer),
        burns(writer),
        roll_forward(writer),
    )
    return [block for block in blocks if block]


def _head(writer: Writer) -> Group:
    """Lay out the logo or the name of the company, the month, and whether it is closed."""
    pack, notes = writer.pack, writer.notes
    colour = SOFT if pack.closed else ALARM
    return (
        Strip(15 * MM, tuple(_sender(writer))),
        *_lines(title(pack, notes), BOLD, 20, writer.colours.accent),
        *_lines(state(pack, notes), REGULAR, 10, colour),
        *_lines(_sender_line(pack, notes), REGULAR, 9, SOFT),
    )


def _sender_line(pack: Pack, notes: Notation) -> str:
    return f"{pack.company.name} · {notes.period(pack.first, pack.last)}"


def _sender(writer: Writer) -> Iterator[Mark]:
    company = writer.pack.company
    picture = fitted(writer.pack.logo, LEFT, 0, 75 * MM, 14 * MM) if writer.pack.logo else None
    if picture:
        yield picture
        return
    for at, line in enumerate(clipped(wrapped(company.name, BOLD, 14, RIGHT - LEFT), 2)):
        yield Text(LEFT, 16 + leading(14) * at, line, BOLD, 14, writer.colours.accent)


def _lines(text: str, font: str, size: float, colour: str) -> list[Strip]:
    return [
        Strip(leading(size), (Text(LEFT, baseline(size), line, font, size, colour),))
        for line in wrapped(text, font, size, RIGHT - LEFT)
    ]

"""The frame orders of a month-end pack: how far each is used, and when it will run out."""

from collections.abc import Iterator

from timix_xl.documents.marks import ALARM, LEFT, MM, RIGHT, Figure, Group, Strip, beside, space
from timix_xl.documents.pack_charts import burn_chart
from timix_xl.documents.pack_writer import Writer
from timix_xl.documents.pages import Block
from timix_xl.documents.tables import Bar, Column, Row
from timix_xl.domain.burn import Burn

_HALF = 80 * MM
_BAR = 18 * MM
_NAME = 45 * MM
_SAYS = (
    "Runs out: the day on which nothing is left if the pace holds. An order that was not drawn on"
    " lately, or has nothing left, shows none."
)


def orders(writer: Writer) -> Block:
    """Lay out the frame orders, with what is used as a bar and the day they run out."""
    columns = [
        Column("Frame order", stretches=True, least=_NAME),
        Column("Total", ends=True),
        Column("Billed", ends=True),
        Column("Remaining", ends=True),
        Column("Unit"),
        Column("Used", ends=True, least=_BAR),
        Column("Runs out"),
        Column("Valid to"),
        Column("State"),
    ]
    rows = [_order(writer, one) for one in writer.pack.orders]
    return writer.section("Frame orders", columns, rows, says=_SAYS)


def _order(writer: Writer, one: Burn) -> Row:
    order, notes = one.order, writer.notes
    words = " · ".join(filter(None, (order.title, writer.who(order.customer))))
    figures = (order.total, order.billed, order.remaining)
    return (
        f"{order.number}\n{words}",
        *(writer.in_unit(each, order.unit) for each in figures),
        order.unit,
        Bar(
            f"{notes.quantity(order.percent)} %",
            float(order.percent / 100),
            ALARM if order.remaining < 0 else writer.colours.bar,
            writer.colours.tint,
        ),
        notes.day(one.runs_out) if one.runs_out else "",
        notes.day(order.valid_to) if order.valid_to else "",
        order.state_on(writer.pack.last).value.replace("_", " "),
    )


def burns(writer: Writer) -> Block | None:
    """Draw what is left of each order that was drawn on, two side by side."""
    drawn = [one for one in writer.pack.orders if any(month.drawn for month in one.months)]
    groups = [*_pairs([_chart(writer, one, at) for at, one in enumerate(drawn)])]
    return Block(tuple(groups)) if groups else None


def _pairs(strips: list[Strip]) -> Iterator[Group]:
    for at in range(0, len(strips), 2):
        yield (space(6 * MM), beside(*strips[at : at + 2]))


def _chart(writer: Writer, one: Burn, at: int) -> Strip:
    end, order = one.runs_out, one.order
    left, whole = (writer.in_unit(each, order.unit) for each in (order.remaining, order.total))
    title = f"{order.number}: {left} of {whole} {order.unit} left"
    words = (
        writer.notes.day(one.months[0].first),
        f"runs out {writer.notes.day(end)}" if end else writer.notes.day(writer.pack.last),
    )
    drawing = burn_chart(one, writer.pack.last, title, words, width=_HALF, colours=writer.colours)
    x = LEFT if at % 2 == 0 else RIGHT - _HALF
    return Strip(drawing.height, (Figure(x, 0, drawing.width, drawing.height, drawing),))

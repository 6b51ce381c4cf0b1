"""The WIP roll-forward of a month-end pack: from the opening to the closing figure."""

from collections.abc import Iterable, Sequence

from timix_xl.documents.marks import MM
from timix_xl.documents.pack_writer import Writer
from timix_xl.documents.pages import Block
from timix_xl.documents.tables import Across, Column, Row, Strong
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.wip import Flow, RollForward, Work

_INDENT = "    "
_UNIT = 10 * MM
_ENDS = {Flow.OPENING, Flow.CLOSING}
_SAYS = "Billed, written off and held are taken away. What is nothing for everybody is left out."


def roll_forward(writer: Writer) -> Block:
    """Lay out the flows from left to right, hours above money, customer by customer."""
    rolled = writer.pack.rolled
    flows = [flow for flow in Flow if flow in _ENDS or any(one[flow] != Work() for one in rolled)]
    columns = [
        Column("", stretches=True, least=_UNIT),
        *(Column(flow.value.replace("_", " ").capitalize(), ends=True) for flow in flows),
    ]
    rows: list[Row | Strong | Across] = []
    for one in rolled:
        rows += [Across(writer.who(one.customer)), _row(writer, one, flows)]
    for currency in sorted({one.currency for one in rolled}):
        summed = _summed(rolled, currency)
        rows += [Across(f"Total {currency}"), Strong(_row(writer, summed, flows))]
    return writer.section("WIP roll-forward", columns, rows, says=_SAYS)


def _row(writer: Writer, one: RollForward, flows: Sequence[Flow]) -> Row:
    figures = (
        f"{writer.notes.quantity(one[flow].hours)}\n{writer.money(one[flow].amount, one.currency)}"
        for flow in flows
    )
    return (f"{_INDENT}{HOURS}\n{_INDENT}{one.currency}", *figures)


def _summed(rolled: Iterable[RollForward], currency: str) -> RollForward:
    ours = [one for one in rolled if one.currency == currency]
    flows = {flow: sum((one[flow] for one in ours), Work()) for flow in Flow}
    return RollForward(customer="", currency=currency, flows=flows)

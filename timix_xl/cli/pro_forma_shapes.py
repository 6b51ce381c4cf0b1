"""The JSON shape of a pro forma: a document with a revision, a state and what limits leave."""

from collections.abc import Mapping

from timix_xl.cli import shapes
from timix_xl.cli.shapes import Shape
from timix_xl.domain.limits import LineLimit
from timix_xl.domain.money import plain_money, total
from timix_xl.domain.pro_formas import ProForma


def pro_forma(one: ProForma, limits: Mapping[int, LineLimit]) -> Shape:
    """Shape a pro forma; `limits` is by line what limits leave for it."""
    whole, money = shapes.document(one.document), one.currency
    over = total(limit.over for limit in limits.values())
    own = {
        "id": str(one.document_id),
        "status": one.state.value,
        "revision": one.revision,
        "version": one.version,
        "project": one.project,
        "released_to": one.released_to,
        "put_back": one.put_back,
        "over_limit": plain_money(over, money) if limits else None,
        "outstanding": plain_money(over - over, money),
    }
    lines = {
        name: [_line(line, limits.get(line["line"]), money) for line in whole[name]]
        for name in ("lines", "not_printed")
    }
    return whole | own | lines


def _line(line: Shape, limit: LineLimit | None, money: str) -> Shape:
    """Add what limits leave."""
    left = {"limit_available": limit.available, "over_limit": limit.over} if limit else {}
    return line | {name: plain_money(amount, money) for name, amount in left.items()}

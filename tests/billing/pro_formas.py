"""Pro formas for tests: an agency's project that is billed by pro forma, and what was agreed."""

from typing import Any

from tests.builders import ANN, BILLING_DATE, D, Shop
from timix_xl.billing.pro_forma import new, open_, pro_forma
from timix_xl.billing.pro_forma_edit import add_line, edit
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.domain.invoices import Line
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProForma

PF = "PF-00001"
TRAVEL = NewLine(task="T", description="Travel", quantity=D(1), amount=D(50))


def a_shop(shop: Shop) -> Shop:
    """Let project P be billed by pro forma."""
    shop.change("projects", {"code": "P"}, pro_forma=True)
    return shop


def empty(shop: Shop) -> ProForma:
    """Make an empty pro forma of project P."""
    return new(shop.store, "P", BILLING_DATE, actor=ANN)


def with_hours(shop: Shop, *ids: str, **facts: Any) -> ProForma:
    """Make a pro forma with a line for each of these hours at 100."""
    shop.time(*ids, **facts)
    made = empty(shop)
    return upload(shop.store, made.number, list(ids), actor=ANN).pro_forma


def type_in(shop: Shop, line: int = 1, **typed: Any) -> ProForma:
    """Edit one line of the first pro forma."""
    more = {name: typed.pop(name) for name in ("version", "request", "actor") if name in typed}
    return edit(shop.store, PF, [LineEdit(line=line, **typed)], **({"actor": ANN} | more))


def add_travel(shop: Shop, **facts: Any) -> ProForma:
    """Add a line by hand to the first pro forma."""
    return add_line(shop.store, PF, TRAVEL, **({"actor": ANN} | facts))


def opened(shop: Shop) -> ProForma:
    """Open the first pro forma."""
    return open_(shop.store, PF, actor=ANN).pro_forma


def now(shop: Shop, number: str = PF) -> ProForma:
    """Return a pro forma as it stands."""
    return pro_forma(shop.store, number)


def lines(shop: Shop, number: str = PF) -> tuple[Line, ...]:
    """Return the lines of a pro forma as they stand."""
    return now(shop, number).document.lines


def log_of(shop: Shop, number: str = PF) -> list[tuple[Any, ...]]:
    """Return who did what to a pro forma."""
    return shop.rows(f"SELECT by, action FROM audit_log WHERE object = '{number}' ORDER BY id")


def claimed_by_pf(shop: Shop) -> list[str]:
    """Return the entries that the first pro forma claims."""
    return [row[0] for row in shop.rows("SELECT entry FROM claims WHERE document = 1")]

"""How a pro forma is shown once something was done to it."""

from collections.abc import Sequence

from rich.console import Console

from timix_xl.billing.pro_forma_limits import pro_forma_limits
from timix_xl.cli import pro_forma_shapes, pro_forma_tables
from timix_xl.cli.printing import fault_lines, say
from timix_xl.cli.printing import show as show_lines
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.telling import fault_shape
from timix_xl.domain.pro_formas import ProForma
from timix_xl.errors import Fault


def shown(
    session: Session, one: ProForma, says: str = "", warnings: Sequence[Fault] = ()
) -> Answer:
    """Show a pro forma, with what was done to it and what there is to know."""
    limits = pro_forma_limits(session.store, [one])[one.document_id]
    shape = pro_forma_shapes.pro_forma(one, limits)
    if warnings:
        shape["faults"] = [fault_shape(fault) for fault in warnings]

    def show(console: Console) -> None:
        if says:
            say(console, says)
        pro_forma_tables.show(console, one, limits)
        show_lines(console, fault_lines(warnings))

    return Answer(shape, show)

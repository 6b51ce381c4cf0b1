"""The functions that are calculated; a formula with another one keeps the file's result."""

from collections.abc import Callable
from typing import Any

from timix_xl.hosts.files.formulas import logic, lookups, statistics, subtotals, wording
from timix_xl.hosts.files.formulas.nodes import Node

# The evaluation that calls, and the arguments as they were written.
Function = Callable[[Any, tuple[Node | None, ...]], Any]

FUNCTIONS: dict[str, Function] = {
    **logic.FUNCTIONS,
    **lookups.FUNCTIONS,
    **statistics.FUNCTIONS,
    **subtotals.FUNCTIONS,
    **wording.FUNCTIONS,
}

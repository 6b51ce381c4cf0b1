"""Tell what stopped a command: on standard error for people, as JSON for scripts."""

import sys

from timix_xl.cli.plain import as_json, visible
from timix_xl.errors import Fault, TimixError


def tell(stopped: TimixError) -> None:
    """Say message, hint and code, and list the faults, those that stop it first."""
    print(visible(str(stopped)), file=sys.stderr)
    for fault in sorted(stopped.faults, key=lambda one: not one.is_error):
        print(visible(f"  {'!' if fault.is_error else '-'} {fault}"), file=sys.stderr)


def tell_as_json(stopped: TimixError) -> None:
    """Print the error's shape on standard output."""
    print(as_json(error_shape(stopped)))


def error_shape(stopped: TimixError) -> dict[str, object]:
    """Shape what stopped a command."""
    return {
        "error": {
            "code": stopped.code,
            "message": stopped.message,
            "hint": stopped.hint,
            "where": stopped.where or None,
            "faults": [fault_shape(one) for one in stopped.faults],
        }
    }


def fault_shape(one: Fault) -> dict[str, object]:
    """Shape a fault."""
    return {
        "code": one.code,
        "where": one.where or None,
        "message": one.message,
        "hint": one.hint,
        "level": one.level,
    }

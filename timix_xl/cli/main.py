"""Start here: read the command line, run one command, answer with an exit code."""

import json
import os
import sys
from collections.abc import Sequence
from typing import TextIO

from timix_xl.cli import arguments
from timix_xl.errors import TimixError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code. The only place here that catches."""
    words = list(sys.argv[1:] if argv is None else argv)
    _speak_utf8(sys.stdout, sys.stderr)
    try:
        chosen = arguments.parse(words)
        # Here, so that --version and --help load neither the store nor a spreadsheet library.
        from timix_xl.cli.commands import run  # noqa: PLC0415

        return run(chosen)
    except TimixError as stopped:
        _tell(stopped, as_json="--json" in words)
        return stopped.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped. Nothing was written.", file=sys.stderr)
        return 130


def _speak_utf8(*streams: TextIO) -> None:
    """Keep a narrow Windows code page from failing on a customer's name."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _tell(stopped: TimixError, *, as_json: bool) -> None:
    if as_json:
        from timix_xl.cli import shapes  # noqa: PLC0415  see above

        print(json.dumps(shapes.error(stopped), ensure_ascii=False, indent=2))
        return
    print(stopped, file=sys.stderr)
    for fault in stopped.faults:
        print(f"  {'!' if fault.is_error else '-'} {fault}", file=sys.stderr)

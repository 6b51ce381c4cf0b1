"""Start here: read the command line, run one command, answer with an exit code."""

import os
import sys
from collections.abc import Sequence
from typing import TextIO

from timix_xl.cli import arguments
from timix_xl.cli.telling import tell, tell_as_json
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
        (tell_as_json if "--json" in words else tell)(stopped)
        return stopped.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Stopped. What was not finished was not written.", file=sys.stderr)
        return 130


def _speak_utf8(*streams: TextIO) -> None:
    """Keep a narrow Windows code page from failing on a customer's name."""
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")

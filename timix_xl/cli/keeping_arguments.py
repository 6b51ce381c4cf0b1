"""What is said on the command line to keep a store: back it up, move it, grant it, seal it."""

import argparse
from collections.abc import Callable
from typing import Any

ROLES = ("viewer", "reviewer", "issuer")


def add_keeping_commands(
    commands: "argparse._SubParsersAction[Any]",
    after: argparse.ArgumentParser,
) -> None:
    """Add `store` and `seal` with their steps; `after` has the global options."""
    _store(_steps(commands, after, "store", "keep the store: back it up, move it, share it"))
    _seal(_steps(commands, after, "seal", "what proves later that nothing was changed"))


_Step = Callable[[str, str], argparse.ArgumentParser]


def _steps(
    commands: "argparse._SubParsersAction[Any]",
    after: argparse.ArgumentParser,
    name: str,
    says: str,
) -> _Step:
    parser = commands.add_parser(name, help=says, description=says, parents=[after])
    steps = parser.add_subparsers(dest="step", metavar="STEP", required=True)

    def step(name: str, says: str) -> argparse.ArgumentParser:
        added: argparse.ArgumentParser = steps.add_parser(
            name, help=says, description=says, parents=[after]
        )
        return added

    return step


def _store(step: _Step) -> None:
    backup = step("backup", "write a backup of the store, as of now, while others work")
    backup.add_argument("file", metavar="FILE", help="a new file")
    restored = step("restore", "verify a backup and put it in the place of the store")
    restored.add_argument("file", metavar="FILE", help="a backup")
    says = (
        "also if work is lost by it: documents, payments, imports, whatever came after the backup"
    )
    restored.add_argument("--lose-what-was-done-since", action="store_true", help=says)
    copied = step("copy", "copy a store into another place, also between SQLite and PostgreSQL")
    copied.add_argument("source", metavar="FROM", help="path or URL of a store")
    copied.add_argument("target", metavar="TO", help="path or URL; nothing may be there yet")
    granted = step("grant", "let a user of the PostgreSQL server view, review or issue")
    granted.add_argument("role", choices=ROLES)
    granted.add_argument("--to", metavar="LOGIN", action="append", required=True, help="who")
    revoked = step("revoke", "let users of the PostgreSQL server no longer use the store")
    revoked.add_argument("logins", metavar="LOGIN", nargs="+")
    step("grants", "who may use the store, and as what")


def _seal(step: _Step) -> None:
    exported = step("export", "write what documents and totals are now, to be kept elsewhere")
    period = exported.add_mutually_exclusive_group()
    period.add_argument("--month", metavar="YYYY-MM", help="of one month")
    period.add_argument("--from", dest="first", metavar="DATE", help="of documents dated since")
    exported.add_argument("--to", dest="last", metavar="DATE", help="and until (today)")
    exported.add_argument("-o", "--output", metavar="FILE", help="where (seal-PERIOD.json)")

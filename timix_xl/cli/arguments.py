"""The command line's arguments. Imports nothing heavy, so that --help answers at once."""

import argparse
from collections.abc import Callable, Sequence
from typing import NoReturn, TypeAlias

from timix_xl import __version__
from timix_xl.errors import BadCommand

GROUPINGS = ("entry", "task", "person", "day", "week", "project")
STATUSES = ("draft", "issued", "sent", "void", "paid", "part_paid", "overdue", "credited", "open")


_Add: TypeAlias = Callable[[str, str], "Parser"]
"""Add one command: its name, what it does."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are ours."""

    def error(self, message: str) -> NoReturn:
        """Raise BadCommand with argparse's words."""
        raise BadCommand(problem=message[:1].upper() + message[1:], command=self.prog)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line; raises BadCommand. Global options are taken before and after."""
    return _parser().parse_args(arguments)


def command_names() -> list[str]:
    """List every command, for the README's test."""
    subparsers = next(
        action
        for action in _parser()._actions  # noqa: SLF001  argparse has no public way to list them
        if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
    )
    return list(subparsers.choices)


def _globals(*, default: object) -> Parser:
    """Make the global options; after a command they must not reset what stood before it."""
    options = Parser(add_help=False, argument_default=default)
    options.add_argument("--store", metavar="PATH", help="the store (default: TIMIX_STORE)")
    options.add_argument("--user", metavar="NAME", help="who acts (default: the system's user)")
    options.add_argument("--today", metavar="DATE", help="the day of the act (default: the clock)")
    options.add_argument("--json", action="store_true", help="answer in JSON, for scripts")
    return options


def _parser() -> Parser:
    parser = Parser(
        prog="timix-xl",
        description="From approved time and material to frozen invoices.",
        parents=[_globals(default=None)],
    )
    parser.set_defaults(json=False)
    parser.add_argument("--version", action="version", version=f"timix-xl {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    after = _globals(default=argparse.SUPPRESS)

    def command(name: str, says: str) -> Parser:
        return commands.add_parser(name, help=says, description=says, parents=[after])

    _store_commands(command)
    _review_commands(command)
    _document_commands(command, commands, after)
    return parser


def _store_commands(command: _Add) -> None:
    command("init", "make an empty store")
    demo = command("demo", "run a whole month end on a store of its own")
    demo.add_argument("--into", metavar="DIR", default="timix-demo", help="where (timix-demo)")
    demo.add_argument("--fresh", action="store_true", help="start anew")
    taking = command("import", "take in books files and entries")
    taking.add_argument("files", metavar="FILE", nargs="+")
    taking.add_argument("--format", choices=("books", "entries"), help="what the file is")
    taking.add_argument(
        "--status",
        choices=("draft", "submitted", "approved", "rejected"),
        help="of entries that name none",
    )
    taking.add_argument("--reapprove", action="store_true", help="take changes of approved entries")
    taking.add_argument("--skip-bad", action="store_true", help="take the other rows")
    taking.add_argument("--dry-run", action="store_true", help="only say what would happen")
    command("verify", "recompute seals, numbers, balances and states")
    log = command("log", "show the audit log")
    log.add_argument("object", metavar="OBJECT", nargs="?", help="for example INV-2026-00001")


def _review_commands(command: _Add) -> None:
    command("customers", "what can be billed, by customer").add_argument(
        "--billing-date", metavar="DATE"
    )
    unbilled = command("unbilled", "what can be billed, and what is left out and why")
    unbilled.add_argument("customer", metavar="CUSTOMER", nargs="?")
    unbilled.add_argument("--billing-date", metavar="DATE")
    review = command("review", "load the review into a billing workbook")
    review.add_argument("customer", metavar="CUSTOMER")
    review.add_argument("--billing-date", metavar="DATE", required=True)
    review.add_argument("-o", "--output", metavar="FILE.xlsx")
    decide = command("decide", "save decisions, by id or from a workbook")
    decide.add_argument("target", metavar="CUSTOMER|FILE")
    for name in ("bill", "defer", "write-off"):
        decide.add_argument(f"--{name}", metavar="all|IDS", action="append", default=[])
    decide.add_argument("--reason", metavar="TEXT", default="")
    decide.add_argument("--clear", action="store_true", help="forget what was saved before")
    decide.add_argument("--bill-qty", metavar="ID=N", action="append", default=[])
    decide.add_argument("--rest", choices=("defer", "write-off", "write_off"))
    _run_options(command("preview", "show the documents that an issue would make"))
    issue = command("issue", "number, freeze and book the invoices")
    _run_options(issue)
    issue.add_argument("--draft", action="store_true", help="save a draft instead")
    issue.add_argument("--request", metavar="ID", help="the same id again = the first result")
    orders = command("frame-orders", "utilization of frame orders")
    orders.add_argument("customer", metavar="CUSTOMER", nargs="?")
    orders.add_argument("--as-of", metavar="DATE")


def _run_options(parser: Parser) -> None:
    parser.add_argument("target", metavar="CUSTOMER|FILE")
    parser.add_argument("--billing-date", metavar="DATE")
    parser.add_argument("--issue-date", metavar="DATE")
    parser.add_argument("--frame-order", metavar="NUMBER")
    parser.add_argument("--terms", metavar="DAYS")
    parser.add_argument("--po", metavar="NUMBER")
    parser.add_argument("--from", dest="period_from", metavar="DATE")
    parser.add_argument("--to", dest="period_to", metavar="DATE")
    parser.add_argument("--buyer-reference", metavar="TEXT")
    parser.add_argument("--notes", metavar="TEXT")
    parser.add_argument("--group-by", choices=GROUPINGS)


def _document_commands(
    command: _Add,
    commands: "argparse._SubParsersAction[Parser]",
    after: Parser,
) -> None:
    register = command("invoices", "the register")
    register.add_argument("--customer", metavar="CUSTOMER")
    register.add_argument("--status", metavar="STATUS", type=_status)
    register.add_argument("--as-of", metavar="DATE")
    says = "the life of one invoice"
    invoice = commands.add_parser("invoice", help=says, description=says, parents=[after])
    steps = invoice.add_subparsers(dest="step", metavar="STEP", required=True)

    def step(name: str, says: str) -> Parser:
        added = steps.add_parser(name, help=says, description=says, parents=[after])
        added.add_argument("number", metavar="NUMBER")
        return added

    step("show", "show an invoice")
    step("send", "mark it as sent")
    pdf = step("pdf", "write its PDF")
    pdf.add_argument("-o", "--output", metavar="FILE|DIR", help="where (this folder)")
    for name, says in (("pay", "record a payment"), ("unpay", "take a payment back")):
        booked = step(name, says)
        booked.add_argument("--amount", required=True)
        booked.add_argument("--date", metavar="DATE")
        booked.add_argument("--reference", metavar="TEXT", default="")
        booked.add_argument("--request", metavar="ID", help="the same id again books once")
    step("void", "void an invoice that was never sent").add_argument("--reason", default="")
    credit = step("credit", "make a credit note (comes with a later version)")
    credit.add_argument("--reason", default="")


def _status(text: str) -> str:
    word = text.replace("-", "_")
    if word not in STATUSES:
        known = ", ".join(one.replace("_", "-") for one in STATUSES)
        raise argparse.ArgumentTypeError(f"{text!r} is no status; choose one of {known}")
    return word

"""The command line's arguments. Imports nothing heavy, so that --help answers at once."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

from timix_xl import __version__
from timix_xl.errors import BadCommand

LATER = (
    *("export", "restore", "close", "reopen", "wip", "bill", "projects", "pro-forma"),
    *("submit", "approve", "reject", "addin", "open"),
)
"""Commands that later versions bring: they are known, refused, and not in --help."""
LATER_COMMAND = "later"
LATER_STEPS = ("credit", "issue", "delete")
STATUSES_OF_ENTRIES = ("draft", "submitted", "approved", "rejected")
BUTTONS = (
    *("refresh_customers", "bill_all", "defer_all", "fit_to_frame_order"),
    *("refresh_invoices", "run_actions", "export_pdf", "verify_store"),
)
GROUPINGS = ("entry", "task", "person", "day", "week", "project")
STATUSES = ("draft", "issued", "sent", "void", "paid", "part_paid", "overdue", "credited", "open")


_Add: TypeAlias = Callable[[str, str], "Parser"]
"""Add one command: its name, what it does."""


class _Help(argparse.HelpFormatter):
    """Help with every command and option on a line of its own."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32)


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are ours; options are written out."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, formatter_class=_Help, **settings)

    def error(self, message: str) -> NoReturn:
        """Raise BadCommand with argparse's words."""
        raise BadCommand(problem=message[:1].upper() + message[1:], command=self.prog)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read a command line; raises BadCommand. Global options are taken before and after."""
    chosen, rest = _globals(default=None).parse_known_args(arguments)
    if rest[:1] and rest[0] in LATER:
        return argparse.Namespace(**vars(chosen) | {"command": LATER_COMMAND, "words": rest[:1]})
    if rest[:1] == ["invoice"] and rest[1:2] and rest[1] in LATER_STEPS:
        return argparse.Namespace(**vars(chosen) | {"command": LATER_COMMAND, "words": rest[:2]})
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
    options = Parser(prog="timix-xl", add_help=False, argument_default=default)
    options.add_argument("--store", metavar="PATH", help="the store (default: TIMIX_STORE)")
    options.add_argument("--user", metavar="NAME", help="who acts (default: the system's user)")
    options.add_argument(
        "--today", metavar="YYYY-MM-DD", help="the day of the act (default: the clock)"
    )
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
    taking.add_argument("--format", metavar="FORMAT", help="books or entries (default: by content)")
    taking.add_argument("--mapping", metavar="FILE", help=argparse.SUPPRESS)
    taking.add_argument("--date-order", choices=("dmy", "mdy"), help=argparse.SUPPRESS)
    taking.add_argument("--status", choices=STATUSES_OF_ENTRIES, help="of entries that name none")
    taking.add_argument("--reapprove", action="store_true", help="take changes of approved entries")
    taking.add_argument("--skip-bad", action="store_true", help="take the other rows")
    taking.add_argument("--dry-run", action="store_true", help="only say what would happen")
    command("verify", "recompute seals, numbers, balances and states")
    log = command("log", "show the audit log")
    log.add_argument("object", metavar="OBJECT", nargs="?", help="for example INV-2026-00001")


def _review_commands(command: _Add) -> None:
    customers = command("customers", "what can be billed, by customer")
    customers.add_argument("--billing-date", metavar="DATE", help="up to when (today)")
    unbilled = command("unbilled", "what can be billed, and what is left out and why")
    unbilled.add_argument("customer", metavar="CUSTOMER", nargs="?")
    unbilled.add_argument("--billing-date", metavar="DATE", help="up to when (today)")
    unbilled.add_argument("--as-of", metavar="DATE", help=argparse.SUPPRESS)
    review = command("review", "load the review into a billing workbook")
    review.add_argument("customer", metavar="CUSTOMER")
    review.add_argument("--billing-date", metavar="DATE", required=True)
    review.add_argument("-o", "--output", metavar="FILE.xlsx")
    decide = command("decide", "save decisions, by id or from a workbook")
    decide.add_argument("target", metavar="CUSTOMER|FILE")
    for name in ("bill", "defer"):
        decide.add_argument(f"--{name}", metavar="all|IDS", action="append", default=[])
    decide.add_argument("--write-off", metavar="IDS", action="append", default=[])
    decide.add_argument("--reason", metavar="TEXT", default="", help="for Defer and Write off")
    decide.add_argument("--clear", action="store_true", help="forget what was saved before")
    decide.add_argument("--bill-qty", metavar="ID=N", action="append", help=argparse.SUPPRESS)
    decide.add_argument("--rest", type=_choice_of("defer", "write_off"), help=argparse.SUPPRESS)
    _run_options(command("preview", "show the documents that an issue would make"))
    issue = command("issue", "number, freeze and book the invoices")
    _run_options(issue)
    issue.add_argument("--draft", action="store_true", help=argparse.SUPPRESS)
    issue.add_argument("--request", metavar="ID", help="the same id again = the first result")
    button = command("run", "run one button of the workbook, by its name")
    button.add_argument("macro", metavar="BUTTON", choices=BUTTONS, type=_underscored)
    button.add_argument("file", metavar="FILE.xlsx")
    orders = command("frame-orders", "utilization of frame orders")
    orders.add_argument("customer", metavar="CUSTOMER", nargs="?")
    orders.add_argument("--as-of", metavar="DATE", help="as it stood at the end of that day")


def _run_options(parser: Parser) -> None:
    parser.add_argument("target", metavar="CUSTOMER|FILE", help="FILE ends in .xlsx or .xlsm")
    for option, metavar, says in (
        ("--billing-date", "DATE", "up to when entries are taken"),
        ("--issue-date", "DATE", "the date on the paper"),
        ("--frame-order", "NUMBER", "draw on this order (default: none)"),
        ("--terms", "DAYS", "payment terms (default: the customer's)"),
        ("--po", "NUMBER", "the customer's order (default: the frame order's)"),
        ("--buyer-reference", "TEXT", "printed (default: the customer's)"),
        ("--notes", "TEXT", "printed below the lines"),
    ):
        parser.add_argument(option, metavar=metavar, help=says)
    parser.add_argument("--from", dest="period_from", metavar="DATE", help="service period from")
    parser.add_argument("--to", dest="period_to", metavar="DATE", help="service period to")
    parser.add_argument("--group-by", choices=GROUPINGS, help="how entries share lines (entry)")


def _document_commands(
    command: _Add,
    commands: "argparse._SubParsersAction[Parser]",
    after: Parser,
) -> None:
    register = command("invoices", "the register")
    register.add_argument("--customer", metavar="CUSTOMER")
    register.add_argument("--status", metavar="STATUS", type=_choice_of(*STATUSES))
    register.add_argument("--as-of", metavar="DATE", help="as it stood at the end of that day")
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
    voided = step("void", "void an invoice that was never sent")
    voided.add_argument("--reason", metavar="TEXT", default="")
    voided.add_argument("--request", metavar="ID", help="the same id again voids once")


def _choice_of(*words: str) -> Callable[[str], str]:
    """Return a reader of one of these words, with hyphens or underscores."""

    def read(text: str) -> str:
        word = text.lower().replace("-", "_")
        if word not in words:
            known = ", ".join(one.replace("_", "-") for one in words)
            raise argparse.ArgumentTypeError(f"{text!r} is none of {known}")
        return word

    return read


def _underscored(text: str) -> str:
    return text.replace("-", "_")

"""The command line's arguments. Imports nothing heavy, so that --help answers at once."""

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn, TypeAlias

from timix_xl import __version__
from timix_xl.cli.keeping_arguments import add_keeping_commands
from timix_xl.errors import BadCommand

LATER = ("submit", "approve", "reject")
"""Commands that later versions bring: they are known, refused, and not in --help."""
LATER_COMMAND = "later"
ANYWHERE = "--i-accept-that-sqlite-loses-data-here"
STATUSES_OF_ENTRIES = ("draft", "submitted", "approved", "rejected")
BUTTONS = (
    *("refresh_customers", "bill_all", "defer_all", "fit_to_frame_order"),
    *("refresh_invoices", "run_actions", "export_pdf", "verify_store"),
    *("bill_project", "refresh_pro_forma", "save_pro_forma"),
    *("open_pro_forma", "hold_pro_forma", "release_pro_forma"),
)
PROJECT_STATUSES = ("planned", "active", "suspended", "completed", "cancelled")
GROUPINGS = ("entry", "task", "person", "day", "week", "project")
STATUSES = (
    *("draft", "issued", "sent", "void", "open", "part_paid", "paid", "overdue", "credited"),
    "written_off",
)


_NO_TEXT = re.compile("[\\0\\ud800-\\udfff]")
"""Python reads bytes of an argument that are not UTF-8 as halves of characters."""
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
    for word in arguments:
        if _NO_TEXT.search(word):
            problem = f"{word!r} has a character that stands in no text and in no name of a file"
            raise BadCommand(problem=problem, command="timix-xl")
    chosen, rest = _globals(default=None).parse_known_args(arguments)
    if rest[:1] and rest[0] in LATER:
        return argparse.Namespace(**vars(chosen) | {"command": LATER_COMMAND, "words": rest[:1]})
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
    says = "the store, a path or a URL (default: TIMIX_STORE, else settings.toml)"
    options.add_argument("--store", metavar="PLACE", help=says)
    says = "open a SQLite store on a network share or in a synced folder all the same"
    options.add_argument(ANYWHERE, dest="anywhere", action="store_true", help=says)
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
    parser.set_defaults(json=False, anywhere=False)
    parser.add_argument("--version", action="version", version=f"timix-xl {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    after = _globals(default=argparse.SUPPRESS)

    def command(name: str, says: str) -> Parser:
        return commands.add_parser(name, help=says, description=says, parents=[after])

    _store_commands(command)
    _review_commands(command)
    _document_commands(command, commands, after)
    _period_commands(command)
    _project_commands(command)
    _pro_forma_commands(commands, after)
    _finance_commands(command)
    _addin_commands(commands, after)
    add_keeping_commands(commands, after)
    return parser


def _store_commands(command: _Add) -> None:
    command("init", "make an empty store")
    demo = command("demo", "run a whole month end on a store of its own")
    demo.add_argument("--into", metavar="DIR", default="timix-demo", help="where (timix-demo)")
    demo.add_argument("--fresh", action="store_true", help="start anew")
    taking = command("import", "take in books files, entries and timesheet exports")
    taking.add_argument("files", metavar="FILE", nargs="+")
    taking.add_argument(
        "--format",
        metavar="FORMAT",
        help="toggl, clockify, harvest, kimai, entries or books (default: by content)",
    )
    taking.add_argument(
        "--mapping", metavar="FILE", help="which of our codes an export's names are"
    )
    taking.add_argument(
        "--write-mapping", metavar="FILE", help="write a mapping for the export, to be filled in"
    )
    taking.add_argument(
        "--date-order", choices=("dmy", "mdy"), help="how an export's dates read, if unclear"
    )
    taking.add_argument("--status", choices=STATUSES_OF_ENTRIES, help="of entries that name none")
    taking.add_argument("--reapprove", action="store_true", help="take changes of approved entries")
    taking.add_argument("--skip-bad", action="store_true", help="take the other rows")
    taking.add_argument("--dry-run", action="store_true", help="only say what would happen")
    exporting = command("export", "write the store as a books file, which import takes")
    exporting.add_argument("what", metavar="books", choices=("books",))
    exporting.add_argument("file", metavar="FILE", help="ends in .json or .xlsx")
    verified = command("verify", "recompute seals, numbers, balances and states")
    says = "compare with what seal export wrote (may be given again)"
    verified.add_argument("--against", metavar="FILE", action="append", help=says)
    log = command("log", "show the audit log")
    log.add_argument("object", metavar="OBJECT", nargs="?", help="for example INV-2026-00001")


def _review_commands(command: _Add) -> None:
    customers = command("customers", "what can be billed, by customer")
    customers.add_argument("--billing-date", metavar="DATE", help="up to when (today)")
    unbilled = command("unbilled", "what can be billed, and what is left out and why")
    unbilled.add_argument("customer", metavar="CUSTOMER", nargs="?")
    unbilled.add_argument("--billing-date", metavar="DATE", help="up to when (today)")
    unbilled.add_argument("--as-of", metavar="DATE", help="as it stood at the end of that day")
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
    says = "bill this part of an entry"
    decide.add_argument("--bill-qty", metavar="ID=N", action="append", default=[], help=says)
    says = "what becomes of the rest of it: defer (default) or write-off"
    decide.add_argument("--rest", metavar="REST", type=_choice_of("defer", "write_off"), help=says)
    restore = command("restore", "take written-off entries back into the unbilled work")
    restore.add_argument("ids", metavar="IDS", nargs="+", help="with commas or blanks between")
    restore.add_argument("--reason", metavar="TEXT", default="")
    restore.add_argument("--request", metavar="ID", help="the same id again restores once")
    _run_options(command("preview", "show the documents that an issue would make"))
    issue = command("issue", "number, freeze and book the invoices")
    _run_options(issue, nargs="?")
    issue.add_argument("--all", action="store_true", help="for every customer, each by itself")
    issue.add_argument("--draft", action="store_true", help="save drafts: no number yet")
    issue.add_argument("--request", metavar="ID", help="the same id again = the first result")
    button = command("run", "run one button of the workbook, by its name")
    button.add_argument("macro", metavar="BUTTON", choices=BUTTONS, type=_underscored)
    button.add_argument("file", metavar="FILE.xlsx")
    orders = command("frame-orders", "utilization of frame orders")
    orders.add_argument("customer", metavar="CUSTOMER", nargs="?")
    orders.add_argument("--as-of", metavar="DATE", help="as it stood at the end of that day")


def _run_options(parser: Parser, nargs: str | None = None) -> None:
    says = "FILE ends in .xlsx or .xlsm"
    parser.add_argument("target", metavar="CUSTOMER|FILE", nargs=nargs, help=says)
    parser.add_argument("--billing-date", metavar="DATE", help="up to when entries are taken")
    _paper_options(parser)


def _paper_options(parser: Parser, old: str = "") -> None:
    customers = old or "the customer's"
    for option, metavar, says in (
        ("--issue-date", "DATE", "the date on the paper"),
        ("--frame-order", "NUMBER", f"draw on this order (default: {old or 'none'})"),
        ("--terms", "DAYS", f"payment terms (default: {customers})"),
        ("--po", "NUMBER", "the customer's order (default: the frame order's)"),
        ("--buyer-reference", "TEXT", f"printed (default: {customers})"),
        ("--notes", "TEXT", "printed below the lines"),
    ):
        parser.add_argument(option, metavar=metavar, help=says)
    parser.add_argument("--from", dest="period_from", metavar="DATE", help="service period from")
    parser.add_argument("--to", dest="period_to", metavar="DATE", help="service period to")
    parser.add_argument(
        "--group-by", choices=GROUPINGS, help=f"how entries share lines (default: {old or 'entry'})"
    )


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
    issued = step("issue", "number and freeze a draft")
    issued.add_argument("--issue-date", metavar="DATE", help="the date on the paper")
    issued.add_argument("--request", metavar="ID", help="the same id again = the first result")
    deleted = step("delete", "delete a draft: its entries can be billed again")
    deleted.add_argument("--request", metavar="ID", help="the same id again deletes once")
    step("send", "mark it as sent")
    pdf = step("pdf", "write its PDF")
    pdf.add_argument("-o", "--output", metavar="FILE|DIR", help="where (this folder)")
    for name, says in (("pay", "record a payment"), ("unpay", "take a payment back")):
        booked = step(name, says)
        booked.add_argument("--amount", required=True)
        booked.add_argument("--date", metavar="DATE")
        booked.add_argument("--reference", metavar="TEXT", default="")
        booked.add_argument("--request", metavar="ID", help="the same id again books once")
    voided = step("void", "void an invoice; one that was sent by a credit note")
    voided.add_argument("--reason", metavar="TEXT", default="")
    voided.add_argument("--request", metavar="ID", help="the same id again voids once")
    _credit_steps(step)


def _credit_steps(step: _Add) -> None:
    credited = step("credit", "credit entries, lines or money; without any, all that is left")
    credited.add_argument("--lines", metavar="N,…", action="append", default=[], help="whole lines")
    credited.add_argument("--entries", metavar="IDS", action="append", default=[])
    credited.add_argument(
        "--then",
        metavar="FATE",
        action="append",
        default=[],
        help="what becomes of the entries: bill, write-off, or ID=bill,ID=write-off",
    )
    credited.add_argument("--line", metavar="N", help="goodwill on this line, with --amount")
    credited.add_argument("--amount", metavar="NET", help="how much of the line's net money")
    corrected = step("correct", "credit all that is left, and draft the same entries anew")
    _paper_options(corrected, "the old invoice's")
    for again in (credited, corrected):
        again.add_argument("--reason", metavar="TEXT", default="", help="printed on the note")
        again.add_argument("--request", metavar="ID", help="the same id again = the first result")
    moved = {
        "refund": step("refund", "record that money which is owed was paid back"),
        "offset": step("offset", "move what is owed to another invoice of the customer"),
        "write-off": step("write-off", "wait no more for what is outstanding (all of it)"),
        "reinstate": step("reinstate", "wait again for what was written off"),
    }
    moved["refund"].add_argument("--reference", metavar="TEXT", default="")
    moved["offset"].add_argument("--against", metavar="NUMBER", required=True)
    moved["offset"].add_argument("--undo", action="store_true", help="move it back")
    for name, booked in moved.items():
        booked.add_argument("--amount", required=name in {"refund", "reinstate"})
        booked.add_argument("--date", metavar="DATE")
        booked.add_argument("--request", metavar="ID", help="the same id again books once")
    for name in ("write-off", "reinstate"):
        moved[name].add_argument("--reason", metavar="TEXT", default="")


def _period_commands(command: _Add) -> None:
    at_the_end = "as it stood at the end of that day (today)"
    closing = command("close", "lock a month, once its WIP roll-forward adds up")
    closing.add_argument("month", metavar="YYYY-MM")
    opening = command("reopen", "open the last closed month again")
    opening.add_argument("month", metavar="YYYY-MM")
    opening.add_argument("--reason", metavar="TEXT", default="")
    rolling = command("roll-forward", "how WIP came from the opening to the closing of a month")
    rolling.add_argument("month", metavar="YYYY-MM")
    wip = command("wip", "approved, billable, unbilled work by customer and age")
    wip.add_argument("customer", metavar="CUSTOMER", nargs="?")
    wip.add_argument("--as-of", metavar="DATE", help=at_the_end)
    ageing = command("ageing", "what customers owe, by days past due")
    ageing.add_argument("--customer", metavar="CUSTOMER")
    ageing.add_argument("--as-of", metavar="DATE", help=at_the_end)
    burn = command("burn", "how fast frame orders are used up, and when they run out")
    burn.add_argument("customer", metavar="CUSTOMER", nargs="?")
    burn.add_argument("--as-of", metavar="DATE", help=at_the_end)


def _project_commands(command: _Add) -> None:
    bill = command("bill", "bill a project by its billing rules, or all that are due")
    bill.add_argument("project", metavar="PROJECT", nargs="?")
    bill.add_argument("--all", action="store_true", help="every project that is due, one by one")
    says = "up to when (default: each billing date up to today)"
    bill.add_argument("--date", metavar="DATE", help=says)
    bill.add_argument("--frame-order", metavar="NUMBER", help="draw on this order (default: none)")
    bill.add_argument("--issue", action="store_true", help="issue the drafts")
    bill.add_argument("--dry-run", action="store_true", help="only show what would be made")
    says = "of --all only these, with commas between"
    bill.add_argument("--projects", metavar="PROJECTS", action="append", default=[], help=says)
    bill.add_argument("--customer", metavar="CUSTOMER", help="of --all only this customer's")
    bill.add_argument("--manager", metavar="PERSON", help="of --all only this manager's")
    says = "of --all only active, suspended, completed, …"
    bill.add_argument("--status", metavar="STATUS", type=_choice_of(*PROJECT_STATUSES), help=says)
    bill.add_argument("--request", metavar="ID", help="the same id again = the first result")
    projects = command("projects", "what projects cost, and what of them is billed")
    projects.add_argument("--customer", metavar="CUSTOMER")
    projects.add_argument("--project", metavar="PROJECT", help="by task and account group too")


def _pro_forma_commands(
    commands: "argparse._SubParsersAction[Parser]",
    after: Parser,
) -> None:
    says = "drafts in negotiation with the customer"
    pro_forma = commands.add_parser("pro-forma", help=says, description=says, parents=[after])
    steps = pro_forma.add_subparsers(dest="step", metavar="STEP", required=True)

    def step(name: str, says: str, target: str = "number") -> Parser:
        added = steps.add_parser(name, help=says, description=says, parents=[after])
        if target:
            added.add_argument(target, metavar=target.upper())
        return added

    made = step("new", "make an empty one, for lines by hand and uploads", "project")
    made.add_argument("--date", metavar="DATE", required=True, help="its billing date")
    made.add_argument("--request", metavar="ID", help="the same id again = the first result")
    listed = step("list", "list them, of each the latest revision", "")
    listed.add_argument("--project", metavar="PROJECT")
    states = _choice_of("on_hold", "open", "closed")
    listed.add_argument("--state", metavar="STATE", type=states, help="on-hold, open or closed")
    step("show", "show one").add_argument("--revision", metavar="N", help="(default: the latest)")
    edited = step("edit", "edit a line of one that is on hold, or add one")
    _line_options(edited)
    uploaded = step("upload", "bill more entries of its project on it")
    uploaded.add_argument("--entries", metavar="IDS", action="append", default=[])
    _release_steps(step)
    others = {
        "hold": "put an open one back on hold, to be edited",
        "open": "open one: it goes to the customer",
        "delete": "delete one that is not released: its entries can be billed again",
    }
    for changing in (edited, uploaded, *(step(name, says) for name, says in others.items())):
        changing.add_argument("--version", metavar="N", help="refuse if it has moved on from there")
        changing.add_argument("--request", metavar="ID", help="the same id again acts once")


def _release_steps(step: Callable[..., Parser]) -> None:
    released = step("release", "make a draft invoice of an open one; a revision is issued")
    released.add_argument("--frame-order", metavar="NUMBER", help="draw on this order")
    released.add_argument("--issue", action="store_true", help="issue the invoice at once")
    released.add_argument("--issue-date", metavar="DATE", help="the date on the paper")
    corrected = step("correct", "make a new revision of one that was released")
    corrected.add_argument("--reason", metavar="TEXT", default="", help="printed on the note")
    for again in (released, corrected):
        again.add_argument("--version", metavar="N", help="refuse if it has moved on from there")
        again.add_argument("--request", metavar="ID", help="the same id again = the first result")


def _line_options(edited: Parser) -> None:
    edited.add_argument("--line", metavar="N", help="the line to edit")
    edited.add_argument("--add", action="store_true", help="add a line without an entry")
    for option, metavar, says in (
        ("--task", "TASK", "of an added line"),
        ("--item", "ITEM", "of an added line"),
        ("--description", "TEXT", "of an added line"),
        ("--quantity", "N", "to invoice"),
        ("--unit-price", "PRICE", "to invoice"),
        ("--amount", "AMOUNT", "to invoice; a lower one holds the remainder"),
    ):
        edited.add_argument(option, metavar=metavar, help=says)
    words = ("bill", "hold_remainder", "write_off_remainder", "write_off")
    says = "bill, hold-remainder, write-off-remainder or write-off"
    edited.add_argument("--status", metavar="STATUS", type=_choice_of(*words), help=says)
    edited.add_argument("--delete", action="store_true", help="its entries return to the pool")


def _finance_commands(command: _Add) -> None:
    packing = command("pack", "write the month-end pack of a month as one PDF")
    packing.add_argument("month", metavar="YYYY-MM")
    packing.add_argument("-o", "--output", metavar="FILE.pdf", help="where (this folder)")
    finance = command("finance", "write the finance workbook: ageing, WIP, frame orders")
    finance.add_argument("-o", "--output", metavar="FILE.xlsx", help="where (this folder)")
    finance.add_argument("--as-of", metavar="DATE", help="as it stood at the end of that day")
    says = "open a workbook, live with our buttons or not, or a finance workbook of your own"
    opening = command("open", says)
    opening.add_argument("file", metavar="FILE.xlsx", nargs="?")
    opening.add_argument("--as-of", metavar="DATE", help="as it stood at the end of that day")
    says = (
        "live on the store: calc is LibreOffice, excel is on Windows and Mac; a FILE that is not there"
        " becomes a new billing workbook, as does no FILE"
    )
    opening.add_argument("--host", choices=("excel", "calc"), help=says)


def _addin_commands(commands: "argparse._SubParsersAction[Parser]", after: Parser) -> None:
    says = "the add-in for Excel on Windows and Mac, and the one for LibreOffice Calc"
    addin = commands.add_parser("addin", help=says, description=says, parents=[after])
    steps = addin.add_subparsers(dest="step", metavar="STEP", required=True)

    def step(name: str, says: str) -> Parser:
        added = steps.add_parser(name, help=says, description=says, parents=[after])
        of = "for which program (excel)"
        added.add_argument("--host", choices=("excel", "calc"), default="excel", help=of)
        return added

    built = step("build", "write the add-in's file, to look at it or to sign it")
    says = "where (this folder); for Calc FILE.oxt"
    built.add_argument("-o", "--output", metavar="FILE.xlam", help=says)
    says = "put it where Excel or LibreOffice loads it; --store PATH tells it which store"
    installed = step("install", says)
    says = "for Excel: install this one, which your firm signed, instead of building one"
    installed.add_argument("--file", metavar="FILE.xlam", help=says)
    says = "take away the add-in and its configuration; settings.toml, store and workbooks stay"
    step("uninstall", says)
    examined = step("doctor", "look whether everything is in order, and say what to do")
    says = "leave Excel alone: do not ask the add-in for its version"
    examined.add_argument("--without-excel", action="store_true", help=says)


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

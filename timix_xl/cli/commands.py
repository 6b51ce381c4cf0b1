"""Find the function behind each command, and run it."""

import argparse
from collections.abc import Callable

from timix_xl.cli import demo, document_commands, review_commands, store_commands
from timix_xl.cli.arguments import LATER
from timix_xl.cli.session import Answer, Session
from timix_xl.errors import NotThereYet

COMMANDS: dict[str, Callable[[Session], Answer]] = {
    "init": store_commands.init,
    "demo": demo.demo,
    "import": store_commands.take_in_files,
    "verify": store_commands.verify_store,
    "log": store_commands.show_log,
    "customers": review_commands.customers,
    "unbilled": review_commands.unbilled,
    "review": review_commands.review,
    "decide": review_commands.decide,
    "preview": review_commands.preview,
    "issue": review_commands.issue,
    "frame-orders": document_commands.frame_orders,
    "invoices": document_commands.invoices,
    "invoice": document_commands.invoice,
}


def _later(session: Session) -> Answer:
    raise NotThereYet(
        what=f"timix-xl {session.chosen.command}", instead="See what is: timix-xl --help."
    )


COMMANDS |= dict.fromkeys(LATER, _later)


def run(chosen: argparse.Namespace) -> int:
    """Run a command and answer; returns the exit code."""
    session = Session(chosen)
    try:
        return session.answer(COMMANDS[chosen.command](session))
    finally:
        session.close()

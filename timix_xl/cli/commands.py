"""Find the function behind each command, and run it."""

import argparse
from collections.abc import Callable

from timix_xl.cli import (
    addin_commands,
    document_commands,
    draft_commands,
    engine_commands,
    export_commands,
    finance_commands,
    keeping_commands,
    moving_commands,
    open_commands,
    period_commands,
    pro_forma_commands,
    project_commands,
    review_commands,
    seal_commands,
    store_commands,
)
from timix_xl.cli.arguments import LATER_COMMAND
from timix_xl.cli.demo.command import demo
from timix_xl.cli.session import Answer, Session
from timix_xl.errors import NotThereYet


def _later(session: Session) -> Answer:
    words = " ".join(["timix-xl", *session.chosen.words])
    raise NotThereYet(what=words, instead="See what is there: timix-xl --help.")


def _store(session: Session) -> Answer:
    return _STORE_STEPS[session.chosen.step](session)


_STORE_STEPS: dict[str, Callable[[Session], Answer]] = {
    "backup": keeping_commands.backup,
    "restore": keeping_commands.restore,
    "copy": moving_commands.copy,
    "grant": moving_commands.grant,
    "revoke": moving_commands.revoke,
    "grants": moving_commands.grants,
}

COMMANDS: dict[str, Callable[[Session], Answer]] = {
    "init": store_commands.init,
    "demo": demo,
    "import": store_commands.take_in_files,
    "export": export_commands.export,
    "verify": store_commands.verify_store,
    "log": store_commands.show_log,
    "customers": review_commands.customers,
    "unbilled": review_commands.unbilled,
    "review": review_commands.review,
    "decide": review_commands.decide,
    "preview": review_commands.preview,
    "issue": draft_commands.issue,
    "restore": draft_commands.restore,
    "run": review_commands.run,
    "frame-orders": document_commands.frame_orders,
    "invoices": document_commands.invoices,
    "invoice": document_commands.invoice,
    "close": period_commands.close,
    "reopen": period_commands.reopen,
    "roll-forward": period_commands.roll_forward,
    "wip": period_commands.wip,
    "ageing": period_commands.ageing,
    "burn": period_commands.burn,
    "bill": engine_commands.bill,
    "projects": project_commands.projects,
    "pro-forma": pro_forma_commands.pro_forma_step,
    "pack": finance_commands.pack,
    "finance": finance_commands.finance,
    "open": open_commands.open_file,
    "addin": addin_commands.addin_step,
    "seal": seal_commands.seal,
    "store": _store,
    LATER_COMMAND: _later,
}


def run(chosen: argparse.Namespace) -> int:
    """Run a command and answer; returns the exit code."""
    session = Session(chosen)
    try:
        return session.answer(COMMANDS[chosen.command](session))
    finally:
        session.close()

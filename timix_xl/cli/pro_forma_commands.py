"""Commands of pro formas: the steps of pro-forma."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from timix_xl.billing.pro_forma import delete, hold, new, open_, pro_forma, pro_formas
from timix_xl.billing.pro_forma_edit import add_line, edit
from timix_xl.billing.pro_forma_limits import pro_forma_limits
from timix_xl.billing.pro_forma_upload import upload
from timix_xl.cli import pro_forma_shapes, pro_forma_tables, reading, release_commands
from timix_xl.cli.printing import of, say
from timix_xl.cli.pro_forma_answers import shown
from timix_xl.cli.session import Answer, Session
from timix_xl.domain.invoices import LineStatus
from timix_xl.domain.manual_lines import NewLine
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import BadCommand


def pro_forma_step(session: Session) -> Answer:
    """Take one step in the life of a pro forma, and show where it stands then."""
    return STEPS[session.chosen.step](session)


def _list(session: Session) -> Answer:
    chosen = session.chosen
    state = ProFormaState(chosen.state) if chosen.state else None
    found = pro_formas(session.store, project=chosen.project, state=state)
    limits = pro_forma_limits(session.store, found) if session.as_json else {}
    return Answer(
        [pro_forma_shapes.pro_forma(one, limits.get(one.document_id, {})) for one in found],
        lambda console: pro_forma_tables.show_list(console, found),
    )


def _show(session: Session) -> Answer:
    revision = reading.whole_number(session.chosen.revision, "--revision")
    return shown(session, pro_forma(session.store, session.chosen.number, revision))


def _new(session: Session) -> Answer:
    chosen = session.chosen
    day = reading.day(chosen.date, "--date")
    made = new(session.store, chosen.project, day, actor=session.actor, request=chosen.request)
    return shown(session, made, f"Made {made.number}, without lines.")


def _edit(session: Session) -> Answer:
    chosen = session.chosen
    if chosen.add == (chosen.line is not None):
        raise _unclear("Say what to edit: --line N, or --add a line")
    change = _add if chosen.add else _edit_line
    return shown(session, change(session), f"Edited {chosen.number}.")


def _edit_line(session: Session) -> ProForma:
    chosen = session.chosen
    for name in ("task", "item", "description"):
        if getattr(chosen, name) is not None:
            raise _unclear(f"--{name} is of a line that is added: it goes with --add")
    typed = LineEdit(
        line=reading.whole_number(chosen.line, "--line") or 0,
        quantity=_number(chosen.quantity, "--quantity"),
        unit_price=_number(chosen.unit_price, "--unit-price"),
        amount=_number(chosen.amount, "--amount"),
        status=LineStatus(chosen.status) if chosen.status else None,
        delete=chosen.delete,
    )
    if not (typed.has_numbers or typed.status or typed.delete):
        raise _unclear("Say what of the line to edit: a number, --status or --delete")
    return edit(session.store, chosen.number, [typed], **_how(session))


def _add(session: Session) -> ProForma:
    chosen = session.chosen
    for name in ("task", "description", "quantity", "amount"):
        if getattr(chosen, name) is None:
            raise _unclear(f"A line that is added needs --{name}")
    if chosen.unit_price is not None or chosen.status or chosen.delete:
        raise _unclear("--unit-price, --status and --delete go with --line")
    added = NewLine(
        task=chosen.task,
        item=chosen.item,
        description=chosen.description,
        quantity=reading.number(chosen.quantity, "--quantity"),
        amount=reading.number(chosen.amount, "--amount"),
    )
    return add_line(session.store, chosen.number, added, **_how(session))


def _unclear(problem: str) -> BadCommand:
    return BadCommand(problem=problem, command="timix-xl pro-forma edit")


def _number(text: str | None, argument: str) -> Decimal | None:
    return None if text is None else reading.number(text, argument)


def _how(session: Session) -> dict[str, Any]:
    version = reading.whole_number(session.chosen.version, "--version")
    return {"actor": session.actor, "version": version, "request": session.chosen.request}


def _hold(session: Session) -> Answer:
    number = session.chosen.number
    return shown(session, hold(session.store, number, **_how(session)), f"Put {number} on hold.")


def _open(session: Session) -> Answer:
    number = session.chosen.number
    done = open_(session.store, number, **_how(session))
    return shown(session, done.pro_forma, f"Opened {number}.", done.warnings)


def _delete(session: Session) -> Answer:
    number = session.chosen.number
    delete(session.store, number, **_how(session))
    says = f"Deleted {number}: its entries can be billed again."
    return Answer({"deleted": number}, lambda console: say(console, says))


def _upload(session: Session) -> Answer:
    chosen = session.chosen
    entries = reading.ids(chosen.entries) if chosen.entries else None
    done = upload(session.store, chosen.number, entries, **_how(session))
    says = f"Uploaded {of(len(done.entries), 'entry')} to {chosen.number}."
    return shown(session, done.pro_forma, says)


STEPS: dict[str, Callable[[Session], Answer]] = {
    "new": _new,
    "list": _list,
    "show": _show,
    "edit": _edit,
    "hold": _hold,
    "open": _open,
    "delete": _delete,
    "upload": _upload,
    "release": release_commands.release,
    "correct": release_commands.correct,
}

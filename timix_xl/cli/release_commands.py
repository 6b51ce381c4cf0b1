"""Commands that make invoices of pro formas: the steps release and correct of pro-forma."""

from rich.console import Console

from timix_xl.billing.correct_pro_forma import correct_pro_forma
from timix_xl.billing.register import register, whole
from timix_xl.billing.release import Released
from timix_xl.billing.release import release as make_invoice
from timix_xl.cli import printing, reading, reports, review_commands, shapes
from timix_xl.cli.pro_forma_answers import shown
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.telling import fault_shape


def release(session: Session) -> Answer:
    """Release a pro forma, and show what was made of it."""
    chosen = session.chosen
    done = make_invoice(
        session.store,
        chosen.number,
        frame_order=review_commands.chosen_order(chosen.frame_order),
        issue=chosen.issue,
        issue_date=reading.optional_day(chosen.issue_date, "--issue-date"),
        version=reading.whole_number(chosen.version, "--version"),
        actor=session.actor,
        request=chosen.request,
    )
    return _released(session, done)


def _released(session: Session, done: Released) -> Answer:
    names = {done.document, done.note}
    standings = [one for one in register(session.store, today=session.today) if one.number in names]
    standings.sort(key=lambda one: one.number != done.document)
    pairs = [(document, one) for one, document in whole(session.store, standings) if document]
    documents = [shapes.document(*pair) for pair in pairs]
    shape = {
        **(documents[0] if done.document else {}),
        "pro_forma": done.pro_forma,
        "credit_note": done.note,
        "documents": documents,
        "faults": [fault_shape(one) for one in done.warnings],
    }

    def show(console: Console) -> None:
        printing.say(console, _says(done))
        for document, one in pairs:
            reports.show_document(console, document, str(one.number))
        printing.lay(console, reports.register_table(standings))
        printing.show(console, printing.fault_lines(done.warnings))

    return Answer(shape, show)


def _says(done: Released) -> str:
    if not done.document:
        return f"Released {done.pro_forma} into a draft that was deleted since."
    says = f"Released {done.pro_forma} into {done.document}"
    return f"{says}, issued with the credit note {done.note}." if done.note else f"{says}."


def correct(session: Session) -> Answer:
    """Make a new revision of a pro forma that was released."""
    chosen = session.chosen
    done = correct_pro_forma(
        session.store,
        chosen.number,
        chosen.reason,
        version=reading.whole_number(chosen.version, "--version"),
        actor=session.actor,
        request=chosen.request,
    )
    made = done.pro_forma
    says = f"Made revision {made.revision} of {made.number}; {made.number} is on hold."
    return shown(session, made, says, done.warnings)

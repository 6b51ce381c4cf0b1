"""Commands of documents: frame-orders, invoices, and the steps of invoice."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from timix_xl.billing.document_limits import document_limits
from timix_xl.billing.find import look_up
from timix_xl.billing.load import customer_codes
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.register import Standing, register, whole
from timix_xl.billing.send import send
from timix_xl.billing.utilization import utilization
from timix_xl.billing.void import void
from timix_xl.cli import credit_commands, draft_commands, printing, reading, reports, shapes
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.telling import fault_shape
from timix_xl.documents.export import export_pdf
from timix_xl.domain.invoices import Document
from timix_xl.domain.seal import mark
from timix_xl.errors import UnknownCustomer, UnknownDocument


def frame_orders(session: Session) -> Answer:
    """Show the utilization of frame orders, as of a day."""
    day = reading.optional_day(session.chosen.as_of, "--as-of")
    orders = utilization(session.store, session.chosen.customer, as_of=day)
    today = day or session.today
    return Answer(
        shapes.frame_orders(orders, today),
        lambda console: printing.lay(console, reports.orders_table(orders, today)),
    )


def invoices(session: Session) -> Answer:
    """Show the register."""
    chosen = session.chosen
    if chosen.customer and chosen.customer not in customer_codes(session.store):
        raise UnknownCustomer(customer=chosen.customer)
    standings = register(
        session.store,
        today=session.today,
        customer=chosen.customer,
        status=chosen.status,
        as_of=reading.optional_day(chosen.as_of, "--as-of"),
    )
    pairs = whole(session.store, standings) if session.as_json else []
    shape = [_shape(one, document) for one, document in pairs]
    return Answer(shape, lambda console: reports.show_register(console, standings))


def _shape(one: Standing, document: Document | None) -> shapes.Shape:
    return shapes.document(document, one) if document else shapes.opening(one)


def invoice(session: Session) -> Answer:
    """Take one step in the life of a document, and show where it stands then."""
    step = session.chosen.step
    if step in ANSWERS:
        return ANSWERS[step](session)
    if step == "issue":
        return draft_commands.with_warnings(draft_commands.issue_one(session), _show, session)
    if step != "show":
        STEPS[step](session)
    return _show(session, session.chosen.number)


def _show(session: Session, number: str) -> Answer:
    found = [one for one in register(session.store, today=session.today) if one.number == number]
    if not found:
        look_up(session.store, number)  # says what became of a draft
        raise UnknownDocument(number=number)
    one = found[0]
    ((_, document),) = whole(session.store, [one])
    shape = _shape(one, document)
    if document and one.stored:
        limits = document_limits(session.store, [(one.stored, document)])
        shape = shapes.document(document, one, limits.get(one.stored.id))

    def show(console: Console) -> None:
        if document and session.chosen.step == "show":
            reports.show_document(console, document, str(one.number))
        printing.lay(console, reports.register_table([one]))
        if one.corrected_by:
            printing.say(console, f"Credited by {', '.join(one.corrected_by)}")
        if one.stored and one.stored.seal and session.chosen.step == "show":
            printing.say(console, f"Seal {mark(one.stored.seal)}, as on its PDF")
        if one.outstanding < 0:
            printing.show(console, reports.owed([one])[1:])

    return Answer(shape, show)


def _send(session: Session) -> None:
    send(session.store, session.chosen.number, actor=session.actor)


def _pay(session: Session) -> None:
    chosen = session.chosen
    book = pay if chosen.step == "pay" else unpay
    book(
        session.store,
        chosen.number,
        reading.number(chosen.amount, "--amount"),
        reading.optional_day(chosen.date, "--date"),
        actor=session.actor,
        reference=chosen.reference,
        request=chosen.request,
    )


def _void(session: Session) -> None:
    chosen = session.chosen
    void(
        session.store,
        chosen.number,
        chosen.reason,
        actor=session.actor,
        request=chosen.request,
    )


STEPS: dict[str, Callable[[Session], None]] = {
    "send": _send,
    "pay": _pay,
    "unpay": _pay,
    "void": _void,
    "refund": credit_commands.refund,
    "offset": credit_commands.offset,
    "write-off": credit_commands.write_off,
    "reinstate": credit_commands.reinstate,
}


def _pdf(session: Session) -> Answer:
    output = Path(session.chosen.output or ".")
    folder, name = (output, None)
    if output.suffix.lower() == ".pdf":
        folder, name = output.parent, output.name
    written = export_pdf(session.store, session.chosen.number, folder, name=name)

    def show(console: Console) -> None:
        printing.say(console, f"Wrote {written.path}")
        printing.show(console, printing.fault_lines(written.warnings))

    shape = {"file": str(written.path), "faults": [fault_shape(one) for one in written.warnings]}
    return Answer(shape, show)


ANSWERS: dict[str, Callable[[Session], Answer]] = {
    "pdf": _pdf,
    "delete": draft_commands.delete,
    "credit": credit_commands.credit,
    "correct": credit_commands.correct,
}
"""The steps that answer in their own way."""

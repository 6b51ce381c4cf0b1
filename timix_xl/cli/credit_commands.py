"""Commands that take back: invoice credit, correct, refund, offset, write-off, reinstate."""

from collections.abc import Iterator, Sequence

from rich.console import Console

from timix_xl.billing.correct import correct as correct_invoice
from timix_xl.billing.credit import credit as credit_invoice
from timix_xl.billing.credit import credit_money, stays_written_off
from timix_xl.billing.picks import Fates
from timix_xl.billing.refund import offset as set_off
from timix_xl.billing.refund import refund as pay_back
from timix_xl.billing.register import Standing, register
from timix_xl.billing.write_off import reinstate as wait_again
from timix_xl.billing.write_off import write_off_receivable
from timix_xl.cli import printing, reading, reports, review_commands, shapes
from timix_xl.cli.session import Answer, Session
from timix_xl.cli.telling import fault_shape
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.invoices import Becomes, Document
from timix_xl.domain.money import worded
from timix_xl.errors import BadArgument, BadCommand

_FATES = {
    Becomes.BILL: "Billable again",
    Becomes.WRITE_OFF: "Written off",
}


def credit(session: Session) -> Answer:
    """Credit entries, lines, an amount of goodwill, or everything that is left."""
    chosen = session.chosen
    made = _goodwill(session) if chosen.line is not None else _by_entry(session)
    warnings = stays_written_off(made, _fates(chosen.then)) if chosen.then else []
    standings = _standings(session)
    invoice = standings[chosen.number]

    def show(console: Console) -> None:
        _show_note(console, made)
        _show_invoice(console, invoice)
        printing.show(console, printing.fault_lines(warnings))

    shape = shapes.document(made, standings[made.number])
    if warnings:
        shape["faults"] = [fault_shape(one) for one in warnings]
    return Answer(shape, show)


def _by_entry(session: Session) -> Document:
    chosen = session.chosen
    if chosen.amount is not None:
        raise _misused("--amount goes with --line N: goodwill is a part of one line's money")
    if not chosen.then:
        raise _misused("Say what becomes of the entries: --then bill or --then write-off")
    return credit_invoice(
        session.store,
        chosen.number,
        lines=[_line(text, "--lines") for text in reading.ids(chosen.lines)],
        entries=reading.ids(chosen.entries),
        becomes=_fates(chosen.then),
        reason=chosen.reason,
        actor=session.actor,
        request=chosen.request,
    )


def _goodwill(session: Session) -> Document:
    chosen = session.chosen
    if chosen.amount is None:
        raise _misused("--line N needs --amount NET; a whole line is credited with --lines N")
    if chosen.then or chosen.lines or chosen.entries:
        raise _misused("--line N --amount NET credits money; no entry goes with it")
    return credit_money(
        session.store,
        chosen.number,
        _line(chosen.line, "--line"),
        reading.number(chosen.amount, "--amount"),
        chosen.reason,
        actor=session.actor,
        request=chosen.request,
    )


def _misused(problem: str) -> BadCommand:
    return BadCommand(problem=problem, command="timix-xl invoice credit")


def _line(text: str, argument: str) -> int:
    number = reading.whole_number(text, argument)
    assert number is not None, "a text was given"
    return number


def _fates(texts: Sequence[str]) -> Fates:
    """Read one word for all entries, or ID=word for each."""
    words = reading.ids(texts)
    if len(words) == 1 and "=" not in words[0]:
        return _fate(words[0])
    fates: dict[str, Becomes] = {}
    for word in words:
        entry, equals, text = word.rpartition("=")
        if not equals or not entry.strip():
            raise _fate_unread(word)
        fates[entry.strip()] = _fate(text)
    return fates


def _fate(text: str) -> Becomes:
    for becomes in Becomes:
        if text.strip().lower().replace("-", "_") == becomes.value:
            return becomes
    raise _fate_unread(text)


def _fate_unread(text: str) -> BadArgument:
    expected = "bill, write-off, or ID=bill,ID=write-off"
    return BadArgument(argument="--then", value=text, expected=expected, example="bill")


def correct(session: Session) -> Answer:
    """Credit what is left of an invoice, and save a draft of the same entries."""
    chosen = session.chosen
    made = correct_invoice(
        session.store,
        chosen.number,
        chosen.reason,
        review_commands.paper_options(session),
        actor=session.actor,
        group_by=GroupBy(chosen.group_by) if chosen.group_by else None,
        request=chosen.request,
    )
    standings = _standings(session)
    shape = {
        "credit_note": shapes.document(made.note, standings[made.note.number]),
        "drafts": list(made.drafts),
        "faults": [fault_shape(one) for one in made.warnings],
    }

    def show(console: Console) -> None:
        _show_note(console, made.note)
        for name in made.drafts:
            draft = standings[name]
            text = f"Draft {name} replaces it: {worded(draft.total, draft.currency)}."
            printing.say(console, f"{text} Issue it: timix-xl invoice issue {name}")
        _show_invoice(console, standings[chosen.number])
        printing.show(console, printing.fault_lines(made.warnings))

    return Answer(shape, show)


def _standings(session: Session) -> dict[str | None, Standing]:
    return {one.number: one for one in register(session.store, today=session.today)}


def _show_note(console: Console, note: Document) -> None:
    """Show what a credit note takes back, and what becomes of its entries."""
    reports.show_document(console, note, note.number)
    net, money = worded(note.subtotal, note.currency), worded(note.total, note.currency)
    hours = f", {printing.hours(note.hours)} h" if note.hours else ""
    text = f"Issued {note.number} for {note.corrects}: {money} (net {net}){hours}"
    printing.say(console, text, "bold green")
    for line in _becoming(note):
        printing.say(console, f"  {line}")


def _becoming(note: Document) -> Iterator[str]:
    for becomes, words in _FATES.items():
        entries = [one.entry for one in note.billed if one.becomes is becomes]
        if entries:
            yield f"{words}: {', '.join(entries)}"


def _show_invoice(console: Console, invoice: Standing) -> None:
    """Show where the invoice stands now, and what to do with money that is owed on it."""
    printing.lay(console, reports.register_table([invoice]))
    if invoice.outstanding < 0:
        money = worded(-invoice.outstanding, invoice.currency)
        printing.say(
            console,
            f"{money} is owed to {invoice.customer}. Pay it back:"
            f" timix-xl invoice refund {invoice.number} --amount {-invoice.outstanding};"
            f" or offset it: timix-xl invoice offset {invoice.number} --against NUMBER",
        )


def refund(session: Session) -> None:
    """Record that money was paid back."""
    chosen = session.chosen
    pay_back(
        session.store,
        chosen.number,
        reading.number(chosen.amount, "--amount"),
        reading.optional_day(chosen.date, "--date"),
        actor=session.actor,
        reference=chosen.reference,
        request=chosen.request,
    )


def offset(session: Session) -> None:
    """Move what is owed on one invoice to another."""
    chosen = session.chosen
    amount = chosen.amount
    set_off(
        session.store,
        chosen.number,
        chosen.against,
        amount=None if amount is None else reading.number(amount, "--amount"),
        date=reading.optional_day(chosen.date, "--date"),
        actor=session.actor,
        undo=chosen.undo,
        request=chosen.request,
    )


def write_off(session: Session) -> None:
    """Wait no more for what is outstanding, or for a part of it."""
    chosen = session.chosen
    amount = chosen.amount
    write_off_receivable(
        session.store,
        chosen.number,
        chosen.reason,
        amount=None if amount is None else reading.number(amount, "--amount"),
        date=reading.optional_day(chosen.date, "--date"),
        actor=session.actor,
        request=chosen.request,
    )


def reinstate(session: Session) -> None:
    """Wait again for what was written off."""
    chosen = session.chosen
    wait_again(
        session.store,
        chosen.number,
        reading.number(chosen.amount, "--amount"),
        chosen.reason,
        date=reading.optional_day(chosen.date, "--date"),
        actor=session.actor,
        request=chosen.request,
    )

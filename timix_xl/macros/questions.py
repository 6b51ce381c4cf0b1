"""What a person is asked before what is not easily undone: the steps, with dates and totals."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from timix_xl.billing.plan import DatedBy, Plan
from timix_xl.billing.release import Proposal
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Document, DocumentKind
from timix_xl.domain.money import plain, rounded, total, worded
from timix_xl.errors import Fault, counted, some_of
from timix_xl.macros.steps import EFFECTS, Step

FOR_GOOD = "An issued invoice cannot be changed or undone, only credited or voided."
WRITTEN_OFF = "What is written off is not billed again unless it is restored (timix-xl restore)."
MOST_WARNINGS = 3
"""A message box holds no more than a thousand characters."""
AT_ONCE = "What is decided takes effect at once."


def of_issue(plan: Plan) -> str:
    """Ask whether a run is to be issued."""
    verb = f"Issue {counted(len(plan.documents), 'invoice')} to"
    parts = [_documents_words(plan, verb), *_date_words(plan), _outcome_words(plan)]
    last = [FOR_GOOD] if plan.documents else []
    return _asked([*parts, *_notes(plan)], [*last, *_written_off_words(plan)])


def of_draft(plan: Plan) -> str:
    """Ask whether a run is to be kept as drafts."""
    verb = f"Save {counted(len(plan.documents), 'draft')} for"
    parts = [_documents_words(plan, verb), _outcome_words(plan, billed="on it"), AT_ONCE]
    return _asked([*parts, *_notes(plan)], _written_off_words(plan))


def _documents_words(plan: Plan, verb: str) -> str:
    currency, documents = plan.review.currency, plan.documents
    name = plan.review.customer.name
    if not documents:
        return f"Carry out the run of {name} without an invoice?"
    whole, net = total(one.total for one in documents), total(one.subtotal for one in documents)
    return (
        f"{verb} {name}, {_dated_words(documents[0])}: {worded(whole, currency)}"
        f" {_net_and_tax(net, whole - net, currency)}?"
    )


def _dated_words(document: Document) -> str:
    if document.kind is DocumentKind.CREDIT_NOTE:
        return f"dated {document.issue_date}"
    return f"dated {document.issue_date}, due {document.due_date}"


def _net_and_tax(net: Decimal, tax: Decimal, currency: str) -> str:
    return f"(net {rounded(net, currency):,f}, tax {rounded(tax, currency):,f})"


_OTHER_DAY = {
    DatedBy.CLOSED: "everything up to the day before is closed",
    DatedBy.SERIES: "the last invoice is dated so, and dates do not run backwards",
}


def _date_words(plan: Plan) -> Iterator[str]:
    """Say why the date is not the billing date, where nobody chose it."""
    because = _OTHER_DAY.get(plan.dated_by)
    if because and plan.documents:
        yield f"The date is not the billing date, {plan.review.billing_date}: {because}."


def _outcome_words(plan: Plan, billed: str = "billed") -> str:
    count = {outcome: len(rows) for outcome, rows in plan.outcomes.items()}
    off = plan.outcomes[Decision.WRITE_OFF]
    amount = worded(total(row.priced.amount for row in off), plan.review.currency)
    entries = counted(count[Decision.BILL], "entry")
    verb = "is" if count[Decision.BILL] == 1 else "are"
    words = f"{entries} {verb} {billed}, {count[Decision.DEFER]} deferred, {len(off)} written off"
    return f"{words} ({amount})." if off else f"{words}."


def _notes(plan: Plan) -> Iterator[str]:
    """Say what the run draws, and what it is warned of."""
    yield from _draw_words(plan.documents)
    yield from _warnings_words(plan.faults)


def _warnings_words(warnings: Sequence[Fault]) -> Iterator[str]:
    """Say what speaks against it, the first of many; the same is said once."""
    messages = list(dict.fromkeys(one.message for one in warnings))
    yield from messages[:MOST_WARNINGS]
    more = len(messages) - MOST_WARNINGS
    if more > 0:
        yield f"{counted(more, 'more warning')}."


def _written_off_words(plan: Plan) -> list[str]:
    return [WRITTEN_OFF] if plan.outcomes[Decision.WRITE_OFF] else []


def _draw_words(documents: Sequence[Document]) -> list[str]:
    """Say what is drawn from the frame order, and what remains of it."""
    draws = [one.draw_down for one in documents if one.draw_down]
    if not draws:
        return []
    last = draws[-1]
    drawn = _quantity(total(one.drawn for one in draws), last.unit)
    left = _quantity(last.after, last.unit)
    return [f"{drawn} are drawn from frame order {last.frame_order}, {left} remain."]


def _quantity(number: Decimal, unit: str) -> str:
    return (
        f"{number:,.2f} h" if unit == "h" and number == round(number, 2) else _other(number, unit)
    )


def _other(number: Decimal, unit: str) -> str:
    return f"{plain(number)} h" if unit == "h" else worded(number, unit)


def of_actions(steps: Sequence[Step], others: int) -> str:
    """Ask whether the steps of the register are to be carried out; `others` are harmless."""
    lines = [f"Carry out {counted(len(steps), 'action')} on the register?"]
    for effect in EFFECTS:
        for from_pro_forma in (False, True):
            alike = [
                one
                for one in steps
                if one.effect is effect and one.from_pro_forma is from_pro_forma
            ]
            if alike:
                lines.append(f"{_steps_words(alike)} {_effect_words(alike)}")
    if others:
        verb = "is" if others == 1 else "are"
        lines.append(f"{counted(others, 'other action')} {verb} carried out as well.")
    return "\n".join(lines)


def _steps_words(alike: Sequence[Step]) -> str:
    """Name steps of one kind with customer and amount, and their sum where there are several."""
    action = alike[0].effect.action.value
    told = [f"{one.number}, {one.customer} ({worded(one.amount, one.currency)})" for one in alike]
    if len(alike) > 1:
        return f"{action} {len(alike)} ({_sums(alike)}): {some_of(told)}."
    due = f", due {alike[0].due}" if alike[0].due != alike[0].dated else ""
    dated = f", dated {alike[0].dated}{due}" if alike[0].dated else ""
    return f"{action}: {told[0]}{dated}."


def _effect_words(alike: Sequence[Step]) -> str:
    first, several = alike[0], len(alike) > 1
    again = {
        (False, False): "its entries can be billed again",
        (False, True): "their entries can be billed again",
        (True, False): "its pro forma is On Hold again",
        (True, True): "their pro formas are On Hold again",
    }[first.from_pro_forma, several]
    dated = min((one.dated for one in alike if one.dated), default=None)
    text = (first.effect.many if several else first.effect.one).format(again=again, dated=dated)
    return text[0].upper() + text[1:]


def _sums(steps: Iterable[Step]) -> str:
    sums: dict[str, Decimal] = {}
    for one in steps:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
    return ", ".join(worded(amount, currency) for currency, amount in sorted(sums.items()))


def of_release(number: str, made: Proposal) -> str:
    """Ask whether a revision of a pro forma is to be released, which issues at once."""
    document, note = made.document, made.note
    kind = "a credit note" if document.kind is DocumentKind.CREDIT_NOTE else "an invoice"
    net, currency = document.subtotal, document.currency
    asks = (
        f"Release {number} and issue {kind} to {document.buyer.name}, {_dated_words(document)}:"
        f" {worded(document.total, currency)} {_net_and_tax(net, document.total - net, currency)}?"
    )
    parts = [asks]
    if note:
        credited = f"{worded(note.total, note.currency)}, {_dated_words(note)}"
        parts.append(f"{note.corrects} is credited by a credit note over {credited}.")
    parts += _draw_words([document])
    parts += _warnings_words(made.warnings)
    return _asked(parts, [FOR_GOOD])


def _asked(parts: Sequence[str], last: Sequence[str]) -> str:
    return "\n".join([*parts, *([""] if last else []), *last])

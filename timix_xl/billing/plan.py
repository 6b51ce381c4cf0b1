"""Plan: the documents that a run would make, what it defers and writes off, and every fault."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from timix_xl.billing.ballots import Ballot, ballot_of, decision_faults, saved_as
from timix_xl.billing.load import Review, ReviewRow
from timix_xl.billing.parts import Parting, parting_faults, partings
from timix_xl.domain import faults
from timix_xl.domain.books import Books
from timix_xl.domain.customers import Customer, Location
from timix_xl.domain.document_sizes import document_size_faults
from timix_xl.domain.engine_lines import engine_lines, invoice_description
from timix_xl.domain.entries import Decision
from timix_xl.domain.frame_orders import FrameOrder, OrderState, Overrun
from timix_xl.domain.grouping import GroupBy, GroupedLine, grouped_lines
from timix_xl.domain.invoices import Buyer, Document, DocumentKind, DrawDown
from timix_xl.domain.money import ZERO, plain, total, worded
from timix_xl.domain.periods import ServicePeriod, service_period
from timix_xl.domain.pricing import PricedEntry
from timix_xl.domain.pro_formas import as_pro_forma
from timix_xl.domain.splitting import split
from timix_xl.domain.tax import BUYER_TAX_ID_NEEDED, NOTE_NEEDED, SELLER_TAX_ID_NEEDED
from timix_xl.domain.totals import tax_lines
from timix_xl.errors import Fault, some_of
from timix_xl.store.reading import RunFigures

NO_FRAME_ORDER = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a person may choose for a run; None stands for the default.

    `frame_order` is a number, NO_FRAME_ORDER, or None for "nothing chosen", which `must_choose`
    turns into a fault where several orders are open.
    """

    issue_date: dt.date | None = None
    period_from: dt.date | None = None
    period_to: dt.date | None = None
    payment_terms_days: int | None = None
    po_number: str | None = None
    buyer_reference: str | None = None
    notes: str = ""
    group_by: GroupBy = GroupBy.ENTRY
    frame_order: str | None = None
    must_choose: bool = False


class DatedBy(Enum):
    """Why the documents of a run bear their date."""

    CHOSEN = "chosen"
    BILLING_DATE = "billing date"
    CLOSED = "closed"
    """The month of the billing date is closed: the first day after it."""
    SERIES = "series"
    """The last invoice of the series is dated so: dates do not run backwards."""


Outcome: TypeAlias = tuple[ReviewRow, ...]
"""The rows with one decision."""


def figures(rows: Outcome) -> RunFigures:
    """Add up rows: billable hours, and the entries' own rounded amounts."""
    return RunFigures(
        tuple(row.entry.id for row in rows),
        total(row.priced.hours for row in rows),
        total(row.priced.amount for row in rows),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What an issue would do. Documents have no number yet."""

    review: Review
    documents: tuple[Document, ...]
    outcomes: Mapping[Decision, Outcome]
    reasons: Mapping[str, str]
    frame_order: FrameOrder | None
    issue_date: dt.date
    faults: tuple[Fault, ...] = field(default=())
    partings: tuple[Parting, ...] = ()
    """The entries that the run splits; their parts stand among the outcomes."""
    dated_by: DatedBy = DatedBy.CHOSEN

    @property
    def rounding(self) -> Decimal:
        """What grouping and splitting add or take away."""
        return self.line_rounding + self.part_rounding

    @property
    def line_rounding(self) -> Decimal:
        """What grouping adds or takes away, summed line by line."""
        return total(rounding_of(document) for document in self.documents)

    @property
    def part_rounding(self) -> Decimal:
        """What splitting adds or takes away, summed entry by entry."""
        return total(parting.rounding for parting in self.partings)

    @property
    def drawn(self) -> Decimal:
        """What the run draws from its frame order."""
        return total(each.draw_down.drawn for each in self.documents if each.draw_down)

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that stop an issue."""
        return tuple(fault for fault in self.faults if fault.is_error)


def rounding_of(document: Document) -> Decimal:
    """Return the difference between a document's lines and their entries' own amounts.

    Of a line that may be held back or raised it is the one of what it billed.
    """
    own: dict[int, Decimal] = {}
    for billed in document.billed:
        own[billed.line] = own.get(billed.line, ZERO) + billed.exact_amount
    return total(
        (line.amount if line.billed_amount is None else line.billed_amount) - own[line.line]
        for line in document.lines
        if line.line in own
    )


def plan(
    review: Review,
    options: RunOptions,
    ballots: Mapping[str, Ballot],
    *,
    issue_date: dt.date,
    taken: Collection[str] = (),
) -> Plan:
    """Work out a run. An entry without a ballot follows its saved decision; undecided is Bill.

    `taken` are the ids that the parts of split entries cannot have. Entries of which nothing would
    be printed are not in the run: nobody would see the document that settles them.
    """
    order, order_faults = _chosen(review, options)
    heard = {**_saved(review), **ballots}
    split_up = tuple(partings(review, heard, taken, issue_date))
    outcomes = _outcomes(review, heard, split_up)
    drawn_up = _drawn_up(review, options, outcomes[Decision.BILL])
    if unseen := _unseen(drawn_up, split_up):
        seen = tuple(row for row in review.rows if row.entry.id not in unseen)
        rest = plan(
            replace(review, rows=seen), options, ballots, issue_date=issue_date, taken=taken
        )
        told = faults.NOTHING_PRINTED.at(project=review.project, entries=some_of(sorted(unseen)))
        return replace(rest, faults=(*rest.faults, told))
    documents = _documents(review, options, drawn_up, order, issue_date)
    billed = _as_loaded(outcomes[Decision.BILL], split_up)
    found = [
        *_stopping(review),
        *order_faults,
        *_order_faults(order, billed, documents),
        *_tax_faults(review, billed, documents),
        *_document_faults(documents),
        *_saved_faults(review, ballots),
        *parting_faults(review, heard, split_up),
    ]
    return Plan(
        review=review,
        documents=documents,
        outcomes=outcomes,
        reasons=_reasons(review, heard, split_up),
        frame_order=order,
        issue_date=issue_date,
        faults=tuple(found),
        partings=split_up,
    )


def _stopping(review: Review) -> Iterator[Fault]:
    """Turn what an engine run may not pass over into faults: a missing rate, a formula's."""
    for left in review.left_out:
        if review.for_engine and left.stops:
            yield left.fault


def _saved(review: Review) -> dict[str, Ballot]:
    """Return what is saved as ballots: a run without a sheet obeys it."""
    return {
        row.entry.id: ballot_of(row, saved_as(row.saved), row.saved.reason)
        for row in review.rows
        if row.saved
    }


def _outcomes(
    review: Review, ballots: Mapping[str, Ballot], split_up: Sequence[Parting]
) -> dict[Decision, Outcome]:
    sorted_out: dict[Decision, list[ReviewRow]] = {decision: [] for decision in Decision}
    by_whole = {parting.whole.entry.id: parting for parting in split_up}
    for row in review.rows:
        ballot, parting = ballots.get(row.entry.id), by_whole.get(row.entry.id)
        if parting:
            sorted_out[Decision.BILL].append(parting.billed)
            sorted_out[parting.becomes].append(parting.rest)
        else:
            sorted_out[(ballot.choice if ballot else None) or Decision.BILL].append(row)
    return {decision: tuple(rows) for decision, rows in sorted_out.items()}


def _as_loaded(rows: Outcome, split_up: Sequence[Parting]) -> Outcome:
    """Put the entries as they were loaded for their parts: a fault is about what people see."""
    wholes = {parting.billed.entry.id: parting.whole for parting in split_up}
    return tuple(wholes.get(row.entry.id, row) for row in rows)


def _reasons(
    review: Review, ballots: Mapping[str, Ballot], split_up: Sequence[Parting]
) -> dict[str, str]:
    given = {
        row.entry.id: ballots[row.entry.id].reason.strip() if row.entry.id in ballots else ""
        for row in review.rows
    }
    return given | {parting.rest.entry.id: given[parting.whole.entry.id] for parting in split_up}


def _saved_faults(review: Review, ballots: Mapping[str, Ballot]) -> Iterator[Fault]:
    """Check what is saved; what a sheet says has been checked with its cells."""
    saved = _saved(review)
    for row in review.rows:
        if row.entry.id in saved and row.entry.id not in ballots:
            yield from decision_faults(saved[row.entry.id], row)


def _chosen(review: Review, options: RunOptions) -> tuple[FrameOrder | None, list[Fault]]:
    customer, number = review.customer.code, options.frame_order
    if number is None:
        several = options.must_choose and len(review.open_orders) > 1
        orders = ", ".join(order.number for order in review.open_orders)
        where = "Frame orders"
        chosen = faults.ORDER_NOT_CHOSEN.at(where, customer=customer, orders=orders)
        return None, [chosen] if several else []
    if number == NO_FRAME_ORDER:
        return None, []
    order = next((one for one in review.frame_orders if one.number == number), None)
    if order is None:
        orders = ", ".join(one.number for one in review.open_orders) or '"No frame order"'
        where = "Frame orders"
        facts = {"order": number, "customer": customer, "orders": orders}
        return None, [faults.ORDER_OF_OTHER_CUSTOMER.at(where, **facts)]
    if order.state is OrderState.CLOSED:
        return order, [faults.ORDER_CLOSED.at("Frame orders", order=number)]
    return order, []


@dataclass(frozen=True, slots=True)
class _DrawnUp:
    """What goes on one document: its place, its entries, its lines."""

    location: str | None
    entries: Sequence[PricedEntry]
    lines: Sequence[GroupedLine]

    @property
    def is_seen(self) -> bool:
        """Whether anything of it would be printed."""
        return any(grouped.line.printed for grouped in self.lines)


def _drawn_up(review: Review, options: RunOptions, billed: Outcome) -> list[_DrawnUp]:
    """Sort entries onto documents and lines, as the wizard or the engine does."""
    books, currency = review.books, review.currency
    by_place = split((row.priced for row in billed), by_group=review.for_engine)
    return [
        _DrawnUp(
            place[0],
            entries,
            engine_lines(entries, books, currency)
            if review.for_engine
            else grouped_lines(entries, books, options.group_by, currency),
        )
        for place, entries in by_place.items()
    ]


def _unseen(drawn_up: Sequence[_DrawnUp], split_up: Sequence[Parting]) -> set[str]:
    """Return the entries of which nothing would be printed; an entry stands for its parts."""
    wholes = {parting.billed.entry.id: parting.whole.entry.id for parting in split_up}
    unseen = {one.entry.id for each in drawn_up if not each.is_seen for one in each.entries}
    return {wholes.get(entry, entry) for entry in unseen}


def _documents(
    review: Review,
    options: RunOptions,
    drawn_up: Sequence[_DrawnUp],
    order: FrameOrder | None,
    issue_date: dt.date,
) -> tuple[Document, ...]:
    made: list[Document] = []
    left = order.remaining if order else ZERO
    for one in drawn_up:
        draw = _draw_down(order, one, left)
        left -= draw.drawn if draw else ZERO
        made.append(_document(review, options, one, draw, issue_date))
    return tuple(map(as_pro_forma, made)) if review.is_pro_forma else tuple(made)


def _draw_down(order: FrameOrder | None, one: _DrawnUp, left: Decimal) -> DrawDown | None:
    if order is None:
        return None
    net = total(grouped.line.amount for grouped in one.lines)
    return order.draw_down(order.draw(one.entries, net), left)


def _document(
    review: Review,
    options: RunOptions,
    one: _DrawnUp,
    draw: DrawDown | None,
    issue_date: dt.date,
) -> Document:
    customer, books, location = review.customer, review.books, one.location
    lines = tuple(each.line for each in one.lines)
    billed = tuple(entry for each in one.lines for entry in each.billed)
    terms = _first_set(
        options.payment_terms_days, customer.payment_terms_days, books.settings.payment_terms_days
    )
    return Document(
        kind=DocumentKind.INVOICE,
        number="",
        customer=customer.code,
        location=location,
        currency=review.currency,
        billing_date=review.billing_date,
        issue_date=issue_date,
        due_date=issue_date + dt.timedelta(days=terms),
        payment_terms_days=terms,
        seller=books.company,
        buyer=_buyer(review, location, options),
        lines=lines,
        tax=tax_lines(lines, books.tax_codes, review.currency),
        billed=billed,
        period=_period(options, billed_days=[entry.date for entry in billed]),
        po_number=_po_number(options, draw),
        notes=options.notes,
        description=invoice_description(one.entries) if review.for_engine else "",
        draw_down=draw,
    )


def _first_set(*values: int | None) -> int:
    return next(value for value in values if value is not None)


def _po_number(options: RunOptions, draw: DrawDown | None) -> str:
    if options.po_number is not None:
        return options.po_number
    return draw.po_number if draw else ""


def _period(options: RunOptions, *, billed_days: list[dt.date]) -> ServicePeriod | None:
    found = service_period(billed_days)
    if found is None:
        return None
    return ServicePeriod(options.period_from or found.first, options.period_to or found.last)


def _buyer(review: Review, code: str | None, options: RunOptions) -> Buyer:
    reference, customer = options.buyer_reference, review.customer
    return buyer(customer, code, customer.buyer_reference if reference is None else reference)


def buyer(customer: Customer, code: str | None, reference: str) -> Buyer:
    """Return a customer, or one of its locations, as it is printed today."""
    place = next((one for one in customer.locations if one.code == code), Location(code=""))
    return Buyer(
        code=customer.code,
        name=customer.name,
        location=place.name or place.code or None,
        address=place.address if place.address.lines or place.address.city else customer.address,
        tax_id=customer.tax_id,
        email=customer.email,
        buyer_reference=reference,
    )


def _order_faults(
    order: FrameOrder | None, billed: Outcome, documents: Iterable[Document]
) -> Iterator[Fault]:
    if order is None:
        return
    for priced in order.outside_validity(row.priced for row in billed):
        yield outside_validity(order, priced.entry.id, priced.entry.date)
    drawn = total(each.draw_down.drawn for each in documents if each.draw_down)
    yield from overdrawn(order, drawn)


def outside_validity(order: FrameOrder, entry: str, day: dt.date) -> Fault:
    """Name an entry whose date the order does not cover."""
    return faults.OUTSIDE_VALIDITY.at(
        entry=entry,
        column="Date",
        day=day,
        order=order.number,
        first=order.valid_from or "the beginning",
        last=order.valid_to or "any day",
    )


def overdrawn(order: FrameOrder, drawn: Decimal) -> Iterator[Fault]:
    """Say that more is drawn than is left: refused, or told, as the order has it."""
    if drawn > max(order.remaining, ZERO):
        kind = faults.ORDER_EXCEEDED if order.overrun is Overrun.BLOCK else faults.ORDER_OVERRUN
        yield kind.at(
            "Frame orders",
            order=order.number,
            remaining=amount_of(order.remaining, order.unit),
            drawn=amount_of(drawn, order.unit),
            over=amount_of(drawn - order.remaining, order.unit),
        )


def amount_of(number: Decimal, unit: str) -> str:
    """Write hours or money with the unit, as a person reads it."""
    return f"{plain(number)} h" if unit == "h" else worded(number, unit)


def _tax_faults(review: Review, billed: Outcome, documents: Iterable[Document]) -> Iterator[Fault]:
    for row in billed:
        if row.priced.tax_percent is None:
            yield faults.BEFORE_FIRST_TAX_RATE.at(
                entry=row.entry.id,
                column="Date",
                day=row.entry.date,
                code=row.priced.tax_code,
            )
    if billed:
        yield from party_faults(documents, review.books, review.customer)


def party_faults(
    documents: Iterable[Document], books: Books, customer: Customer
) -> Iterator[Fault]:
    """Check what tax asks of the company, the customer and the code."""
    if not books.company.name:
        yield faults.SELLER_MISSING.at("books")
        return
    codes = {line.tax_code for document in documents for line in document.lines}
    for code in sorted(codes):
        tax = books.tax_codes[code]
        facts = {"code": code, "category": tax.category.value}
        where = "Preview"
        if tax.category in SELLER_TAX_ID_NEEDED and not books.company.tax_id:
            yield faults.SELLER_TAX_ID.at(where, **facts)
        if tax.category in BUYER_TAX_ID_NEEDED and not customer.tax_id:
            yield faults.BUYER_TAX_ID.at(where, **facts, customer=customer.code)
        if tax.category in NOTE_NEEDED and not tax.note:
            yield faults.TAX_NOTE.at(where, **facts)


def _document_faults(documents: Iterable[Document]) -> Iterator[Fault]:
    drawn_up = list(documents)
    for at, document in enumerate(drawn_up, start=1):
        place = f" of document {at}" if len(drawn_up) > 1 else ""
        yield from document_size_faults(document, "Preview", place)
        if document.total < 0 and document.kind is DocumentKind.INVOICE:
            text = worded(document.total, document.currency)
            yield faults.NEGATIVE_TOTAL.at("Preview", total=text)
        period = document.period
        if period and period.last < period.first:
            yield faults.PERIOD_BACKWARDS.at("Preview", first=period.first, last=period.last)
            return


def default_issue_date(billing_date: dt.date, last_of_series: dt.date | None) -> dt.date:
    """Return the latest of the billing date and the series' last issue date."""
    return max(billing_date, last_of_series or billing_date)

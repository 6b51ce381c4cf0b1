"""The default rule: billable quantity x bill rate, material at the item's price or at cost."""

from decimal import Decimal

from timix_xl.domain.books import Books, TaskFacts
from timix_xl.domain.charges import Charge, Lack, NoCharge
from timix_xl.domain.customers import Customer
from timix_xl.domain.entries import Entry, Kind
from timix_xl.domain.money import MOST, RATE_PLACES, quantized
from timix_xl.domain.rates import Place


def default_charge(
    entry: Entry, facts: TaskFacts, customer: Customer, books: Books
) -> Charge | NoCharge:
    """Charge an entry whose task has no billing rule."""
    rate = _rate(entry, facts, customer, books)
    if rate is None:
        return _missing(entry, customer, books)
    quantity = entry.billable_quantity
    exact = quantity * rate
    if abs(exact) >= MOST:
        return NoCharge(Lack.VALUE, f"the amount is {MOST:,f} or more", stops=True)
    return Charge(quantity=quantity, rate=rate, exact=exact)


def _rate(entry: Entry, facts: TaskFacts, customer: Customer, books: Books) -> Decimal | None:
    if entry.kind is Kind.MATERIAL and not entry.quantity:
        return None
    if entry.bill_rate is not None:
        return entry.bill_rate
    if entry.kind is Kind.MATERIAL:
        return _material_price(entry, facts, customer, books)
    return books.rates.find(
        Place(customer.code, entry.project, facts.chain, entry.person),
        entry.date,
        company_currency=customer.currency == books.company.currency,
    )


def _material_price(
    entry: Entry, facts: TaskFacts, customer: Customer, books: Books
) -> Decimal | None:
    if customer.currency != books.company.currency:
        return None
    item = books.items.get(entry.item or "")
    price = item.price_on(entry.date) if item else None
    if price is None and facts.project.material_at_cost:
        return unit_cost(entry)
    return price


def _missing(entry: Entry, customer: Customer, books: Books) -> NoCharge:
    if customer.currency != books.company.currency and _priced_at_home(entry, books):
        return NoCharge(Lack.CURRENCY, customer.currency)
    if entry.kind is Kind.MATERIAL:
        return NoCharge(Lack.PRICE, _why_no_price(entry))
    return NoCharge(Lack.RATE)


def _priced_at_home(entry: Entry, books: Books) -> bool:
    """Whether a person rate or item price exists, but in the company's currency."""
    if entry.kind is Kind.MATERIAL:
        item = books.items.get(entry.item or "")
        return item is not None and item.price_on(entry.date) is not None
    place = Place("", "", (), entry.person)
    return books.rates.find(place, entry.date, company_currency=True) is not None


def _why_no_price(entry: Entry) -> str:
    what = entry.item or entry.description or "this material"
    if not entry.quantity:
        return f"{what}: its quantity is 0"
    return what


def unit_cost(entry: Entry) -> Decimal | None:
    """Return the entry's cost per unit (company's currency), six decimals.

    A cost amount that no such price gives back to the last digit has none: it would be billed
    wrongly.
    """
    if entry.unit_cost is not None:
        return entry.unit_cost
    if entry.cost_amount is None or not entry.quantity:
        return None
    price = quantized(entry.cost_amount / entry.quantity, RATE_PLACES)
    places = -int(entry.cost_amount.as_tuple().exponent)
    gives_back = quantized(price * entry.quantity, places) == entry.cost_amount
    return price if gives_back else None

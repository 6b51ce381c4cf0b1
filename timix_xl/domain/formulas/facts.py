"""Facts: all that the formulas of one entry can ask for."""

from dataclasses import dataclass
from decimal import Decimal

from timix_xl.domain.customers import Customer
from timix_xl.domain.entries import Entry
from timix_xl.domain.items import AccountGroup, Item, Person, Vendor
from timix_xl.domain.limits import Limit
from timix_xl.domain.projects import Project, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An entry, what it belongs to, and the figures that were found for it.

    What is None is empty: a text field of it is "", a number or date of it cannot be calculated
    with. Unit costs, costs and rates of people are in the company's currency: whoever gathers the
    facts of a customer of another one leaves them out.
    """

    entry: Entry
    task: Task
    project: Project
    customer: Customer
    person: Person | None = None
    item: Item | None = None
    vendor: Vendor | None = None
    account_group: AccountGroup | None = None
    budget: Limit | None = None
    """The limit that covers the entry."""
    rate: Decimal | None = None
    """@Rate."""
    price: Decimal | None = None
    """@Price."""
    cost: Decimal | None = None
    """Entry.Amount: see `domain.costs`."""
    location: str | None = None
    """The code of the nearest location, if the task has not its own."""

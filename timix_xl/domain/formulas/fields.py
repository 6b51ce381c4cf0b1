"""Fields: every name that stands in brackets, and the names that users of other tools bring."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from timix_xl.domain.formulas.facts import Facts
from timix_xl.domain.formulas.refusals import CannotEvaluate
from timix_xl.domain.formulas.values import Getter, Type

NUMBER, TEXT, DATE, CONDITION = Type.NUMBER, Type.TEXT, Type.DATE, Type.CONDITION


@dataclass(frozen=True, slots=True)
class Field:
    """A name that a formula can ask for; `found` gives None where it is empty."""

    name: str
    type: Type
    meaning: str
    found: Callable[[Facts], Any]
    can_be_empty: bool = False

    @property
    def get(self) -> Getter:
        """Return what reads it: an empty text is "", an empty number or date has no value."""
        if not self.can_be_empty:
            return self.found
        return self._text if self.type is TEXT else self._value

    def _text(self, facts: Facts) -> str:
        return self.found(facts) or ""

    def _value(self, facts: Facts) -> Any:
        found = self.found(facts)
        if found is None:
            raise CannotEvaluate(f"[{self.name}] is empty")
        return found


def _always(name: str, type_: Type, meaning: str, found: Callable[[Facts], Any]) -> Field:
    return Field(name, type_, meaning, found)


def _perhaps(name: str, type_: Type, meaning: str, found: Callable[[Facts], Any]) -> Field:
    return Field(name, type_, meaning, found, can_be_empty=True)


_AT_HOME = "; in the company's currency, and empty for a customer of another"

_ENTRY = (
    _always("Entry.Id", TEXT, "the entry's number", lambda of: of.entry.id),
    _always("Entry.Date", DATE, "the day of the work", lambda of: of.entry.date),
    _always("Entry.Kind", TEXT, "time or material", lambda of: of.entry.kind.value),
    _always("Entry.Quantity", NUMBER, "hours or units as worked", lambda of: of.entry.quantity),
    _always(
        "Entry.BillableQty",
        NUMBER,
        "hours or units that may be billed",
        lambda of: of.entry.billable_quantity,
    ),
    _always("Entry.Unit", TEXT, "h, pcs, km and so on", lambda of: of.entry.unit),
    _perhaps(
        "Entry.UnitCost",
        NUMBER,
        f"cost of one unit, as imported{_AT_HOME}",
        lambda of: of.entry.unit_cost,
    ),
    _perhaps(
        "Entry.Amount",
        NUMBER,
        f"cost: the cost amount, else quantity x unit cost, else hours x the person's cost rate{_AT_HOME}",
        lambda of: of.cost,
    ),
    _perhaps(
        "Entry.BillRate", NUMBER, "bill rate of the entry itself", lambda of: of.entry.bill_rate
    ),
    _always("Entry.Billable", CONDITION, "may be billed at all", lambda of: of.entry.billable),
    _always("Entry.Description", TEXT, "what was done", lambda of: of.entry.description),
    _always("Entry.Currency", TEXT, "currency of the bill, as EUR", lambda of: of.entry.currency),
    _perhaps("Entry.ApprovedBy", TEXT, "who approved it", lambda of: of.entry.approved_by),
    _perhaps("Entry.ApprovedOn", DATE, "the day of approval", lambda of: of.entry.approved_on),
    _perhaps(
        "Entry.FrameOrder",
        TEXT,
        "frame order that the customer named for it",
        lambda of: of.entry.frame_order,
    ),
    _perhaps("Entry.Source", TEXT, "where it was imported from", lambda of: of.entry.source),
    _perhaps("Entry.ExternalId", TEXT, "its number there", lambda of: of.entry.external_id),
)

_WORK = (
    _always("Project.Code", TEXT, "code of the project", lambda of: of.project.code),
    _always("Project.Name", TEXT, "name of the project", lambda of: of.project.name),
    _always(
        "Project.Status", TEXT, "planned, active and so on", lambda of: of.project.status.value
    ),
    _perhaps("Project.Manager", TEXT, "who leads the project", lambda of: of.project.manager),
    _perhaps(
        "Project.StartDate", DATE, "first day of the project", lambda of: of.project.start_date
    ),
    _perhaps(
        "Project.BillRate", NUMBER, "bill rate of the project", lambda of: of.project.bill_rate
    ),
    _always("Task.Code", TEXT, "code of the task", lambda of: of.task.code),
    _always("Task.Name", TEXT, "name of the task", lambda of: of.task.name),
    _perhaps("Task.Parent", TEXT, "code of the task above it", lambda of: of.task.parent),
    _always("Task.Status", TEXT, "planned, active and so on", lambda of: of.task.status.value),
    _perhaps(
        "Task.Location",
        TEXT,
        "code of the customer's location that it is billed to",
        lambda of: of.location or of.task.location,
    ),
    _perhaps("Task.BillRate", NUMBER, "bill rate of the task", lambda of: of.task.bill_rate),
)

_PARTIES = (
    _always("Customer.Code", TEXT, "code of the customer", lambda of: of.customer.code),
    _always("Customer.Name", TEXT, "name of the customer", lambda of: of.customer.name),
    _always("Customer.Currency", TEXT, "currency, as EUR", lambda of: of.customer.currency),
    _always("Customer.Country", TEXT, "country, as DE", lambda of: of.customer.address.country),
    _always("Customer.City", TEXT, "city", lambda of: of.customer.address.city),
    _always("Customer.Language", TEXT, "language, as en", lambda of: of.customer.language),
    _always("Customer.TaxId", TEXT, "tax id", lambda of: of.customer.tax_id),
    _always(
        "Customer.BuyerReference",
        TEXT,
        "reference that the customer asked for",
        lambda of: of.customer.buyer_reference,
    ),
    _perhaps(
        "Customer.BillRate", NUMBER, "bill rate of the customer", lambda of: of.customer.bill_rate
    ),
    _perhaps("Person.Code", TEXT, "code of who worked", lambda of: of.entry.person),
    _perhaps(
        "Person.Name", TEXT, "name of who worked", lambda of: of.person.name if of.person else ""
    ),
    _perhaps(
        "Person.CostRate",
        NUMBER,
        f"cost of an hour{_AT_HOME}",
        lambda of: of.person.cost_rate if of.person else None,
    ),
    _perhaps(
        "Person.BillRate",
        NUMBER,
        f"bill rate of the person{_AT_HOME}",
        lambda of: of.person.bill_rate if of.person else None,
    ),
    _perhaps(
        "Person.Manager",
        TEXT,
        "code of whom the person reports to",
        lambda of: of.person.reports_to if of.person else "",
    ),
    _perhaps("Vendor.Code", TEXT, "code of the vendor", lambda of: of.entry.vendor),
    _perhaps(
        "Vendor.Name", TEXT, "name of the vendor", lambda of: of.vendor.name if of.vendor else ""
    ),
)

_THINGS = (
    _perhaps("Item.Code", TEXT, "code of the item", lambda of: of.entry.item),
    _perhaps("Item.Name", TEXT, "name of the item", lambda of: of.item.name if of.item else ""),
    _perhaps(
        "Item.Unit", TEXT, "what the item is sold by", lambda of: of.item.unit if of.item else ""
    ),
    _always("AccountGroup.Code", TEXT, "kind of cost, as LABOR", lambda of: of.entry.account_group),
    _perhaps(
        "AccountGroup.Name",
        TEXT,
        "name of the account group",
        lambda of: of.account_group.name if of.account_group else "",
    ),
    _perhaps(
        "Budget.Amount",
        NUMBER,
        "limit that covers the entry",
        lambda of: of.budget.amount if of.budget else None,
    ),
    _perhaps(
        "Budget.Task",
        TEXT,
        "task of that limit, empty for all",
        lambda of: of.budget.task if of.budget else "",
    ),
    _perhaps(
        "Budget.AccountGroup",
        TEXT,
        "account group of that limit, empty for all",
        lambda of: of.budget.account_group if of.budget else "",
    ),
)

FIELDS: Mapping[str, Field] = {
    field.name: field for field in (*_ENTRY, *_WORK, *_PARTIES, *_THINGS)
}
"""By the name that is written."""

_OUR_OWN = {
    "Entry.Qty": "Entry.Quantity",
    "Entry.BillableQuantity": "Entry.BillableQty",
    "Entry.CostAmount": "Entry.Amount",
    "Project.Description": "Project.Name",
    "Task.Description": "Task.Name",
    "Customer.Description": "Customer.Name",
    "Person.Description": "Person.Name",
    "Vendor.Description": "Vendor.Name",
    "Item.Description": "Item.Name",
    "AccountGroup.Description": "AccountGroup.Name",
    "Employee.Code": "Person.Code",
    "Employee.Name": "Person.Name",
    "Employee.CostRate": "Person.CostRate",
    "Employee.BillRate": "Person.BillRate",
}

# Acumatica's and MYOB's data access classes; only those fields that mean the same here.
_OF_OTHERS = {
    "PMTran.Date": "Entry.Date",
    "PMTran.Qty": "Entry.Quantity",
    "PMTran.BillableQty": "Entry.BillableQty",
    "PMTran.UOM": "Entry.Unit",
    "PMTran.UnitRate": "Entry.UnitCost",
    "PMTran.TranCuryUnitRate": "Entry.UnitCost",
    "PMTran.Amount": "Entry.Amount",
    "PMTran.TranCuryAmount": "Entry.Amount",
    "PMTran.ProjectCuryAmount": "Entry.Amount",
    "PMTran.Billable": "Entry.Billable",
    "PMTran.Description": "Entry.Description",
    "PMProject.ContractCD": "Project.Code",
    "PMProject.Description": "Project.Name",
    "PMProject.StartDate": "Project.StartDate",
    "PMTask.TaskCD": "Task.Code",
    "PMTask.Description": "Task.Name",
    "PMAccountGroup.GroupCD": "AccountGroup.Code",
    "PMAccountGroup.Description": "AccountGroup.Name",
    "PMBudget.MaxAmount": "Budget.Amount",
    "PMBudget.CuryMaxAmount": "Budget.Amount",
    "Customer.AcctCD": "Customer.Code",
    "Customer.AcctName": "Customer.Name",
    "Customer.CuryID": "Customer.Currency",
    "EPEmployee.AcctCD": "Person.Code",
    "EPEmployee.AcctName": "Person.Name",
    "Vendor.AcctCD": "Vendor.Code",
    "Vendor.AcctName": "Vendor.Name",
    "InventoryItem.InventoryCD": "Item.Code",
    "InventoryItem.Descr": "Item.Name",
    "InventoryItem.BaseUnit": "Item.Unit",
}

SYNONYMS: Mapping[str, str] = _OUR_OWN | _OF_OTHERS
"""Other names of fields, each with the field that it means."""


def field_named(name: str) -> Field | None:
    """Return the field of a name or of a synonym; large and small letters are the same."""
    return _BY_NAME.get(name.lower())


def known_names() -> Iterator[str]:
    """Return every name that can stand in brackets."""
    yield from FIELDS
    yield from SYNONYMS


_BY_NAME = {name.lower(): FIELDS[SYNONYMS.get(name, name)] for name in known_names()}

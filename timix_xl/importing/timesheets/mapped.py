"""Map the lines of an export to rows of entries, and propose a mapping for what is in it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Table
from dataclasses import replace

from timix_xl.domain.entries import ApprovalStatus
from timix_xl.domain.money import RATE_PLACES, plain, quantized
from timix_xl.importing import faults
from timix_xl.importing.faults import CellRefused, Trouble, shown, trouble
from timix_xl.importing.rows import Placed
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Tally
from timix_xl.importing.timesheets import durations
from timix_xl.importing.timesheets.export import Export
from timix_xl.importing.timesheets.lines import Line, combinations, folded
from timix_xl.importing.timesheets.mapping import CODES, Codes, Mapping
from timix_xl.importing.timesheets.matching import MappedLine
from timix_xl.importing.timesheets.names import OurNames
from timix_xl.importing.timesheets.shapes import Fact

_NOUNS = {"customers": "customer", "projects": "project", "tasks": "task", "people": "person"}
_FACTS = {
    "customers": Fact.CLIENT,
    "projects": Fact.PROJECT,
    "tasks": Fact.TASK,
    "people": Fact.PERSON,
}
COLUMNS = {
    "date": (Fact.DATE,),
    "project": (Fact.PROJECT,),
    "task": (Fact.TASK,),
    "person": (Fact.PERSON, Fact.LAST_NAME),
    "quantity": (Fact.CLOCK, Fact.HOURS),
    "billable_quantity": (Fact.ROUNDED,),
    "description": (Fact.DESCRIPTION,),
    "bill_rate": (Fact.RATE, Fact.AMOUNT),
    "currency": (Fact.CURRENCY, Fact.AMOUNT),
    "billable": (Fact.BILLABLE,),
    "status": (Fact.APPROVED,),
    "frame_order": (Fact.ORDER,),
    "billed_elsewhere": (Fact.INVOICE, Fact.INVOICED),
}
"""Where a column of entries comes from: faults name the column that the person sees."""


def project_key(line: Line) -> str:
    """Return the name of a line's project in a mapping file."""
    return f"{line.client or '(no client)'} / {line.project or '(no project)'}"


def task_key(line: Line) -> str:
    """Return the name of a line's task in a mapping file."""
    return f"{project_key(line)} / {line.task or '(no task)'}"


def order_key(line: Line) -> str:
    """Return the name of an order number that several clients use in a mapping file."""
    return f"{line.client or '(no client)'} / {line.order}"


def mapped_lines(
    export: Export, mapping: Mapping, standing: Standing, tally: Tally, *, status: bool
) -> list[MappedLine]:
    """Return the rows of entries, without ids; lines that a person has to say more of are refused.

    `status` says that the caller's status holds for the entries, not the mapping's.
    """
    mapper = _Mapper(export, mapping, standing)
    mapped, left_out = [], Counter[str]()
    first: dict[str, Placed] = {}
    for line in export.lines:
        record, troubles = mapper.record(line)
        placed = Placed(export.file, line.row, record)
        if troubles:
            tally.refuse(placed, troubles)
        elif record is None:
            left_out[project_key(line)] += 1
            first.setdefault(project_key(line), placed)
        else:
            record["status"] = _status(line, None if status else mapping.status)
            mapped.append(MappedLine(line, placed))
    for key, count in left_out.items():
        lines = "1 line is" if count == 1 else f"{count:,} lines are"
        tally.warn(first[key], faults.LEFT_OUT_BY_MAPPING, "", count=lines, value=shown(key))
    for (currency, customer), line in mapper.other_currencies.items():
        facts = {"currency": currency, "customer": customer, "ours": standing.currency_of(customer)}
        placed = Placed(export.file, line.row, None)
        tally.warn(placed, faults.OTHER_CURRENCY, mapper.header("currency"), **facts)
    return mapped


def names_not_met(export: Export, mapping: Mapping) -> list[str]:
    """Return the names of a mapping that no line of a file has."""
    met: dict[str, set[str]] = {key: set() for key in CODES}
    for line in export.lines:
        met["customers"].add(folded(line.client))
        met["projects"].add(folded(project_key(line)))
        met["tasks"].add(folded(task_key(line)))
        met["people"].add(folded(line.person))
        met["orders"] |= {folded(line.order), folded(order_key(line))}
    tables = [*mapping.codes.items(), *mapping.rates.items()]
    names = (name for key, table in tables for name in table if folded(name) not in met[key])
    return list(dict.fromkeys(names))


def proposed(export: Export, mapping: Mapping, standing: Standing) -> Mapping:
    """Return a mapping with every name of the file: as filled in, as matched exactly, or blank."""
    names = OurNames(standing)
    mapper = _Mapper(export, mapping, standing)
    codes: dict[str, dict[str, str | None]] = {key: {} for key in CODES}
    found = combinations(export.lines)
    for line in found.get("customers", ()):
        codes["customers"][line.client] = mapper.code(
            "customers", line.client, names.customer(line)
        )
    for line in found.get("projects", ()):
        codes["projects"][project_key(line)] = mapper.project(line)
    for line in found.get("tasks", ()):
        project = mapper.project(line)
        codes["tasks"][task_key(line)] = mapper.task(line, project) if project else project
    for line in found.get("people", ()):
        codes["people"][line.person] = mapper.code("people", line.person, names.person(line))
    codes["orders"] = _orders(found.get("orders", ()), mapper)
    given = {key: _renewed(mapping.codes[key], codes[key]) for key in CODES}
    rates = {key: _renewed(dict.fromkeys(codes[key]), mapping.rates[key]) for key in mapping.rates}
    return replace(
        mapping, format=export.source, fingerprint=export.fingerprint, codes=given, rates=rates
    )


def _orders(lines: Iterable[Line], mapper: "_Mapper") -> dict[str, str | None]:
    """Return our orders by their number; numbers of several clients that are known stay out."""
    found: dict[str, dict[str, str | None]] = {}
    for line in lines:
        if (project := mapper.project(line)) is not None:
            found.setdefault(line.order, {})[order_key(line)] = mapper.order(line, project)
    orders: dict[str, str | None] = {}
    for number, by_client in found.items():
        if len(set(by_client.values())) == 1:
            orders[number] = next(iter(by_client.values()))
        else:
            orders |= {key: order for key, order in by_client.items() if order == ""}
    return orders


def _renewed(before: Codes, after: Codes) -> Codes:
    """Return both; where they have a name in other capitals, as it is written in the second."""
    again = {folded(name) for name in after}
    kept = {
        name: code for name, code in before.items() if name in after or folded(name) not in again
    }
    return {**kept, **after}


def _status(line: Line, told: ApprovalStatus | None) -> str | None:
    if line.is_approved is not None:
        return ApprovalStatus.APPROVED.value if line.is_approved else None
    return told.value if told else None


class _Mapper:
    """Finds our codes for the names of a line: the mapping's, else an exact match."""

    def __init__(self, export: Export, mapping: Mapping, standing: Standing) -> None:
        self.export = export
        self.mapping = mapping
        self.standing = standing
        self.names = OurNames(standing)
        self.codes = {
            key: {folded(name): code for name, code in mapping.codes[key].items()} for key in CODES
        }
        self.other_currencies: dict[tuple[str, str], Line] = {}

    def header(self, column: str) -> str:
        """Return the export's header for a column of entries."""
        return header_of(self.export, column)

    def code(self, key: str, name: str, match: str | None) -> str | None:
        """Return our code for a name, None for none, empty if a person has to say."""
        code = self.codes[key].get(folded(name), "")
        return match or "" if code == "" else code

    def customer(self, line: Line) -> str | None:
        """Return our customer of a line."""
        return self.code("customers", line.client, self.names.customer(line))

    def project(self, line: Line) -> str | None:
        """Return our project of a line; none, too, where the mapping leaves its client out."""
        customer = self.customer(line)
        if line.client and customer is None:
            return None
        match = self.names.project(line, customer)
        return self.code("projects", project_key(line), match)

    def task(self, line: Line, project: str) -> str | None:
        """Return our task of a line; none where the project needs none."""
        code = self.code("tasks", task_key(line), self.names.task(line, project))
        return None if code == "" and not self.names.needs_task(project) else code

    def order(self, line: Line, project: str | None) -> str | None:
        """Return our frame order of a line."""
        owner = self.standing.find("projects", project)
        match = self.names.order(line, owner["customer"]) if owner else None
        of_client = folded(order_key(line)) in self.codes["orders"]
        code = self.code("orders", order_key(line) if of_client else line.order, match)
        ours = self.standing.find("frame_orders", code)
        is_of_another = owner and ours and ours["customer"] != owner["customer"]
        return match if match and is_of_another else code

    def record(self, line: Line) -> tuple[dict[str, str | None] | None, list[Trouble]]:
        """Return a row of entries, none if the mapping leaves it out, or what has to be said."""
        if (project := self.project(line)) is None:
            return None, []
        customer = self.customer(line)
        if line.client and customer and self.standing.find("customers", customer) is None:
            facts = {"noun": "customer", "value": shown(customer)}
            return {}, [trouble(faults.UNKNOWN_CODE, self._place("customers"), **facts)]
        person = self.code("people", line.person, self.names.person(line))
        task = self.task(line, project) if project else None
        troubles = [
            trouble(faults.NOT_MAPPED, self._place(key), **_facts(key, name))
            for key, name, code in (
                ("customers", line.client, customer),
                ("projects", project_key(line), project),
                ("tasks", task_key(line), task),
                ("people", line.person, person),
            )
            if code == "" and name
        ]
        if troubles or not project:
            return {}, troubles
        record = self._facts(line) | {"project": project, "task": task, "person": person or None}
        owner = self.standing.find("projects", project)
        if owner is None:  # the check of codes says so
            return record, []
        troubles += self._customer(project, owner["customer"], customer)
        troubles += self._order(line, record)
        troubles += self._money(line, record, owner["customer"])
        return record, troubles

    def _facts(self, line: Line) -> dict[str, str | None]:
        rounded = line.billable_hours
        return {
            "date": line.date.isoformat(),
            "quantity": plain(line.hours),
            "description": line.description,
            "billable_quantity": None if rounded is None else plain(rounded),
            "billable": "true" if line.is_billable else "false",
            "source": self.export.source,
            "billed_elsewhere": line.billed_elsewhere,
        }

    def _customer(self, project: str, owner: str, customer: str | None) -> Iterator[Trouble]:
        if customer and customer != owner:
            facts = {"project": project, "owner": owner, "value": customer}
            yield trouble(faults.OTHER_CUSTOMER, self._place("customers"), **facts)

    def _order(self, line: Line, record: dict[str, str | None]) -> Iterator[Trouble]:
        if not line.order:
            return
        record["frame_order"] = self.order(line, record["project"])
        if record["frame_order"] == "":
            customer = self.standing.customer_of(str(record["project"]))
            facts = {"value": shown(line.order), "customer": customer}
            yield trouble(faults.SAY_WHICH_ORDER, self.header("frame_order"), **facts)

    def _money(self, line: Line, record: dict[str, str | None], customer: str) -> Iterator[Trouble]:
        agreed = self.mapping.rate_of(project_key(line), line.person)
        if agreed is not None:
            record["bill_rate"] = plain(agreed)
            return
        if self.mapping.takes_rates and line.is_billable:
            try:
                record["bill_rate"] = self._rate(line)
            except CellRefused as refused:
                yield trouble(refused.kind, self.header("bill_rate"), **refused.facts)
        ours = self.standing.currency_of(customer)
        is_another = line.currency not in ("", ours)
        if is_another and record.get("bill_rate") and not self.mapping.takes_currency:
            facts = {"currency": shown(line.currency), "customer": customer, "ours": ours}
            yield trouble(faults.RATE_IN_OTHER_CURRENCY, self.header("bill_rate"), **facts)
        if self.mapping.takes_currency and line.currency:
            record["currency"] = line.currency
            if line.currency != ours and line.is_billable:
                self.other_currencies.setdefault((line.currency, customer), line)

    def _rate(self, line: Line) -> str | None:
        """Return the line's own rate, else its amount by the hour.

        A rate of 0 is one, unless there is an amount: a fixed price has that and no rate.
        """
        rate = durations.number_of(line.rate, self.export.mark) if line.rate else None
        if rate:
            return plain(quantized(rate, RATE_PLACES))
        amount = durations.number_of(line.amount, self.export.mark) if line.amount else None
        if amount and line.hours:
            return plain(quantized(amount / line.hours, RATE_PLACES))
        return None if rate is None else plain(rate)

    def _place(self, key: str) -> str:
        fact = _FACTS[key]
        fact = Fact.LAST_NAME if fact is Fact.PERSON and fact not in self.export.headers else fact
        return self.export.headers.get(fact, fact.value)


def header_of(export: Export, column: str) -> str:
    """Return the header under which a column of entries stands in an export."""
    known = (export.headers[fact] for fact in COLUMNS.get(column, ()) if fact in export.headers)
    return next(known, column)


def _facts(key: str, name: str) -> Table[str, object]:
    return {"noun": _NOUNS[key], "value": shown(name), "key": key}

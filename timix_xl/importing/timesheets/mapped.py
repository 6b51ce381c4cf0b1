"""Map the lines of an export to rows of entries, and propose a mapping for what is in it."""

from collections import Counter
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import replace
from decimal import Decimal

from timix_xl.domain.entries import ApprovalStatus
from timix_xl.domain.money import RATE_PLACES, plain, quantized
from timix_xl.importing import faults
from timix_xl.importing.faults import CellRefused, Trouble, shown, trouble
from timix_xl.importing.rows import Placed
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Tally
from timix_xl.importing.timesheets import durations
from timix_xl.importing.timesheets.export import Export
from timix_xl.importing.timesheets.lines import Line, combinations
from timix_xl.importing.timesheets.mapping import CODES, Mapping
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


def mapped_rows(
    export: Export, mapping: Mapping, standing: Standing, tally: Tally, *, status: bool
) -> list[Placed]:
    """Return the rows of entries; lines that a person has to say more of are refused.

    `status` says that the caller's status holds for the entries, not the mapping's.
    """
    mapper = _Mapper(export, mapping, standing)
    rows, left_out = [], Counter[str]()
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
            rows.append(placed)
    for key, count in left_out.items():
        lines = "1 line is" if count == 1 else f"{count:,} lines are"
        tally.warn(first[key], faults.LEFT_OUT_BY_MAPPING, "", count=lines, value=shown(key))
    for (currency, customer), line in mapper.other_currencies.items():
        facts = {"currency": currency, "customer": customer, "ours": standing.currency_of(customer)}
        placed = Placed(export.file, line.row, None)
        tally.warn(placed, faults.OTHER_CURRENCY, mapper.header("currency"), **facts)
    return rows


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
        project = codes["projects"][project_key(line)]
        codes["tasks"][task_key(line)] = mapper.task(line, project) if project else project
    for line in found.get("people", ()):
        codes["people"][line.person] = mapper.code("people", line.person, names.person(line))
    for line in found.get("orders", ()):
        if (project := codes["projects"][project_key(line)]) is not None:
            codes["orders"][line.order] = mapper.order(line, project)
    given = {key: {**mapping.codes[key], **codes[key]} for key in CODES}
    rates = {
        key: {**dict.fromkeys(codes[key]), **mapping.rates[key]} for key in ("projects", "people")
    }
    return replace(
        mapping, format=export.source, fingerprint=export.fingerprint, codes=given, rates=rates
    )


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
        self.other_currencies: dict[tuple[str, str], Line] = {}

    def header(self, column: str) -> str:
        """Return the export's header for a column of entries."""
        return header_of(self.export, column)

    def code(self, key: str, name: str, match: str | None) -> str | None:
        """Return our code for a name, None for none, empty if a person has to say."""
        codes = self.mapping.codes[key]
        return codes[name] if codes.get(name, "") != "" else match or ""

    def project(self, line: Line) -> str | None:
        """Return our project of a line."""
        customer = self.code("customers", line.client, self.names.customer(line))
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
        return self.code("orders", line.order, match)

    def record(self, line: Line) -> tuple[dict[str, str | None] | None, list[Trouble]]:
        """Return a row of entries, none if the mapping leaves it out, or what has to be said."""
        if (project := self.project(line)) is None:
            return None, []
        customer = self.code("customers", line.client, self.names.customer(line))
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
        return {
            "id": f"{self.export.source}:{line.external_id}",
            "date": line.date.isoformat(),
            "quantity": plain(line.hours),
            "description": line.description,
            "billable": "true" if line.is_billable else "false",
            "source": self.export.source,
            "external_id": line.external_id,
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
        if self.mapping.takes_currency and line.currency:
            record["currency"] = line.currency
            ours = self.standing.currency_of(customer)
            if line.currency != ours and line.is_billable:
                self.other_currencies.setdefault((line.currency, customer), line)

    def _rate(self, line: Line) -> str | None:
        """Return the line's own rate, else its amount by the hour; none if it is 0."""
        for text, hours in ((line.rate, Decimal(1)), (line.amount, line.hours)):
            number = durations.number_of(text, self.export.mark) if text and hours else None
            if number and hours:
                return plain(quantized(number / hours, RATE_PLACES))
        return None

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

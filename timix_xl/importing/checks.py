"""What is checked beyond the cells of a master row, and what the store keeps of it."""

from collections.abc import Iterator

from timix_xl.domain.tax import TaxCategory
from timix_xl.importing import faults, logo
from timix_xl.importing.faults import CellRefused, Trouble, trouble
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing


def cannot_change(row: Row, was: Row | None, column: str, what: str, why: str) -> Iterator[Trouble]:
    """Refuse another value in a column that stays."""
    if was is not None and row[column] != was[column]:
        facts = {"what": what, "before": was[column], "after": row[column], "why": why}
        yield trouble(faults.CANNOT_CHANGE, column, **facts)


def company(row: Row, was: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Check the logo; the currency stays once there are entries or documents."""
    if row["logo"]:
        try:
            logo.load(standing.folder, row["logo"])
        except CellRefused as refused:
            yield trouble(refused.kind, "logo", **refused.facts)
    if standing.has_money:
        why = "costs and person rates are kept in it"
        yield from cannot_change(row, was, "currency", "The company's currency", why)


def settle_company(row: Row, _: Row | None, standing: Standing) -> Row:
    """Keep the logo's bytes in the store, and their SHA-256 in the company."""
    if not row["logo"]:
        return row
    blob = logo.load(standing.folder, row["logo"])
    if not standing.find("blobs", blob["sha256"]):
        standing.put("blobs", blob)
    return row | {"logo": blob["sha256"]}


def settle_account_group(row: Row, _: Row | None, __: Standing) -> Row:
    """Keep the name that LABOR has from the start, where none is given."""
    is_nameless_labor = row["code"] == "LABOR" and not row["name"]
    return row | {"name": "Labor"} if is_nameless_labor else row


def settle_project(row: Row, was: Row | None, _: Standing) -> Row:
    """Keep the last billing date of the runs: a file only ever moves it on."""
    days = [day for day in (row["last_billing_date"], was and was["last_billing_date"]) if day]
    return row | {"last_billing_date": max(days, default=None)}


def tax_code(row: Row, _: Row | None, __: Standing) -> Iterator[Trouble]:
    """Check that the rates are there and in order."""
    if not row["rates"]:
        facts = {"wanted": "at least one rate", "column": "percent"}
        yield trouble(faults.RATES_OUT_OF_ORDER, "rates", **facts)
    if row["category"] is not TaxCategory.STANDARD and any(one["percent"] for one in row["rates"]):
        yield trouble(faults.PERCENT_NOT_ZERO, "rates", category=row["category"])
    yield from _in_order(row["rates"], "rates", "percent")


def item(row: Row, _: Row | None, __: Standing) -> Iterator[Trouble]:
    """Check that the prices are in order."""
    yield from _in_order(row["prices"], "prices", "price")


def _in_order(rates: tuple[Row, ...], column: str, value: str) -> Iterator[Trouble]:
    days = [rate["since"] for rate in rates]
    dated = [day for day in days if day is not None]
    if days.count(None) > 1 or (None in days[1:]):
        wanted = 'at most one row without "from", as the first'
        yield trouble(faults.RATES_OUT_OF_ORDER, column, wanted=wanted, column=value)
    elif dated != sorted(set(dated)):
        wanted = 'each "from" later than the one before'
        yield trouble(faults.RATES_OUT_OF_ORDER, column, wanted=wanted, column=value)


def customer(row: Row, was: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Check the locations; the currency stays once used."""
    code = row["code"]
    if code in standing.used_customers:
        why = "it is used by entries, documents, frame orders or limits"
        yield from cannot_change(row, was, "currency", f"The currency of customer {code}", why)
    codes = [location["code"] for location in row["locations"]]
    for at, one in enumerate(codes):
        if one in codes[:at]:
            first = f"locations[{codes.index(one)}]"
            place = f"locations[{at}].code"
            yield trouble(faults.ROW_TWICE, place, value=f"location {one}", first=first)
    gone = {location["code"] for location in was["locations"]} - set(codes) if was else set()
    if gone:
        yield from _still_used(gone, code, standing)


def _still_used(gone: set[str], customer: str, standing: Standing) -> Iterator[Trouble]:
    for (project, task), row in standing.now["tasks"].items():
        if row["location"] in gone and standing.customer_of(project) == customer:
            facts = {"value": row["location"], "task": f"{project} / {task}"}
            yield trouble(faults.LOCATION_IN_USE, "locations", **facts)


def settle_customer(row: Row, _: Row | None, __: Standing) -> Row:
    """Keep the locations by code, which is how they are found."""
    return row | {"locations": tuple(sorted(row["locations"], key=lambda one: one["code"]))}


def project(row: Row, was: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Refuse another customer once used."""
    code = row["code"]
    if code in standing.used_projects:
        why = "the project has entries, documents or limits"
        yield from cannot_change(row, was, "customer", f"The customer of project {code}", why)
    elif was is not None and was["customer"] != row["customer"]:
        yield from _located_elsewhere(row, standing)


def _located_elsewhere(row: Row, standing: Standing) -> Iterator[Trouble]:
    for task in standing.tasks_of(row["code"]):
        location = standing.now["tasks"][(row["code"], task)]["location"]
        if location and not _has_location(row["customer"], location, standing):
            facts = {"value": location, "customer": row["customer"]}
            yield trouble(faults.LOCATION_ELSEWHERE, "customer", **facts)


def task(row: Row, _: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Check the location."""
    customer = standing.customer_of(row["project"])
    if row["location"] and not _has_location(customer, row["location"], standing):
        facts = {"value": row["location"], "customer": customer}
        yield trouble(faults.LOCATION_ELSEWHERE, "location", **facts)


def _has_location(customer: str, location: str, standing: Standing) -> bool:
    found = standing.now["customers"][(customer,)]["locations"]
    return any(one["code"] == location for one in found)


def bill_rate(row: Row, _: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Check for whom the rate is, and when."""
    if not (row["customer"] or row["project"] or row["person"] or row["task"]):
        yield trouble(faults.RATE_FOR_NOBODY, "customer")
    yield from task_of_project(row, standing)
    if row["project"] and row["customer"]:
        owner = standing.customer_of(row["project"])
        if owner != row["customer"]:
            facts = {"project": row["project"], "owner": owner, "value": row["customer"]}
            yield trouble(faults.OTHER_CUSTOMER, "customer", **facts)
    yield from before_its_end(row["since"], row["until"], "to")


def task_of_project(row: Row, standing: Standing) -> Iterator[Trouble]:
    """Check that a row's task is one of its project's."""
    project, code = row["project"], row["task"]
    if code and not project:
        yield trouble(faults.TASK_WITHOUT_PROJECT, "task", value=code)
    elif code and not standing.find("tasks", project, code):
        refused = ("tasks", (project, code)) in standing.refused
        kind = faults.DEPENDS_ON_REFUSED if refused else faults.UNKNOWN_CODE
        yield trouble(kind, "task", noun="task", value=f"{project} / {code}")


def before_its_end(since: object, until: object, column: str) -> Iterator[Trouble]:
    """Check that a period begins before it ends."""
    if since is not None and until is not None and str(since) > str(until):
        yield trouble(faults.FROM_AFTER_TO, column, since=since, until=until)


def settle_bill_rate(row: Row, was: Row | None, _: Standing) -> Row:
    """Keep the project alone where it stands for its customer, and the id of a known rate."""
    whole = row | {"customer": None if row["project"] else row["customer"]}
    return whole | {"id": was["id"]} if was and "id" in was else whole

"""What stands while an import runs: the store's rows, and over them what the files say so far."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from timix_xl.domain.limits import Share
from timix_xl.domain.projects import BillingOption, ProjectStatus
from timix_xl.importing.rows import Row
from timix_xl.store import intake
from timix_xl.store.intake import Key, Shelf, Stored


@dataclass(frozen=True, slots=True)
class Mark:
    """What stood at a moment, to go back to."""

    now: Mapping[str, Shelf]
    refused: frozenset[tuple[str, Key]]
    used_customers: frozenset[str]
    used_projects: frozenset[str]


class Standing:
    """Rows by key of the books file and by their own key, before and now."""

    def __init__(self, stored: Stored) -> None:
        self.before: dict[str, Shelf] = {name: dict(rows) for name, rows in stored.rows.items()}
        self.now: dict[str, Shelf] = {name: dict(rows) for name, rows in stored.rows.items()}
        self.refused: set[tuple[str, Key]] = set()
        self.used_customers = set(stored.used_customers)
        self.used_projects = set(stored.used_projects)
        self.drawn = dict(stored.drawn)
        self.has_money = stored.has_money
        self.locked_until = stored.locked_until
        self.folder = Path()
        self.invoiced: Sequence[Share] = ()
        """What issued documents bill, once a file has limits."""
        self.hours: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)
        """Hours by person and day that the files add to the store's."""
        self._sources: dict[tuple[str, str], str] = {}
        self._tasks: defaultdict[str, list[str]] = defaultdict(list)
        self._index_tasks()

    @property
    def home(self) -> str:
        """The company's currency; empty before there is a company."""
        company = self.now["company"].get(())
        return str(company["currency"]) if company else ""

    def mark(self) -> Mark:
        """Note what stands now."""
        now = {name: dict(shelf) for name, shelf in self.now.items()}
        used = (frozenset(self.used_customers), frozenset(self.used_projects))
        return Mark(now, frozenset(self.refused), *used)

    def back_to(self, mark: Mark) -> None:
        """Let stand what stood at a mark, and nothing since."""
        self.now = {name: dict(shelf) for name, shelf in mark.now.items()}
        self.refused = set(mark.refused)
        self.used_customers = set(mark.used_customers)
        self.used_projects = set(mark.used_projects)
        self._index_tasks()

    def _index_tasks(self) -> None:
        self._tasks.clear()
        for project, task in self.now["tasks"]:
            self._tasks[project].append(task)

    def knows(self, name: str, code: str) -> bool:
        """Whether a code leads to a row; a rate table has one for each rate type."""
        shelf = self.now[name]
        return (code,) in shelf or _of_some_type(name, code, shelf)

    def has_refused(self, name: str, code: str) -> bool:
        """Whether a code leads to a row that is refused."""
        refused = (key for one, key in self.refused if one == name)
        return (name, (code,)) in self.refused or _of_some_type(name, code, refused)

    def find(self, name: str, *key: Any) -> Row | None:
        """Return a row as it stands now."""
        return self.now[name].get(key)

    def put(self, name: str, row: Row) -> None:
        """Let a row stand."""
        key = intake.key_of(name, row)
        if name == "tasks" and key not in self.now[name]:
            self._tasks[key[0]].append(key[1])
        self.now.setdefault(name, {})[key] = row

    def meet_entries(self, stored: Shelf) -> None:
        """Get to know entries of the store; what an earlier file made of them stays."""
        self.before.setdefault("entries", {}).update(stored)
        entries = self.now.setdefault("entries", {})
        for key, row in stored.items():
            entries.setdefault(key, row)
            self._sources.setdefault((row["source"], row["external_id"]), row["id"])

    def put_entry(self, row: Row) -> None:
        """Let an entry stand; what it uses cannot change from now on."""
        project = row["project"]
        if not self.tasks_of(project):
            self.put("tasks", own_task(project))
        self.now["entries"][(row["id"],)] = row
        self._sources[(row["source"], row["external_id"])] = row["id"]
        self.used_projects.add(project)
        self.used_customers.add(self.customer_of(project))
        self.has_money = True

    def entry_of_source(self, source: tuple[str, str]) -> str | None:
        """Return the id of the entry with this source and external id."""
        return self._sources.get(source)

    def restore(self, name: str, key: Key, row: Row | None) -> None:
        """Let a row stand as it was before it was put."""
        if row is not None:
            self.now[name][key] = row
        else:
            del self.now[name][key]

    def tasks_of(self, project: str) -> list[str]:
        """List the codes of a project's tasks."""
        return self._tasks.get(project, [])

    def currency_of(self, customer: str) -> str:
        """Return a customer's currency."""
        return str(self.now["customers"][(customer,)]["currency"])

    def customer_of(self, project: str) -> str:
        """Return a project's customer."""
        return str(self.now["projects"][(project,)]["customer"])


def _of_some_type(name: str, code: str, keys: Iterable[Key]) -> bool:
    return name == "rate_tables" and any(key[:1] == (code,) for key in keys)


def own_task(project: str) -> Row:
    """Return the task of its own code that a project without tasks gets."""
    empty = ("parent", "billing_type", "bill_rate", "billing_rule", "rate_table", "tax_code")
    return {
        **dict.fromkeys((*empty, "location")),
        "project": project,
        "code": project,
        "name": "",
        "status": ProjectStatus.ACTIVE,
        "billing_option": BillingOption.PERIOD,
        "bill_separately": False,
    }

"""Which of our codes a name of an export is: the same code, or the same name and no other's."""

from collections.abc import Iterable
from typing import TypeAlias

from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing
from timix_xl.importing.timesheets.lines import Line, folded

Index: TypeAlias = dict[tuple[str | None, str], str | None]
"""Code by scope and name; None where two of ours share the name."""


class OurNames:
    """The codes and names of the books, to be looked up exactly but for capitals and spaces."""

    def __init__(self, standing: Standing) -> None:
        now = standing.now
        self.standing = standing
        self._customers = _index(now["customers"].values(), "code", "name")
        self._people = _index(now["people"].values(), "code", "name")
        self._projects = _index(now["projects"].values(), "code", "name", scope="customer")
        self._any_project = _index(now["projects"].values(), "code", "name")
        self._tasks = _index(now["tasks"].values(), "code", "name", scope="project")
        orders = now["frame_orders"].values()
        self._orders = _index(orders, "number", "po_number", scope="customer")

    def customer(self, line: Line) -> str | None:
        """Find the customer of a line."""
        return _found(self._customers, None, line.client)

    def project(self, line: Line, customer: str | None) -> str | None:
        """Find the project of a line: of its customer, if that is known."""
        index = self._projects if customer else self._any_project
        return _found(index, customer, line.project_code) or _found(index, customer, line.project)

    def task(self, line: Line, project: str) -> str | None:
        """Find the task of a line in a project."""
        return _found(self._tasks, project, line.task)

    def person(self, line: Line) -> str | None:
        """Find the person of a line."""
        return _found(self._people, None, line.person) or _found(
            self._people, None, line.person_code
        )

    def order(self, line: Line, customer: str) -> str | None:
        """Find the frame order of a customer that a line names."""
        return _found(self._orders, customer, line.order)

    def needs_task(self, project: str) -> bool:
        """Whether entries of a project have to name a task."""
        tasks = self.standing.tasks_of(project)
        return bool(tasks) and tasks != [project]


def _index(rows: Iterable[Row], *columns: str, scope: str | None = None) -> Index:
    rows = list(rows)
    index: Index = {}
    for column in columns:  # a code goes before a name
        named: Index = {}
        for row in rows:
            if text := folded(row[column] or ""):
                key = (scope and row[scope], text)
                named[key] = None if key in named else row[columns[0]]
        index = named | index
    return index


def _found(index: Index, scope: str | None, name: str) -> str | None:
    return index.get((scope, folded(name))) if name else None

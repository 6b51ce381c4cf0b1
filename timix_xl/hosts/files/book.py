"""A workbook in memory, the file it came from, and what its formulas give."""

from pathlib import Path
from typing import Any

from xlwings import base_classes

from timix_xl.hosts.files.formulas.calculation import Calculation
from timix_xl.hosts.files.loading import Loaded
from timix_xl.hosts.files.names import Names
from timix_xl.hosts.files.saving import save
from timix_xl.hosts.files.sheets import Sheets


class Book(base_classes.Book):
    """One workbook."""

    app: Any = None
    api: Any = None

    def __init__(self, books: Any, path: Path, loaded: Loaded) -> None:
        self._books = books
        self.app = books.app
        self.path = path
        self.loaded = loaded
        self.workbook = loaded.workbook
        self._calculation: Calculation | None = None
        self.api = self.workbook

    @property
    def name(self) -> str:
        """Give the file's name."""
        return self.path.name

    @property
    def fullname(self) -> str:
        """Give the file's path: after a save, that of the file that was written."""
        return str(self.path)

    @property
    def sheets(self) -> Sheets:
        """Give the sheets."""
        return Sheets(self)

    @property
    def names(self) -> Names:
        """Give the defined names of the workbook and of its sheets."""
        return Names(self)

    @property
    def calculation(self) -> Calculation:
        """Give the results of all formulas, calculated on first use after a change."""
        if self._calculation is None:
            self._calculation = Calculation(self.workbook, self.loaded.results)
        return self._calculation

    def changed(self) -> None:
        """Note that cells, names, tables or hidden rows are not what they were."""
        self._calculation = None

    def calculate(self) -> None:
        """Calculate all formulas anew."""
        self.changed()

    def activate(self) -> None:
        """Make this the active book of its app."""
        self._books.to_front(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Write the file; beside it, under another name, if content would be lost."""
        if password is not None:
            raise NotImplementedError
        target = Path(path).resolve() if path else None
        self.path = save(self, target)

    def close(self) -> None:
        """Forget the book; what is not saved is gone."""
        self._books.remove(self)

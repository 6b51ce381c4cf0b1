"""Defined names."""

from collections.abc import Iterator
from typing import Any

from openpyxl.workbook.defined_name import DefinedName
from xlwings import XlwingsError, base_classes

from timix_xl.hosts.areas import parse_area, quoted, split_sheet


class Name(base_classes.Name):
    """One defined name, of the workbook or of a sheet."""

    def __init__(self, book: Any, home: Any, defined: DefinedName, sheet: str | None) -> None:
        self._book = book
        self._home = home
        self._defined = defined
        self._sheet = sheet

    @property  # type: ignore[misc]  # read only here
    def name(self) -> str:
        """Spell the name; with its sheet in front if it belongs to one."""
        return f"{quoted(self._sheet)}!{self._defined.name}" if self._sheet else self._defined.name

    @property
    def refers_to(self) -> str:
        """Give what it stands for, as a formula."""
        return f"={self._defined.attr_text}"

    @refers_to.setter
    def refers_to(self, formula: str) -> None:
        self._defined.attr_text = formula.removeprefix("=")
        self._book.changed()

    @property
    def refers_to_range(self) -> Any:
        """Give the cells it stands for."""
        name, address = split_sheet(self._defined.attr_text or "")
        area = parse_area(address)
        sheets = self._book.sheets
        sheet = next(
            (one for one in sheets if name and one.name.casefold() == name.casefold()), None
        )
        if sheet is None or area is None:
            message = f"The name {self.name} does not stand for one range of cells."
            raise XlwingsError(message)
        return sheet.area(area)

    def delete(self) -> None:
        """Take the name away."""
        del self._home[self._defined.name]
        self._book.changed()


class Names(base_classes.Names):
    """The names of a book; of one sheet if a sheet is given."""

    api: Any = None

    def __init__(self, book: Any, sheet: Any = None) -> None:
        self._book = book
        self._sheet = sheet

    def __call__(self, key: str) -> Name:
        """Give one, by name or by number."""
        wanted = key.casefold()
        for name in self:
            if name.name.casefold() == wanted:
                return name
        raise KeyError(key)

    def contains(self, key: str) -> bool:
        """Tell whether there is such a name."""
        return any(name.name.casefold() == key.casefold() for name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Name]:
        workbook = self._book.workbook
        if self._sheet is None:
            for defined in workbook.defined_names.values():
                yield Name(self._book, workbook.defined_names, defined, None)
        for sheet in workbook.worksheets if self._sheet is None else [self._sheet]:
            for defined in sheet.defined_names.values():
                yield Name(self._book, sheet.defined_names, defined, sheet.title)

    def snapshot(self) -> list[tuple[str, Name]]:
        """Give all names with their spelling."""
        return [(name.name, name) for name in self]

    def add(self, name: str, refers_to: str) -> Name:
        """Define a name, or what an existing one stands for."""
        home = (self._sheet or self._book.workbook).defined_names
        home[name] = DefinedName(name, attr_text=refers_to.removeprefix("="))
        self._book.changed()
        return Name(self._book, home, home[name], self._sheet.title if self._sheet else None)

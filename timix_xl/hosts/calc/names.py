"""Defined names."""

from collections.abc import Iterator
from typing import Any

from xlwings import XlwingsError, base_classes

from timix_xl.hosts.areas import parse_area, quoted, split_sheet
from timix_xl.hosts.calc import held
from timix_xl.hosts.calc.border import bordered
from timix_xl.hosts.calc.formulas import to_calc, to_excel

_OF_LIBREOFFICE = "_xlnm."
"""What LibreOffice keeps of a file's print areas and titles; a sheet has them as such."""


@bordered
class Name(base_classes.Name):
    """One defined name, of the workbook or of a sheet."""

    def __init__(self, book: Any, home: Any, xl: Any, sheet: str | None) -> None:
        self._book = book
        self._home = home
        self._sheet = sheet
        self.xl = xl
        self.connection = book.connection

    @property
    def api(self) -> Any:
        """Give LibreOffice's own object."""
        return self.xl

    @property  # type: ignore[misc]  # read only here
    def name(self) -> str:
        """Spell the name; with its sheet in front if it belongs to one."""
        name = str(self.xl.Name)
        return f"{quoted(self._sheet)}!{name}" if self._sheet else name

    @property
    def refers_to(self) -> str:
        """Give what it stands for, as a formula."""
        return "=" + self._content()

    @refers_to.setter
    def refers_to(self, formula: str) -> None:
        self.xl.Content = _in_calc(self._book, formula)

    @property
    def refers_to_range(self) -> Any:
        """Give the cells it stands for."""
        sheet, address = split_sheet(self._content())
        area = parse_area(address)
        if sheet is None or area is None or sheet not in self._book.sheets:
            message = f"The name {self.name} does not stand for one range of cells."
            raise XlwingsError(message)
        return self._book.sheets(sheet).area(area)

    def delete(self) -> None:
        """Take the name away."""
        name = str(self.xl.Name)
        self._home.removeByName(name)
        held.forget_name(self._book, name)

    def _content(self) -> str:
        return to_excel(self.xl.Content).replace("$#REF!.", "#REF!")


@bordered
class Names(base_classes.Names):
    """The names of a book; of one sheet if a sheet is given."""

    api: Any = None

    def __init__(self, book: Any, sheet: Any = None) -> None:
        self._book = book
        self._sheet = sheet
        self.connection = book.connection

    def __call__(self, key: str) -> Name:
        """Give one by name; one of a sheet with the sheet in front."""
        if (found := self._found(key)) is None:
            raise KeyError(key)
        return found

    def contains(self, key: str) -> bool:
        """Tell whether there is such a name."""
        sheet, plain = self._sheet_of(key)
        if sheet is None and "!" not in key:
            return held.is_defined(self._book, plain)
        return self._found(key) is not None

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Name]:
        if self._sheet is None:
            home = held.names_of(self._book)
            for name in home.ElementNames:
                yield Name(self._book, home, held.defined(self._book, name), None)
        for sheet in self._book.sheets if self._sheet is None else [self._sheet]:
            home = sheet.xl.NamedRanges
            for name in home.ElementNames:
                if not name.startswith(_OF_LIBREOFFICE):
                    yield Name(self._book, home, home.getByName(name), sheet.name)

    def snapshot(self) -> list[tuple[str, Name]]:
        """Give all names with their spelling."""
        return [(name.name, name) for name in self]

    def add(self, name: str, refers_to: str) -> Name:
        """Define a name, or what an existing one stands for."""
        if (known := self._found(name)) is not None:
            known.refers_to = refers_to
            return known
        sheet, plain = self._sheet_of(name)
        home = held.names_of(self._book) if sheet is None else sheet.xl.NamedRanges
        origin = self.connection.struct("com.sun.star.table.CellAddress", 0, 0, 0)
        home.addNewByName(plain, _in_calc(self._book, refers_to), origin, 0)
        return Name(self._book, home, home.getByName(plain), sheet and sheet.name)

    def _found(self, key: str) -> Name | None:
        sheet, plain = self._sheet_of(key)
        if sheet is None and "!" in key:
            return None
        if sheet is None:
            if not held.is_defined(self._book, plain):
                return None
            home = held.names_of(self._book)
            return Name(self._book, home, held.defined(self._book, plain), None)
        home = sheet.xl.NamedRanges
        there = home.hasByName(plain)
        return Name(self._book, home, home.getByName(plain), sheet.name) if there else None

    def _sheet_of(self, key: str) -> tuple[Any, str]:
        sheet, plain = split_sheet(key)
        if sheet is None or sheet not in self._book.sheets:
            return self._sheet, plain
        return self._book.sheets(sheet), plain


def _in_calc(book: Any, formula: str) -> str:
    tables = frozenset(map(str.casefold, held.table_names(book)))
    return to_calc(formula.removeprefix("="), "", tables)

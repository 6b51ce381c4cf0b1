"""A workbook as its parts describe it: sheets, cells, tables, names and shared strings."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from tests.ooxml.addresses import Area, area_of, cell_at
from tests.ooxml.package import MAIN, Package, R, decoded, local, whole


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name; its scope is the index of a sheet, None for the whole workbook."""

    name: str
    scope: str | None
    refers_to: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in the file, at the place that its reference says."""

    row: int
    column: int
    element: Element


@dataclass(frozen=True)
class Table:
    """A table of a sheet."""

    part: str
    root: Element

    @property
    def name(self) -> str:
        return self.root.get("displayName", "")

    @property
    def area(self) -> Area | None:
        return area_of(self.root.get("ref"))

    @property
    def header_rows(self) -> int:
        return int(self.root.get("headerRowCount", "1"))

    @property
    def totals_rows(self) -> int:
        return int(self.root.get("totalsRowCount", "0"))

    @property
    def columns(self) -> list[Element]:
        return self.root.findall(f"{MAIN}tableColumns/{MAIN}tableColumn")

    @property
    def column_names(self) -> list[str]:
        return [decoded(column.get("name")) for column in self.columns]


class Sheet:
    """A sheet of the workbook, with its part."""

    def __init__(self, package: Package, entry: Element, part: str | None) -> None:
        self.package = package
        self.entry = entry
        self.name = entry.get("name", "")
        self.part = part or ""
        self.root = package.root(part)

    @property
    def is_worksheet(self) -> bool:
        """Whether it has cells: charts and dialogs stand on sheets of their own kind."""
        return self.root is not None and self.root.tag == f"{MAIN}worksheet"

    def all(self, path: str) -> list[Element]:
        """Give the elements of a path such as `cols/col`."""
        if self.root is None:
            return []
        return self.root.findall("/".join(MAIN + step for step in path.split("/")))

    def areas(self, path: str) -> list[Area]:
        """Give the areas that the elements of a path name with `ref`."""
        found = [area_of(one.get("ref")) for one in self.all(path)]
        return [area for area in found if area is not None]

    @cached_property
    def cells(self) -> dict[tuple[int, int], Cell]:
        """Give the cells by row and column."""
        found = {}
        for element in self.all("sheetData/row/c"):
            if place := cell_at(element.get("r", "")):
                found[place] = Cell(*place, element)
        return found

    @cached_property
    def tables(self) -> list[Table]:
        """Give the tables that the sheet lists and that are there."""
        parts = {link.id: link.target for link in self.package.of_kind("table", self.part)}
        listed = [parts.get(one.get(f"{R}id", "")) for one in self.all("tableParts/tablePart")]
        roots = [(part, self.package.root(part)) for part in listed if part]
        return [Table(part, root) for part, root in roots if root is not None]

    def order(self) -> list[str]:
        """Give the tags of its elements as they follow one another."""
        return [] if self.root is None else [local(child.tag) for child in self.root]


class Book:
    """The workbook of a package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.part = package.workbook or ""
        self.root = package.root(self.part)
        parts = {link.id: link.target for link in package.links(self.part)}
        entries = self.all("sheets/sheet")
        self.sheets = [Sheet(package, one, parts.get(one.get(f"{R}id", ""))) for one in entries]

    def all(self, path: str) -> list[Element]:
        """Give the elements of a path of the workbook's part."""
        if self.root is None:
            return []
        return self.root.findall("/".join(MAIN + step for step in path.split("/")))

    @property
    def worksheets(self) -> list[Sheet]:
        """Give the sheets that have cells."""
        return [sheet for sheet in self.sheets if sheet.is_worksheet]

    @cached_property
    def names(self) -> list[Name]:
        """Give the defined names."""
        return [
            Name(one.get("name", ""), one.get("localSheetId"), one.text or "")
            for one in self.all("definedNames/definedName")
        ]

    @cached_property
    def tables(self) -> dict[str, Table]:
        """Give the tables of all sheets by name, in lower case."""
        return {table.name.lower(): table for _, table in self.sheets_and_tables()}

    def sheets_and_tables(self) -> Iterator[tuple[Sheet, Table]]:
        """Give each table with its sheet."""
        for sheet in self.worksheets:
            for table in sheet.tables:
                yield sheet, table

    @cached_property
    def styles(self) -> Element | None:
        """Give the root of the styles, if there are any."""
        links = self.package.of_kind("styles", self.part)
        return self.package.root(links[0].target) if links else None

    def count(self, collection: str) -> int:
        """Count the members of a collection of the styles, such as `cellXfs`."""
        found = None if self.styles is None else self.styles.find(MAIN + collection)
        return 0 if found is None else len(found)

    @cached_property
    def strings(self) -> list[str]:
        """Give the shared strings as a person reads them."""
        links = self.package.of_kind("sharedStrings", self.part)
        root = self.package.root(links[0].target) if links else None
        return [] if root is None else [text_of(one) for one in root.findall(f"{MAIN}si")]

    def text(self, cell: Cell) -> str | None:
        """Give the text of a cell that holds one, None if it holds something else."""
        value = cell.element.findtext(f"{MAIN}v", "")
        kind = cell.element.get("t")
        if kind == "inlineStr":
            return text_of(cell.element.find(f"{MAIN}is"))
        if kind == "str":
            return decoded(value)
        index = whole(value) if kind == "s" else None
        return self.strings[index] if index is not None and index < len(self.strings) else None

    @property
    def has_macros(self) -> bool:
        """Whether a VBA project is in the file."""
        return bool(self.package.of_kind("vbaProject", self.part))


def text_of(item: Element | None) -> str:
    """Read an `is` or `si`: its text, or that of its runs; phonetic hints do not count."""
    if item is None:
        return ""
    pieces = [*item.findall(f"{MAIN}t"), *item.findall(f"{MAIN}r/{MAIN}t")]
    return "".join(decoded(piece.text) for piece in pieces)

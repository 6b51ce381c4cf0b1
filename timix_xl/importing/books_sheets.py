"""The sheets of a books workbook: one for each key, and one for each list within a row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from timix_xl.domain.invoices import DocumentKind
from timix_xl.importing import cells
from timix_xl.importing.cells import Reader
from timix_xl.importing.rows import Column
from timix_xl.importing.sections import ENTRIES, MASTER, SINGLE, Section

COVER = "Books"
SERIES, YEAR, NEXT = "series", "year", "next_number"
"""The columns of next_numbers, which is an object in a JSON file."""


class Form(Enum):
    """How the cells of a column look."""

    TEXT = auto()
    PROSE = auto()
    CHOICE = auto()
    TRUTH = auto()
    DAY = auto()
    COUNT = auto()
    YEAR = auto()
    QUANTITY = auto()
    AMOUNT = auto()
    RATE = auto()
    PERCENT = auto()


_FORMS: Mapping[Reader, Form] = {
    cells.description: Form.PROSE,
    cells.formula: Form.PROSE,
    cells.address: Form.PROSE,
    cells.truth: Form.TRUTH,
    cells.day: Form.DAY,
    cells.QUANTITY: Form.QUANTITY,
    cells.POSITIVE_HOURS: Form.QUANTITY,
    cells.AMOUNT: Form.AMOUNT,
    cells.POSITIVE_AMOUNT: Form.AMOUNT,
    cells.RATE: Form.RATE,
    cells.percent: Form.PERCENT,
}

_FORMS_BY_NAME = {
    **dict.fromkeys(("payment_terms_days", "step", "seq"), Form.COUNT),
    "billed_before": Form.QUANTITY,
}
"""Columns whose reader does not say it: a whole number; hours or money."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet; `codes_of` names the sheet whose codes it takes.

    `default` says what an empty cell stands for, if that is the same everywhere.
    """

    name: str
    form: Form = Form.TEXT
    needed: bool = False
    choices: tuple[str, ...] = ()
    codes_of: str | None = None
    default: str = ""


@dataclass(frozen=True, slots=True)
class BookSheet:
    """A sheet with its table. A list within a row says of which `section`, under which `field`.

    The first columns of such a sheet (`parent`) have the codes of the row that the list belongs
    to, which has them under `names_of_parent`.
    """

    name: str
    columns: tuple[SheetColumn, ...]
    section: str
    field: str | None = None
    parent: tuple[str, ...] = ()
    names_of_parent: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        """The name of the Excel table, for example tblTaxCodes."""
        return "tbl" + "".join(word.title() for word in self.name.split("_"))

    @property
    def codes(self) -> str:
        """The defined name of the codes in its first column."""
        return f"timix_all_{self.name}"

    @property
    def is_single(self) -> bool:
        """Whether it has one row at most."""
        return self.name in SINGLE

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def key(self) -> str:
        """The column that tells its rows apart, or a list's first."""
        return self.columns[0].name


_LISTS: Mapping[tuple[str, str], tuple[str, Mapping[str, str]]] = {
    ("tax_codes", "rates"): ("tax_rates", {"tax_code": "code"}),
    ("items", "prices"): ("item_prices", {"item": "code"}),
    ("customers", "locations"): ("locations", {"customer": "code"}),
    ("rate_tables", "sequences"): (
        "rate_sequences",
        {"rate_table": "code", "rate_type": "rate_type"},
    ),
    ("rate_tables", "rates"): ("table_rates", {"rate_table": "code", "rate_type": "rate_type"}),
    ("billing_rules", "steps"): ("rule_steps", {"billing_rule": "code"}),
}
"""The sheet of each list, its first columns, and how the row of the list calls them."""

_NEXT_NUMBERS = BookSheet(
    "next_numbers",
    (
        SheetColumn(SERIES, Form.CHOICE, needed=True, choices=tuple(DocumentKind)),
        SheetColumn(YEAR, Form.YEAR),
        SheetColumn(NEXT, Form.COUNT, needed=True),
    ),
    "settings",
    "next_numbers",
)


def _sheets() -> Iterator[BookSheet]:
    for section in (*MASTER, ENTRIES):
        plain = [one for one in section.columns.values() if not _is_list(section, one)]
        yield BookSheet(section.name, tuple(map(_column, plain)), section.name)
        for name, column in section.columns.items():
            if (section.name, name) in _LISTS:
                yield _list_sheet(section, column)
        if section.name == _NEXT_NUMBERS.section:
            yield _NEXT_NUMBERS


def _is_list(section: Section, column: Column) -> bool:
    return bool(column.children) or (section.name, column.name) == ("settings", "next_numbers")


def _list_sheet(section: Section, column: Column) -> BookSheet:
    sheet, parent = _LISTS[(section.name, column.name)]
    first, *others = parent
    named = [SheetColumn(first, needed=True, codes_of=section.name)]
    named += [SheetColumn(name, needed=True) for name in others]
    columns = (*named, *map(_column, column.children))
    names = (tuple(parent), tuple(parent.values()))
    return BookSheet(sheet, columns, section.name, column.name, *names)


def _column(column: Column) -> SheetColumn:
    form = Form.CHOICE if column.choices else _FORMS.get(column.read, Form.TEXT)
    form = _FORMS_BY_NAME.get(column.name, form)
    return SheetColumn(
        column.name, form, column.needed, column.choices, column.ref, _default(column.default)
    )


def _default(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str | int | Decimal) else ""


SHEETS = tuple(_sheets())
BY_NAME: Mapping[str, BookSheet] = {sheet.name: sheet for sheet in SHEETS}

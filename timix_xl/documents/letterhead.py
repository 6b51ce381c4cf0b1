"""The upper part of the first page: sender, window address, facts, title."""

from collections.abc import Sequence

from timix_xl.documents.faces import BOLD, REGULAR
from timix_xl.documents.logo import fitted
from timix_xl.documents.marks import (
    HAIR,
    LEFT,
    MM,
    RIGHT,
    SOFT,
    TOP,
    Mark,
    Rule,
    Strip,
    Text,
    baseline,
    leading,
    merged,
    space,
)
from timix_xl.documents.notation import Notation, country
from timix_xl.documents.palette import Palette
from timix_xl.documents.typesetting import clipped, one_line, wrapped
from timix_xl.documents.wording import facts, title
from timix_xl.domain.customers import Address, Company
from timix_xl.domain.invoices import Buyer, Document

# DIN 5008, form B: the window lies 20 mm from the left, 45 mm from the top, 85 mm wide.
_WINDOW = 45 * MM - TOP
_ADDRESS_WIDTH = 85 * MM
_FACTS_AT = 116 * MM
_VALUES_AT = 148 * MM


def letterhead(
    document: Document, colours: Palette, notes: Notation, logo: bytes | None
) -> tuple[Strip, ...]:
    """Lay out everything above the lines."""
    address = _address(document.seller, document.buyer)
    top = Strip(
        max(address.height, 43 * MM),
        (*_sender(document.seller, colours, logo), *_moved(address), *_facts(document, notes)),
    )
    lowest = max((mark.y for mark in top.marks), default=0)
    room = Strip(max(top.height, lowest - 2 * MM) + 9 * MM, top.marks)
    return (room, *_title(document, colours), space(4 * MM))


def _moved(strip: Strip) -> tuple[Mark, ...]:
    return merged((space(_WINDOW), strip)).marks


def _sender(seller: Company, colours: Palette, logo: bytes | None) -> list[Mark]:
    picture = fitted(logo, LEFT, 0, 75 * MM, 18 * MM) if logo is not None else None
    if picture:
        return [picture, *_origin(seller, named=True)]
    name = clipped(wrapped(seller.name, BOLD, 16, 100 * MM), 2)
    marks = (
        Text(LEFT, 18 + leading(16) * at, line, BOLD, 16, colours.accent)
        for at, line in enumerate(name)
    )
    return [*marks, *_origin(seller, named=False)]


def _origin(seller: Company, *, named: bool) -> list[Text]:
    name = seller.name if named else ""
    lines = [
        name,
        *_postal(seller.address, seller.country),
        seller.tax_id and f"Tax ID {seller.tax_id}",
    ]
    texts = clipped([one_line(line, REGULAR, 8, 62 * MM) for line in lines if line], 6)
    return [
        Text(RIGHT, 8 + leading(8) * at, line, size=8, colour=SOFT, ends=True)
        for at, line in enumerate(texts)
    ]


def _address(seller: Company, buyer: Buyer) -> Strip:
    sender = " · ".join(filter(None, (seller.name, *_postal(seller.address, ""))))
    line = one_line(sender, REGULAR, 6.5, _ADDRESS_WIDTH)
    name = clipped(wrapped(buyer.name, BOLD, 10, _ADDRESS_WIDTH), 3)
    rest = _postal(buyer.address, buyer.address.country)
    lines = [part for text in rest for part in wrapped(text, REGULAR, 10, _ADDRESS_WIDTH)]
    return merged(
        (
            Strip(5 * MM, (Text(LEFT, 8, line, size=6.5, colour=SOFT), _underline())),
            *(_line(text, BOLD) for text in name),
            *(_line(text, REGULAR) for text in clipped(lines, 8)),
        )
    )


def _underline() -> Rule:
    return Rule(LEFT, 11, _ADDRESS_WIDTH, HAIR)


def _line(text: str, font: str) -> Strip:
    return Strip(leading(10), (Text(LEFT, baseline(10), text, font, 10),))


def _facts(document: Document, notes: Notation) -> list[Text]:
    marks: list[Text] = []
    y = _WINDOW + 8
    for label, value in facts(document, notes):
        lines = clipped(wrapped(value, REGULAR, 8.5, RIGHT - _VALUES_AT), 3)
        marks.append(Text(_FACTS_AT, y, label, size=8.5, colour=SOFT))
        for line in lines:
            marks.append(Text(_VALUES_AT, y, line, size=8.5))
            y += leading(8.5)
        y += 1.5
    return marks


def _title(document: Document, colours: Palette) -> list[Strip]:
    width = RIGHT - LEFT
    large = clipped(wrapped(title(document), BOLD, 20, width), 2)
    small = wrapped(document.description, REGULAR, 10, width) if document.description else []
    return [*_lines(large, BOLD, 20, colours.accent), *_lines(small, REGULAR, 10, SOFT)]


def _lines(lines: Sequence[str], font: str, size: float, colour: str) -> list[Strip]:
    return [
        Strip(leading(size), (Text(LEFT, baseline(size), line, font, size, colour),))
        for line in lines
    ]


def _postal(address: Address, code: str) -> list[str]:
    town = " ".join(filter(None, (address.postcode, address.city)))
    return [text for text in (*address.lines, town, country(code) if code else "") if text]

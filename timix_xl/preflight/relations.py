"""Which part of a workbook file is what.

A file says it twice, by kind and by relation, and programs believe the one or the other: both
have to say the same.
"""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from timix_xl.preflight.unfit import Unfit, Wrong

_KINDS = "[content_types].xml"
_OF_FILE = "_rels/.rels"
_OF_WORKBOOK = "xl/_rels/workbook.xml.rels"
_WORKBOOK = "xl/workbook.xml"
_STYLES = "xl/styles.xml"
_RELATIONS = ".rels"
_STRINGS_KIND = "spreadsheetml.sharedstrings+xml"
_WORKBOOK_KIND = ".main+xml"
_ODD_TARGET = re.compile(r"[%?#\\]")
_OF_OTHERS = re.compile(r"customxml/item[0-9]+\.xml|xl/media/[^/]+\.svg")
_WORD = re.compile(rb"[^/\"'<>\s]+")
_REFERENCE = b"&#"


@dataclass(frozen=True, slots=True)
class _Relation:
    id: str
    kind: str
    target: str
    """The name of a part, in small letters."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Which parts are sheets, and which belong to other programs: names in small letters."""

    sheets: frozenset[str]
    others: frozenset[str]


def is_needed(name: str) -> bool:
    """Whether a part says what other parts are."""
    return name.lower() in (_KINDS, _WORKBOOK) or name.lower().endswith(_RELATIONS)


def roles_of(parts: Mapping[str, bytes], names: Collection[str]) -> Roles:
    """Tell from the parts that are needed for it what the others are; raises Unfit."""
    needed = {name.lower(): content for name, content in parts.items()}
    there = {name.lower(): name for name in names}
    kinds = [
        (one.get("ContentType", "").lower(), one.get("PartName", "").removeprefix("/").lower())
        for one in _parsed(needed, _KINDS)
        if _local(one) == "Override"
    ]
    of_file = _relations(needed, _OF_FILE)
    books = [part for kind, part in kinds if kind.endswith(_WORKBOOK_KIND)]
    if len(books) > 1 or {*books, *_targets(of_file, "officeDocument")} != {_WORKBOOK}:
        raise Unfit(Wrong.UNSAFE, why="it says in two ways which of its parts is the workbook")
    of_book = _relations(needed, _OF_WORKBOOK)
    strings = [part for kind, part in kinds if kind.endswith(_STRINGS_KIND) and part in there]
    if strings != [one for one in _targets(of_book, "sharedStrings") if one in there]:
        raise Unfit(Wrong.UNSAFE, why="it says in two ways where its texts are")
    styles = [there[one] for one in _targets(of_book, "styles") if one in there]
    if styles != [there[one] for one in (_STYLES,) if one in there] or styles not in (
        [],
        [_STYLES],
    ):
        raise Unfit(Wrong.UNSAFE, why="it says in two ways where its styles are")
    book = _parsed(needed, _WORKBOOK)
    sheets = frozenset(_sheets(book, of_book))
    return Roles(sheets, frozenset(_others(book, of_book, needed, there)) - sheets)


def _parsed(needed: Mapping[str, bytes], name: str) -> Element:
    try:
        root: Element = fromstring(needed[name])
    except (KeyError, ParseError, DefusedXmlException) as error:
        why = "one of its parts cannot be read"
        raise Unfit(Wrong.DAMAGED, why=why) from error
    return root


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _relations(needed: Mapping[str, bytes], name: str) -> list[_Relation]:
    folder = posixpath.dirname(posixpath.dirname(name))
    found = [one for one in _parsed(needed, name) if one.get("TargetMode") != "External"]
    ids = [one.get("Id", "") for one in found]
    targets = [one.get("Target", "") for one in found]
    if len(set(ids)) < len(ids) or any(map(_ODD_TARGET.search, targets)):
        raise Unfit(Wrong.UNSAFE, why=f"{name} names parts in an unusual way")
    return [
        _Relation(
            one.get("Id", ""),
            one.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, target))[1:].lower(),
        )
        for one, target in zip(found, targets, strict=True)
    ]


def _targets(relations: Collection[_Relation], kind: str) -> list[str]:
    return [one.target for one in relations if one.kind.endswith(f"/{kind}")]


def _sheets(book: Element, relations: Collection[_Relation]) -> Iterator[str]:
    """Yield the parts that are sheets with cells; no part is two of them."""
    lists = [one for one in book.iter() if _local(one) == "sheets"]
    if len(lists) > 1 or not all(one in list(book) for one in lists):
        raise Unfit(Wrong.UNSAFE, why="it has more than one list of its sheets")
    by_id = {one.id: one for one in relations}
    used = [used for sheets in lists for sheet in sheets for used in _ids(sheet)]
    found = [by_id[one] for one in used if one in by_id]
    if len({one.target for one in found}) < len(found):
        raise Unfit(Wrong.UNSAFE, why="two of its sheets are the same part")
    for relation in found:
        if "chartsheet" not in relation.kind:
            yield relation.target


def _ids(element: Element) -> list[str]:
    return [value for name, value in element.items() if name.endswith("}id")]


def _others(
    book: Element,
    of_book: Collection[_Relation],
    needed: Mapping[str, bytes],
    there: Collection[str],
) -> Iterator[str]:
    """Yield the parts of other programs that nobody can be led to read as one of ours."""
    used = {used for one in book.iter() for used in _ids(one)}
    led_to = {
        one.target for one in of_book if one.id in used or not one.kind.endswith("/customXml")
    }
    elsewhere = b"\n".join(
        content.lower()
        for part, content in needed.items()
        if part.endswith(_RELATIONS)
        and part not in (_OF_FILE, _OF_WORKBOOK)
        and not part.startswith(("customxml/_rels/", "xl/drawings/_rels/"))
    )
    if _REFERENCE in elsewhere:
        return  # could write a name in another way
    told = set(_WORD.findall(elsewhere))
    for name in filter(_OF_OTHERS.fullmatch, there):
        if name not in led_to and posixpath.basename(name).encode() not in told:
            yield name

"""The ribbon: Excel leaves it out, with an error or without a word, for one wrong attribute."""

from collections.abc import Iterator

from tests.ooxml.package import Package, length
from tests.ooxml.workbooks import twice

# [MS-CUSTOMUI2] 2.3: ST_Keytip, ST_StringLength and ST_LongString.
_LONGEST = {"keytip": 3, "label": 1024, "screentip": 1024, "supertip": 1024, "id": 1024}


def ribbon_texts_are_short(package: Package) -> Iterator[str]:
    """Texts of the ribbon have the lengths of its schema."""
    for link in package.of_kind("extensibility"):
        root = package.root(link.target)
        for element in [] if root is None else root.iter():
            for key, longest in _LONGEST.items():
                text = element.get(key)
                if text is not None and not 1 <= length(text) <= longest:
                    yield f"{link.target}: {element.get('id')} has a {key} of {length(text)}"


def ribbon_ids_are_unique(package: Package) -> Iterator[str]:
    """Ids of controls are unique; else the whole ribbon is left out."""
    for link in package.of_kind("extensibility"):
        root = package.root(link.target)
        ids = [element.get("id", "") for element in ([] if root is None else root.iter())]
        yield from twice(f"{link.target}: the control", [one for one in ids if one])


RULES = (ribbon_texts_are_short, ribbon_ids_are_unique)

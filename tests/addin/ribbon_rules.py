"""What a ribbon's XML may hold: the part of [MS-CUSTOMUI2] that our tab uses, as an allow-list.

Excel shows no tab at all where one attribute is not as its schema has it, and says nothing about it.
The rules are those of the sections 2.2.1 (customUI), 2.3.24 (button), 2.3.47 (group), 2.3.54
(labelControl), 2.4.17 (ids), 2.4.19 (key tips), and of the types of their attributes.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import permutations
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

NAMESPACE = "http://schemas.microsoft.com/office/2009/07/customui"
MAX_TEXT = 1024
MAX_KEYTIP = 3

Rule = Callable[[str], str]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CALLBACK = re.compile(r"[A-Za-z]\w*[.][A-Za-z]\w*")


def _name(value: str) -> str:
    return "" if _NAME.fullmatch(value) and len(value) <= MAX_TEXT else "is not a name"


def _text(value: str) -> str:
    return "" if 0 < len(value) <= MAX_TEXT else f"has {len(value)} characters"


def _keytip(value: str) -> str:
    fine = 0 < len(value) <= MAX_KEYTIP and not re.search(r"\s", value)
    return "" if fine else f"is not 1 to {MAX_KEYTIP} characters without a space"


def _size(value: str) -> str:
    return "" if value in {"large", "normal"} else "is not a size"


def _truth(value: str) -> str:
    return "" if value in {"true", "false"} else "is neither true nor false"


def _callback(value: str) -> str:
    return "" if _CALLBACK.fullmatch(value) else "is not a procedure of a module"


CHILDREN = {
    "customUI": {"ribbon"},
    "ribbon": {"tabs"},
    "tabs": {"tab"},
    "tab": {"group"},
    "group": {"button", "labelControl"},
}
ATTRIBUTES: dict[str, dict[str, Rule]] = {
    "customUI": {"onLoad": _callback},
    "tab": {"id": _name, "label": _text, "insertAfterMso": _name, "keytip": _keytip},
    "group": {"id": _name, "label": _text, "autoScale": _truth},
    "button": {
        "id": _name,
        "label": _text,
        "size": _size,
        "image": _name,
        "keytip": _keytip,
        "onAction": _callback,
        "screentip": _text,
        "supertip": _text,
    },
    "labelControl": {"id": _name, "getLabel": _callback},
}
MAY_BE_MISSING = {"autoScale", "size"}
CALLBACKS = ("onLoad", "onAction", "getLabel")


def problems_in(xml: str, images: Collection[str], procedures: Collection[str]) -> list[str]:
    """Say what is wrong with a ribbon that has these images and these procedures."""
    try:
        root = fromstring(xml)
    except ParseError as broken:
        return [f"not XML: {broken}"]
    if root.tag != f"{{{NAMESPACE}}}customUI":
        return [f"{root.tag} is not the customUI of Excel 2010 and later"]
    return [
        *_in_element(root),
        *_in_ids(root),
        *_in_keytips(root),
        *_in_names(root, images, procedures),
    ]


def _in_element(element: Element) -> Iterator[str]:
    tag = _local(element)
    rules = ATTRIBUTES.get(tag, {})
    called = f"{tag} {element.get('id', '')}".strip()
    yield from (
        f"{called} has no {name}" for name in rules.keys() - element.keys() - MAY_BE_MISSING
    )
    for name, value in element.items():
        wrong = rules[name](value) if name in rules else "is unknown"
        if wrong:
            yield f"{called}: {name} {value!r} {wrong}"
    if (element.text or "").strip():
        yield f"{called} holds text"
    for child in element:
        if (child.tail or "").strip():
            yield f"{_local(child)} {child.get('id', '')} is followed by text"
        if _local(child) in CHILDREN.get(tag, ()):
            yield from _in_element(child)
        else:
            yield f"{called}: there is no {child.tag} in it"


def _in_ids(root: Element) -> Iterator[str]:
    counts = Counter(element.get("id") for element in root.iter() if element.get("id"))
    yield from (f"id {one} stands {count} times" for one, count in counts.items() if count > 1)


def _in_keytips(root: Element) -> Iterator[str]:
    """A key tip that another one begins with acts at once, and the longer one is never reached."""
    for tab in root.iter(f"{{{NAMESPACE}}}tab"):
        tips = [element.get("keytip", "").upper() for element in tab.iter() if element is not tab]
        for one, other in permutations(filter(None, tips), 2):
            if other.startswith(one):
                yield f"keytip {other} begins with keytip {one}"


def _in_names(root: Element, images: Collection[str], procedures: Collection[str]) -> Iterator[str]:
    for element in root.iter():
        for name, value in element.items():
            if name == "image" and value not in images:
                yield f"there is no image {value}"
            if name in CALLBACKS and value not in procedures:
                yield f"there is no procedure {value}"


def _local(element: Element) -> str:
    """Return the name of an element of the namespace; of another one, a name that no rule knows."""
    namespace, _, name = element.tag.rpartition("}")
    return name if namespace == f"{{{NAMESPACE}" else element.tag

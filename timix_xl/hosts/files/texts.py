"""Text in a cell as text in a file: escapes.

OOXML (ST_Xstring) writes a character that XML cannot carry as `_xHHHH_`; the same spelling typed by
a user is itself escaped as `_x005F_xHHHH_`.
"""

import re
from xml.sax.saxutils import escape

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f\ufffe\uffff]")
_EDGE = re.compile(r"^\s|\s$|\s\s|[\n\t]")


def decoded(text: str) -> str:
    """Read the text of a file."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def encoded(text: str) -> str:
    """Spell a text for a file (not yet as XML)."""
    if "_x" in text:
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def as_xml(text: str) -> str:
    """Spell a text as the content of an XML element."""
    return escape(encoded(text))


def as_element(text: str) -> str:
    """Spell a text as a `<t>` element, its spaces kept."""
    space = ' xml:space="preserve"' if _EDGE.search(text) else ""
    return f"<t{space}>{as_xml(text)}</t>"

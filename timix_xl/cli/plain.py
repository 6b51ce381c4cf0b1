"""Text for a terminal: characters that would act on it, or hide and turn others, are spelled out."""

import json
import re
from typing import Any

# Control characters but for line breaks and tabs; what turns the direction of writing; separators
# of lines that a terminal does not show; halves of characters. Joiners stay: emoji and Persian
# need them.
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def visible(text: str) -> str:
    r"""Spell characters that act on a terminal as their numbers.

    >>> visible("\x1b[2J gone")
    '<U+001B>[2J gone'
    """
    return _ACTING.sub(lambda found: f"<U+{ord(found[0]):04X}>", text)


def as_json(value: Any) -> str:
    """Write a value as JSON; characters that act on a terminal by their escapes, so none is lost."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)

"""Text that the faces can write: what they cannot is replaced visibly, and reported."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast
from unicodedata import category, normalize

from timix_xl.documents.faces import covered

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_Value = TypeVar("_Value")

# Fields of a document that are never printed.
_UNPRINTED = frozenset({"entry", "entries", "item", "logo"})
_SAME_LOOK = str.maketrans(
    {
        "\t": "    ",
        "\N{MINUS SIGN}": "-",
        **dict.fromkeys("\r\v\f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}", "\n"),
        **dict.fromkeys(map(chr, range(0xFE00, 0xFE10))),  # variation selectors
    }
)


def legible(value: _Value) -> tuple[_Value, tuple[str, ...]]:
    """Return the value with only characters that can be written, and those that were replaced.

    A character that has no shape of its own is reported by its number, such as U+E000.
    """
    missing: dict[str, None] = {}

    def written(text: str) -> str:
        return _written(text, missing)

    return cast("_Value", _mapped(value, written)), tuple(missing)


def _mapped(value: object, change: Callable[[str], str]) -> object:
    if type(value) is str:  # not an enum that happens to be text
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(part, change) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **_changes(value, change))
    return value


def _changes(value: object, change: Callable[[str], str]) -> dict[str, object]:
    names = (field.name for field in fields(value) if field.name not in _UNPRINTED)  # type: ignore[arg-type]  # a dataclass, says the caller
    parts = ((name, getattr(value, name)) for name in names)
    changed = ((name, part, _mapped(part, change)) for name, part in parts)
    return {name: after for name, before, after in changed if after is not before}


def _written(text: str, missing: dict[str, None]) -> str:
    if text.isascii() and text.isprintable():
        return text
    composed = normalize("NFC", text.replace("\r\n", "\n").translate(_SAME_LOOK))
    visible = [char for char in composed if category(char) != "Cf"]
    known = covered() | {"\n"}
    missing.update(dict.fromkeys(_named(char) for char in visible if char not in known))
    return "".join(char if char in known else REPLACEMENT for char in visible)


def _named(char: str) -> str:
    return char if char.isprintable() else f"U+{ord(char):04X}"

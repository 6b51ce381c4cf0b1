"""Outline: what is checked of a formula before it is read, at one glance from left to right."""

from collections.abc import Iterator

from timix_xl.domain.formulas.refusals import (
    FieldLeftOpen,
    NoEqualsSign,
    NothingThere,
    ParenthesisLeftOpen,
    ParenthesisNotOpened,
    TextLeftOpen,
    TooDeep,
    TooLong,
)

MOST_CHARACTERS = 4_000
MOST_LEVELS = 100
_QUOTES = "'\""


def check_outline(text: str) -> None:
    """Refuse what is too long, too deep, or not closed."""
    if len(text) > MOST_CHARACTERS:
        raise TooLong(MOST_CHARACTERS + 1, most=MOST_CHARACTERS)
    start = len(text) - len(text.lstrip())
    if not text[start:].startswith("="):
        raise NoEqualsSign(min(start + 1, max(len(text), 1)))
    if not text[start + 1 :].strip():
        raise NothingThere(start + 1)
    _check_parentheses(text)


def _check_parentheses(text: str) -> None:
    opened: list[int] = []
    for at in _outside(text):
        if text[at] == "(":
            opened.append(at)
            if len(opened) > MOST_LEVELS:
                raise TooDeep(at + 1, most=MOST_LEVELS)
        elif text[at] == ")":
            if not opened:
                raise ParenthesisNotOpened(at + 1)
            opened.pop()
    if opened:
        raise ParenthesisLeftOpen(opened[-1] + 1)


def _outside(text: str) -> Iterator[int]:
    """Return the places outside of texts and fields; refuses those that are not closed."""
    at = 0
    while at < len(text):
        if text[at] in _QUOTES:
            at = _closed(text, at, text[at], TextLeftOpen(at + 1, quote=text[at]))
        elif text[at] == "[":
            at = _closed(text, at, "]", FieldLeftOpen(at + 1))
        else:
            yield at
        at += 1


def _closed(text: str, at: int, mark: str, refusal: TextLeftOpen | FieldLeftOpen) -> int:
    """Return the place of the closing mark; a doubled quotation mark closes and opens again."""
    end = text.find(mark, at + 1)
    if end < 0:
        raise refusal
    return end

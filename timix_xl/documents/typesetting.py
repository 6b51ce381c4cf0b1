"""Lines of text: how wide, where they break, where they are cut."""

from collections.abc import Iterator, Sequence

from timix_xl.documents.faces import text_width

ELLIPSIS = "…"


def wrapped(text: str, font: str, size: float, width: float) -> list[str]:
    """Break a text into lines no wider than `width`; its own line breaks are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if text_width(paragraph, font, size) <= width:
            lines.append(paragraph)
        else:
            lines.extend(_lines(paragraph, font, size, width))
    return lines


def clipped(lines: Sequence[str], most: int) -> list[str]:
    """Keep the first lines; an ellipsis stands for what was cut."""
    return list(lines) if len(lines) <= most else [*lines[: most - 1], lines[most - 1] + ELLIPSIS]


def one_line(text: str, font: str, size: float, width: float) -> str:
    """Put a text on one line no wider than `width`, cut with an ellipsis if need be."""
    line = " ".join(text.split("\n"))
    if text_width(line, font, size) <= width:
        return line
    room = width - text_width(ELLIPSIS, font, size)
    return next(_chopped(line, font, size, room)).rstrip() + ELLIPSIS


def _lines(paragraph: str, font: str, size: float, width: float) -> Iterator[str]:
    space = text_width(" ", font, size)
    line, used = "", -space
    for word in _words(paragraph, font, size, width):
        wide = text_width(word, font, size)
        if used + space + wide <= width:
            line, used = (f"{line} {word}", used + space + wide) if used >= 0 else (word, wide)
        else:
            yield line
            line, used = word, wide
    yield line


def _words(paragraph: str, font: str, size: float, width: float) -> Iterator[str]:
    for word in paragraph.split(" "):
        if text_width(word, font, size) <= width:
            yield word
        else:
            yield from _chopped(word, font, size, width)


def _chopped(word: str, font: str, size: float, width: float) -> Iterator[str]:
    piece, used = "", 0.0
    for char in word:
        wide = text_width(char, font, size)
        if piece and used + wide > width:
            yield piece
            piece, used = "", 0.0
        piece, used = piece + char, used + wide
    yield piece

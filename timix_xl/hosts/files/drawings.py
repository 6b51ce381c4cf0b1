"""Charts and pictures of a sheet: named, counted, and kept as they are."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from xlwings import base_classes

_NAME = re.compile(r'<(?:\w+:)?cNvPr\b[^>]*?\sname="([^"]*)"')
_CHART = re.compile(r"<(?:\w+:)?graphicFrame\b.*?</(?:\w+:)?graphicFrame>", re.DOTALL)
_PICTURE = re.compile(r"<(?:\w+:)?pic\b.*?</(?:\w+:)?pic>", re.DOTALL)


class Chart(base_classes.Chart):
    """A chart that is there; its references follow the tables."""

    name: Any = None
    parent: Any = None

    def __init__(self, sheet: Any, name: str) -> None:
        self.parent = sheet
        self.name = name


class Picture(base_classes.Picture):
    """A picture that is there."""

    name: Any = None
    parent: Any = None

    def __init__(self, sheet: Any, name: str) -> None:
        self.parent = sheet
        self.name = name


class _Drawn(base_classes.Collection):
    """Things of one kind in the drawing of a sheet."""

    api: Any = None
    parent: Any = None
    _pattern: re.Pattern[str]
    _kind: Any

    def __init__(self, sheet: Any) -> None:
        self.parent = sheet

    def __iter__(self) -> Iterator[Any]:
        drawing = self.parent.book.loaded.drawings.get(self.parent.name)
        text = drawing.parts[drawing.path].decode() if drawing is not None else ""
        for block in self._pattern.findall(text):
            if name := _NAME.search(block):
                yield self._kind(self.parent, unescape(name[1]))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, key: str) -> bool:
        return any(item.name == key for item in self)

    def __call__(self, key: int | str) -> Any:
        for number, item in enumerate(self, start=1):
            if key in (number, item.name):
                return item
        raise KeyError(key)


class Charts(_Drawn):
    """The charts of a sheet."""

    _pattern = _CHART
    _kind = Chart


class Pictures(_Drawn):
    """The pictures of a sheet."""

    _pattern = _PICTURE
    _kind = Picture

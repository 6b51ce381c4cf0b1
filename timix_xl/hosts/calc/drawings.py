"""Charts and pictures of a sheet, by the names that people see."""

from collections.abc import Iterator
from typing import Any

from xlwings import base_classes

from timix_xl.hosts.calc.border import bordered

_OBJECT = "com.sun.star.drawing.OLE2Shape"
_PICTURE = "com.sun.star.drawing.GraphicObjectShape"


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


@bordered
class Drawings(base_classes.Collection):
    """Things of one kind that are drawn on a sheet."""

    api: Any = None
    parent: Any = None
    _kind: Any

    def __init__(self, sheet: Any) -> None:
        self.parent = sheet
        self.connection = sheet.connection

    def __iter__(self) -> Iterator[Any]:
        return iter([self._kind(self.parent, name) for name in self._names()])

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, key: str) -> bool:
        return key in self._names()

    def __call__(self, key: int | str) -> Any:
        """Give one, by name or by number."""
        for number, name in enumerate(self._names(), start=1):
            if key in (number, name):
                return self._kind(self.parent, name)
        raise KeyError(key)

    def _names(self) -> list[str]:
        raise NotImplementedError


class Charts(Drawings):
    """The charts of a sheet."""

    _kind = Chart

    def _names(self) -> list[str]:
        # What LibreOffice calls a chart is a number; its shape has the name of the file.
        charts = self.parent.xl.Charts.ElementNames
        if not charts:
            return []
        drawn = [shape for shape in _shapes(self.parent) if shape.ShapeType == _OBJECT]
        return [str(one.Name or one.PersistName) for one in drawn if one.PersistName in charts]


class Pictures(Drawings):
    """The pictures of a sheet."""

    _kind = Picture

    def _names(self) -> list[str]:
        shapes = _shapes(self.parent)
        return [str(shape.Name) for shape in shapes if shape.ShapeType == _PICTURE]


def _shapes(sheet: Any) -> Iterator[Any]:
    page = sheet.xl.DrawPage
    return (page.getByIndex(number) for number in range(page.Count))

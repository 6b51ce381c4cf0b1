"""A recorder: xlwings objects in a wrapping that writes down which members are used."""

from collections.abc import Callable, Iterator
from typing import Any

import xlwings as xw

SHAPES = {
    xw.App: "App",
    xw.main.Books: "Books",
    xw.Book: "Book",
    xw.main.Sheets: "Sheets",
    xw.Sheet: "Sheet",
    xw.main.Names: "Names",
    xw.main.Name: "Name",
    xw.main.Tables: "Tables",
    xw.main.Table: "Table",
    xw.main.RangeRows: "RangeRows",
    xw.main.RangeColumns: "RangeColumns",
    xw.Range: "Range",
}


class Recorder:
    """Wraps a book; `used` holds what was asked of it, as `Range.value`."""

    def __init__(self) -> None:
        self.used: set[str] = set()

    def wrap(self, value: Any) -> Any:
        """Wrap an xlwings object, or a list of them; everything else stays as it is."""
        if type(value) is list and value and _foreign(value[0]):
            return [self.wrap(item) for item in value]
        shape = SHAPES.get(type(value)) or _foreign(value)
        return Wrapped(self, value, shape) if shape else value


def _foreign(value: Any) -> str | None:
    """Name an xlwings object that has no shape above by its class."""
    kind = type(value)
    return kind.__name__ if kind.__module__.startswith("xlwings") else None


class Wrapped:
    """One xlwings object; what it gives back is wrapped as well."""

    __slots__ = ("_recorder", "_shape", "_value")

    def __init__(self, recorder: Recorder, value: Any, shape: str) -> None:
        object.__setattr__(self, "_recorder", recorder)
        object.__setattr__(self, "_value", value)
        object.__setattr__(self, "_shape", shape)

    def _note(self, name: str) -> None:
        self._recorder.used.add(f"{self._shape}.{name}")

    def __getattr__(self, name: str) -> Any:
        self._note(name)
        found = getattr(self._value, name)
        return self._called(found) if _is_method(found) else self._recorder.wrap(found)

    def __setattr__(self, name: str, value: Any) -> None:
        self._note(name)
        setattr(self._value, name, bare(value))

    def __getitem__(self, key: Any) -> Any:
        return self._recorder.wrap(self._value[key])

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._called(self._value)(*arguments, **options)

    def __contains__(self, key: Any) -> bool:
        self._note("contains")
        return key in self._value

    def __iter__(self) -> Iterator[Any]:
        return (self._recorder.wrap(item) for item in self._value)

    def __len__(self) -> int:
        return len(self._value)

    def _called(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            given = {name: bare(value) for name, value in options.items()}
            return self._recorder.wrap(method(*map(bare, arguments), **given))

        return call


def _is_method(found: Any) -> bool:
    return callable(found) and type(found) not in SHAPES and _foreign(found) is None


def bare(value: Any) -> Any:
    """Take the wrapping off."""
    return value._value if isinstance(value, Wrapped) else value

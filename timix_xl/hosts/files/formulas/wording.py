"""Functions of text."""

from typing import Any

from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files.formulas.arguments import Arguments, Function, expect, flat, of_scalars
from timix_xl.hosts.files.formulas.formats import formatted
from timix_xl.hosts.files.formulas.values import Failed, Scalar, text


def _text(value: Scalar, code: Scalar) -> str:
    if isinstance(value, CellError):
        raise Failed(value)
    return formatted(value, text(code))


def _trimmed(value: Scalar) -> str:
    return " ".join(part for part in text(value).split(" ") if part)


def _joined(evaluation: Any, arguments: Arguments) -> str:
    return "".join(text(value) for value, _ in flat(evaluation, arguments))


def _hyperlink(evaluation: Any, arguments: Arguments) -> Scalar:
    expect(arguments, 1, 2)
    shown: Scalar = evaluation.scalar(arguments[-1])
    return shown


FUNCTIONS: dict[str, Function] = {
    "CONCATENATE": _joined,
    "HYPERLINK": _hyperlink,
    "LEN": of_scalars(lambda value: float(len(text(value).encode("utf-16-le")) // 2), 1),
    "LOWER": of_scalars(lambda value: text(value).lower(), 1),
    "TEXT": of_scalars(_text, 2),
    "TRIM": of_scalars(_trimmed, 1),
    "UPPER": of_scalars(lambda value: text(value).upper(), 1),
}

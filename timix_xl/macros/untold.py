"""What a macro could tell nobody, because its program was gone: kept until somebody reads it."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from timix_xl.errors import TimixError, counted
from timix_xl.settings import data_folder

NAME = "untold.txt"
MOST_FAULTS = 5
MOST = 8
"""More messages than this fill a message box; the last ones count."""
HEADING = "This could not be shown when it happened:"


def keep(stopped: TimixError, at: dt.datetime, store: str) -> None:
    """Write down what stopped a macro, when and on which store; what cannot be written is not."""
    faults = [str(fault) for fault in stopped.faults[:MOST_FAULTS]]
    if more := len(stopped.faults) - MOST_FAULTS:
        faults += [f"({counted(more, 'more fault')})"] if more > 0 else []
    begin = f"{at:%Y-%m-%d %H:%M} (store {store})"
    line = " ".join(" ".join([begin, str(stopped), *faults]).split())
    with suppress(OSError):
        place().parent.mkdir(parents=True, exist_ok=True)
        _add(f"{line}\n".encode())


def tell(say: Callable[[str], object]) -> None:
    """Say what is kept, if anything is, and forget it; it is put back if `say` raises.

    It is taken away before it is said: what another program tells at the same time is told once.
    """
    content = _claimed()
    lines = words(content)
    if not lines:
        return
    try:
        say("\n".join(lines))
    except BaseException:
        with suppress(OSError):
            _add(content)
        raise


def waiting() -> bytes:
    """Return what is kept; nothing, where it cannot be read: that keeps nobody from working."""
    return _content(place())


def words(content: bytes) -> list[str]:
    """Return what is kept as a person reads it, a heading first; no line where nothing is kept."""
    lines = _lines(content)
    return [HEADING, *lines] if lines else []


def forget(told: bytes) -> None:
    """Take away what was told; what another macro has added meanwhile stays."""
    rest = _claimed().removeprefix(told)
    if rest:
        with suppress(OSError):
            _add(rest)


def place() -> Path:
    """Return the file in which messages wait; it need not be there."""
    return data_folder() / NAME


def _add(content: bytes) -> None:
    with place().open("ab") as file:
        file.write(content)


def _claimed() -> bytes:
    """Take the file away, so that nobody else has it too, and return what stood in it."""
    aside = place().with_name(f".{token_hex(8)}.tmp")
    with suppress(OSError):
        if place().is_file():
            place().replace(aside)
            content = aside.read_bytes()
            aside.unlink()
            return content
    return b""


def _content(path: Path) -> bytes:
    with suppress(OSError):
        return path.read_bytes()
    return b""


def _lines(content: bytes) -> list[str]:
    """Return the last messages as they can be shown, whatever stands in the file."""
    text = content.decode("utf-8", "replace")
    shown = ["".join(filter(str.isprintable, line)).strip() for line in text.splitlines()]
    lines = [line for line in shown if line]
    earlier = len(lines) - MOST
    first = [f"({counted(earlier, 'earlier message')} left out)"] if earlier > 0 else []
    return [*first, *lines[-MOST:]]

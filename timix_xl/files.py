"""Files of ours: written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex


def replace_file(path: Path, content: bytes, *, by_way_of: Path | None = None) -> None:
    """Write a file beside it and put that in its place, so that nobody finds half of it.

    `by_way_of` is another folder of the same disk to write in, where nobody looks meanwhile.
    Raises OSError.
    """
    # Not tempfile: its files are for their owner only, and colleagues read these.
    beside = (by_way_of or path.parent) / f".{token_hex(8)}.tmp"
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):  # after a replacement it is gone
            beside.unlink()

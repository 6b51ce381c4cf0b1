"""Files of ours: written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex


def replace_file(path: Path, content: bytes) -> None:
    """Write beside the file and put it in its place, so that nobody finds half of it.

    Raises OSError.
    """
    # Not tempfile: its files are for their owner only, and colleagues read these.
    beside = path.with_name(f".{token_hex(8)}.tmp")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):  # after a replacement it is gone
            beside.unlink()

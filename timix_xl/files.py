"""Files of ours: written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex


def replace_file(
    path: Path, content: bytes, *, by_way_of: Path | None = None, private: bool = False
) -> None:
    """Write a file beside it and put that in its place, so that nobody finds half of it.

    `by_way_of` is another folder of the same disk to write in, where nobody looks meanwhile. A
    `private` file is for its owner only, before anything stands in it. Raises OSError.
    """
    # Not tempfile: its files are for their owner only, and colleagues read these.
    beside = (by_way_of or path.parent) / f".{token_hex(8)}.tmp"
    try:
        with beside.open("xb") as file:
            if private:
                beside.chmod(0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(OSError):  # after a replacement it is gone
            beside.unlink()


def place_new_file(part: Path, target: Path) -> None:
    """Give a written file its name, in its folder; never over one that has just come.

    Raises FileExistsError, OSError.
    """
    try:
        os.link(part, target)  # unlike a renaming, never over another
    except FileExistsError:
        raise
    except OSError:  # FAT, exFAT and some shares know no links
        os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
        try:
            part.replace(target)
        except OSError:
            target.unlink()
            raise
    else:
        part.unlink()

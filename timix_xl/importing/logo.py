"""Read the company's logo: a small PNG or JPEG beside the books file."""

import hashlib
from pathlib import Path

from timix_xl.importing import faults
from timix_xl.importing.faults import CellRefused, shown
from timix_xl.importing.rows import Row

LIMIT_BYTES = 2**20
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def load(folder: Path, path: str) -> Row:
    """Return the bytes of a logo and their SHA-256; raises CellRefused."""
    try:
        with (folder / path).open("rb") as file:
            content = file.read(LIMIT_BYTES + 1)
    except (OSError, ValueError) as error:
        raise _refused(path, "there is no such file to read") from error
    if len(content) > LIMIT_BYTES:
        raise _refused(path, "it has more than 1 MB")
    if not content.startswith(_SIGNATURES):
        raise _refused(path, "it is neither PNG nor JPEG")
    return {"sha256": hashlib.sha256(content).hexdigest(), "content": content}


def _refused(path: str, why: str) -> CellRefused:
    return CellRefused(faults.LOGO_REFUSED, value=shown(path), why=why)

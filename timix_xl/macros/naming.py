"""Names of requests: what is asked of a sheet by what it says is carried out once."""

import hashlib


def request_of(*parts: object) -> str:
    """Name what is asked of a sheet by what it says, and by when that was written into it."""
    return "sheet-" + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]

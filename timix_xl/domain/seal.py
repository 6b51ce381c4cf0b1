"""Canonical snapshots and hash chains: what makes tampering visible."""

import hashlib
import json
from typing import TypeAlias

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"

VERSION = "timix1"
MARK_LENGTH = 8


def canonical(content: Plain) -> str:
    """Write content in one way only: sorted keys, no spaces, no floats (cf. RFC 8785)."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sealed(previous: str, text: str) -> str:
    """Return the seal of a text after the previous seal of its chain."""
    whole = f"{VERSION}\n{previous}\n{text}"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def mark(seal: str) -> str:
    """Return the first characters of a seal: what paper shows, and what a person can compare.

    >>> mark("1a2b3c4d5e6f")
    '1a2b3c4d'
    """
    return seal[:MARK_LENGTH]

"""Write a compound file: the container of storages and streams that holds a VBA project.

Sections are those of [MS-CFB]. Version 3 is written: sectors of 512 bytes, streams below 4,096
bytes in the mini stream. The same streams give the same bytes: no time and no class is noted.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TypeAlias

Storage: TypeAlias = Mapping[str, "bytes | Storage"]
"""Names with their streams (bytes) and storages (such mappings again)."""

SECTOR = 512
MINI_SECTOR = 64
MINI_CUTOFF = 4096
ENTRY = 128
FREE = 0xFFFFFFFF
NO_ENTRY = 0xFFFFFFFF
END_OF_CHAIN = 0xFFFFFFFE
FAT_SECTOR = 0xFFFFFFFD
PER_SECTOR = SECTOR // 4
FATS_IN_HEADER = 109
NAME_BYTES = 64


class Kind(IntEnum):
    """What a directory entry stands for (2.6.1)."""

    STORAGE = 1
    STREAM = 2
    ROOT = 5


@dataclass(slots=True)
class Entry:
    """A directory entry, filled while the file is laid out (2.6.1)."""

    name: str
    kind: Kind
    data: bytes = b""
    children: list[int] = field(default_factory=list)
    left: int = NO_ENTRY
    right: int = NO_ENTRY
    child: int = NO_ENTRY
    is_red: bool = False
    start: int = 0

    @property
    def is_small(self) -> bool:
        """Whether its data belongs in the mini stream."""
        return self.kind == Kind.STREAM and len(self.data) < MINI_CUTOFF


@dataclass(slots=True)
class Sectors:
    """The sectors after the header, and the chains through them (2.3)."""

    data: list[bytes] = field(default_factory=list)
    fat: list[int] = field(default_factory=list)

    def put(self, content: bytes) -> int:
        """Append content in a chain of its own; return its first sector."""
        if not content:
            return END_OF_CHAIN
        first, count = len(self.fat), _blocks(content, SECTOR)
        self.fat += [*range(first + 1, first + count), END_OF_CHAIN]
        self.data.append(content.ljust(count * SECTOR, b"\0"))
        return first


def compound_file(root: Storage) -> bytes:
    """Return a compound file with these streams and storages."""
    entries = _entries(root)
    for entry in entries:
        _arrange(entry, entries)
    sectors = Sectors()
    mini_fat = _mini_fat(entries)
    for entry in entries:
        if entry.kind == Kind.ROOT or (entry.kind == Kind.STREAM and not entry.is_small):
            entry.start = sectors.put(entry.data)
    mini_start = sectors.put(_numbers(_filled(mini_fat)))
    directory = sectors.put(_directory(entries))
    fats = _close(sectors)
    mini_count = _blocks(_numbers(mini_fat), SECTOR)
    return _header(fats, directory, mini_start, mini_count) + b"".join(sectors.data)


def _entries(root: Storage) -> list[Entry]:
    entries = [Entry("Root Entry", Kind.ROOT)]

    def add(into: Entry, storage: Storage) -> None:
        for name, content in storage.items():
            is_stream = isinstance(content, bytes)
            entry = Entry(name, Kind.STREAM if is_stream else Kind.STORAGE)
            into.children.append(len(entries))
            entries.append(entry)
            if isinstance(content, bytes):
                entry.data = content
            else:
                add(entry, content)

    add(entries[0], root)
    return entries


def _order(name: str) -> tuple[int, str]:
    """Compare names as a directory does: the shorter first, then by capitals (2.6.4)."""
    return len(name.encode("utf-16-le")), name.upper()


def _arrange(entry: Entry, entries: list[Entry]) -> None:
    """Give a storage the red-black tree of its children (2.6.4)."""
    ordered = sorted(entry.children, key=lambda number: _order(entries[number].name))
    if len({_order(entries[number].name) for number in ordered}) < len(ordered):
        raise ValueError(f"two streams of {entry.name} have one name")
    deepest = len(ordered).bit_length() - 1
    entry.child = _tree(ordered, entries, 0, deepest)


def _tree(ordered: Sequence[int], entries: list[Entry], depth: int, deepest: int) -> int:
    """Balance the entries; only the last level is red, so that every path has as many blacks."""
    if not ordered:
        return NO_ENTRY
    middle = len(ordered) // 2
    entry = entries[ordered[middle]]
    entry.is_red = depth == deepest and depth > 0
    entry.left = _tree(ordered[:middle], entries, depth + 1, deepest)
    entry.right = _tree(ordered[middle + 1 :], entries, depth + 1, deepest)
    return ordered[middle]


def _mini_fat(entries: list[Entry]) -> list[int]:
    """Pack the small streams into the root's mini stream; return their chains (2.4, 2.5)."""
    chains: list[int] = []
    packed = bytearray()
    for entry in (one for one in entries if one.is_small):
        count = _blocks(entry.data, MINI_SECTOR)
        entry.start = len(chains) if count else END_OF_CHAIN
        if count:
            chains += [*range(entry.start + 1, entry.start + count), END_OF_CHAIN]
        packed += entry.data.ljust(count * MINI_SECTOR, b"\0")
    entries[0].data = bytes(packed)
    return chains


def _directory(entries: list[Entry]) -> bytes:
    unused = bytes(68) + _numbers([NO_ENTRY] * 3) + bytes(48)
    return b"".join(_record(entry) for entry in entries) + unused * (-len(entries) % 4)


def _record(entry: Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    if len(name) > NAME_BYTES:
        raise ValueError(f"{entry.name} is too long for the name of a stream")
    return name.ljust(NAME_BYTES, b"\0") + struct.pack(
        "<HBBIII16sIQQIQ",
        len(name),
        entry.kind,
        0 if entry.is_red else 1,
        entry.left,
        entry.right,
        entry.child,
        b"",
        0,
        0,
        0,
        entry.start,
        len(entry.data),
    )


def _close(sectors: Sectors) -> list[int]:
    """Append the FAT, which also counts its own sectors; return where it stands (2.3)."""
    count = 1
    while count * PER_SECTOR < len(sectors.fat) + count:
        count += 1
    if count > FATS_IN_HEADER:
        raise ValueError("the streams take more than the header can point at, about 7 MB")
    places = list(range(len(sectors.fat), len(sectors.fat) + count))
    sectors.fat += [FAT_SECTOR] * count
    sectors.data.append(_numbers(_filled(sectors.fat)))
    return places


def _header(fats: list[int], directory: int, mini_start: int, mini_count: int) -> bytes:
    """Return the header of a version 3 file without further DIFAT sectors (2.2)."""
    return struct.pack(
        "<8s16s5H6s9I",
        bytes.fromhex("D0CF11E0A1B11AE1"),
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        len(fats),
        directory,
        0,
        MINI_CUTOFF,
        mini_start,
        mini_count,
        END_OF_CHAIN,
        0,
    ) + _numbers([*fats, *[FREE] * (FATS_IN_HEADER - len(fats))])


def _blocks(content: bytes, size: int) -> int:
    return -(-len(content) // size)


def _filled(numbers: list[int]) -> list[int]:
    return numbers + [FREE] * (-len(numbers) % PER_SECTOR)


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)

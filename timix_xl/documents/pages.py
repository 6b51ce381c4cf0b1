"""From blocks to pages: what stands where, and where a page ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from timix_xl.documents.marks import BOTTOM, MM, TOP, Group, Strip

WHOLE = 70 * MM
"""A group that is no higher than this is not broken over two pages."""


@dataclass(frozen=True, slots=True)
class Block:
    """Groups of strips; the head is repeated on every page that the block goes on to.

    At `least` so many groups stand below the head on the page where it begins.
    """

    groups: tuple[Group, ...]
    head: Group = ()
    on_new_page: bool = False
    least: int = 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A strip and the height on the page at which it starts, counted from the top."""

    top: float
    strip: Strip


Page = list[Placed]


def paginated(blocks: Iterable[Block]) -> list[Page]:
    """Lay the blocks out, one below the other, on as many pages as they need."""
    stack = _Stack()
    for block in blocks:
        _lay(block, stack)
    return stack.pages


class _Stack:
    """Pages being filled."""

    def __init__(self) -> None:
        self.pages: list[Page] = [[]]
        self.at = TOP

    def has_room(self, height: float) -> bool:
        return self.at + height <= BOTTOM or not self.pages[-1]

    def turn(self) -> None:
        self.pages.append([])
        self.at = TOP

    def put(self, strips: Sequence[Strip]) -> None:
        for strip in strips:
            self.pages[-1].append(Placed(self.at, strip))
            self.at += strip.height


def _lay(block: Block, stack: _Stack) -> None:
    first = sum(map(_kept, block.groups[: block.least]))
    if not stack.has_room(_height(block.head) + first) or (block.on_new_page and stack.pages[-1]):
        stack.turn()
    stack.put(block.head)
    for group in block.groups:
        if not stack.has_room(_kept(group)):
            _go_on(block, stack)
        for strip in group:
            if not stack.has_room(strip.height):
                _go_on(block, stack)
            stack.put((strip,))


def _go_on(block: Block, stack: _Stack) -> None:
    stack.turn()
    stack.put(block.head)


def _height(strips: Group) -> float:
    return sum(strip.height for strip in strips)


def _kept(group: Group) -> float:
    """Return the room that a group needs where it starts: all of it, or its first strips."""
    height = _height(group)
    return height if height <= WHOLE else _height(group[:2])

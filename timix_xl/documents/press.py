"""Prints pages: the one place that draws on a reportlab canvas."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from hashlib import md5
from io import BytesIO
from typing import Protocol

from reportlab.graphics import renderPDF
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from timix_xl.documents.faces import BOLD, REGULAR, face
from timix_xl.documents.marks import (
    ALARM,
    HEIGHT,
    SOFT,
    WIDTH,
    Figure,
    Fill,
    Mark,
    Picture,
    Rule,
    Text,
)
from timix_xl.documents.pages import Page

_PROGRAM = "timix-xl"


class Paper(Protocol):
    """What is the same on every page: who prints it, its day, a word across, and the marks."""

    @property
    def author(self) -> str:
        """Who prints it."""

    @property
    def day(self) -> date:
        """The day that the file is dated by."""

    @property
    def across(self) -> str:
        """The word that runs across every page, or nothing."""

    def marks(self, page: int, pages: int) -> Iterable[Mark]:
        """Return the marks of a page, counted from the top of the paper."""


def printed(
    pages: Sequence[Page], stationery: Paper, *, title: str, subject: str, identity: str
) -> bytes:
    """Return the bytes of the PDF: the same for the same pages, whenever and wherever."""
    file = BytesIO()
    canvas = _canvas(file)
    canvas.setTitle(title)
    canvas.setAuthor(stationery.author)
    canvas.setSubject(subject)
    canvas.setCreator(_PROGRAM)
    canvas.setProducer(_PROGRAM)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    _date(canvas, stationery.day, identity)
    for number, page in enumerate(pages, start=1):
        _print(canvas, page, stationery.marks(number, len(pages)), stationery.across)
    canvas.save()
    return file.getvalue()


def _canvas(file: BytesIO) -> Canvas:
    for name in (REGULAR, BOLD):
        face(name)
    return Canvas(
        file,
        pagesize=(WIDTH, HEIGHT),
        pageCompression=1,
        invariant=1,
        initialFontName=REGULAR,
        lang="en",
    )


def _date(canvas: Canvas, day: date, identity: str) -> None:
    # reportlab offers no public way to say when a file was made and what its /ID is; left alone,
    # it takes them from the clock and the environment.
    stamp = canvas._doc._timeStamp  # noqa: SLF001
    stamp.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
    stamp.dhh = stamp.dmm = 0
    canvas._doc.signature = md5(identity.encode("utf-8", "surrogatepass"), usedforsecurity=False)  # noqa: SLF001


def _print(canvas: Canvas, page: Page, around: Iterable[Mark], across: str) -> None:
    for placed in page:
        for mark in placed.strip.marks:
            _draw(mark, canvas, placed.top)
    for mark in around:
        _draw(mark, canvas, 0)
    if across:
        _stamp(canvas, across)
    canvas.showPage()


def _stamp(canvas: Canvas, word: str) -> None:
    canvas.saveState()
    canvas.translate(WIDTH / 2, HEIGHT / 2)
    canvas.rotate(52)
    canvas.setFillColor(_colour(ALARM if word == "VOID" else SOFT))
    canvas.setFillAlpha(0.16)
    canvas.setFont(BOLD, 150)
    canvas.drawCentredString(0, -50, word)
    canvas.restoreState()


def _draw(mark: Mark, canvas: Canvas, top: float) -> None:
    y = HEIGHT - top - mark.y
    match mark:
        case Text():
            _draw_text(mark, canvas, y)
        case Rule():
            _draw_rule(mark, canvas, y)
        case Fill():
            canvas.setFillColor(_colour(mark.colour))
            canvas.rect(mark.x, y - mark.height, mark.width, mark.height, stroke=0, fill=1)
        case Picture():
            low = y - mark.height
            canvas.drawImage(mark.image, mark.x, low, mark.width, mark.height, mask="auto")
        case Figure():
            renderPDF.draw(mark.drawing, canvas, mark.x, y - mark.height)


def _draw_text(mark: Text, canvas: Canvas, y: float) -> None:
    canvas.setFont(mark.font, mark.size)
    canvas.setFillColor(_colour(mark.colour))
    write = canvas.drawRightString if mark.ends else canvas.drawString
    write(mark.x, y, mark.text)


def _draw_rule(mark: Rule, canvas: Canvas, y: float) -> None:
    canvas.setStrokeColor(_colour(mark.colour))
    canvas.setLineWidth(mark.thickness)
    canvas.line(mark.x, y, mark.x + mark.width, y)


@lru_cache(maxsize=64)
def _colour(colour: str) -> Color:
    return HexColor(colour)

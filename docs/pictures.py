"""Make the README's pictures from a fresh demo: python docs/pictures.py (needs LibreOffice).

The pages are found by the sheet's title, so the order of sheets may change.
"""

import subprocess
import sys
import tempfile
from io import BytesIO
from itertools import groupby
from pathlib import Path

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from PIL import Image, ImageChops, ImageDraw, ImageFont
from pypdf import PdfReader

import timix_xl
from timix_xl.addin.icons import images
from timix_xl.addin.ribbon import buttons
from timix_xl.cli.main import main

PICTURES = Path(__file__).parent / "pictures"
FONTS = Path(timix_xl.__file__).parent / "documents" / "fonts"
FACES = {face: str(FONTS / f"NotoSans-{face.title()}.ttf") for face in ("regular", "bold")}
MARGIN = 12
CELL = (240, 44)
"""Width and height that an icon of the legend takes, with its label."""


def make(folder: Path) -> None:
    """Run the demo in a folder and photograph its sheets, one invoice, and what finance gets."""
    if main(["demo", "--into", str(folder / "demo"), "--fresh"]):
        sys.exit("the demo did not run")
    PICTURES.mkdir(exist_ok=True)
    for pattern, name, footer in PAPERS:
        paper = min((folder / "demo").rglob(pattern))
        photograph(paper, 1, PICTURES / f"{name}.png", dots=90, footer=footer)
    legend(PICTURES / "ribbon-icons.png")
    for pattern, titles, dots in (REVIEW, NEGOTIATED, BALLOTS, BALANCES):
        (workbook,) = (folder / "demo").glob(pattern)
        if pattern == BALLOTS[0] and titles is BALLOTS[1]:
            fill_in_actions(workbook)
        sheets = converted(workbook, folder)
        for title, name in titles.items():
            photograph(sheets, page_titled(sheets, title), PICTURES / f"{name}.png", dots=dots)


FOOTER = 0.075
PAPERS = (
    ("INV-*.pdf", "invoice", FOOTER),
    ("CN-*.pdf", "credit-note", 0.45),
    ("month-end-*.pdf", "month-end-pack", FOOTER),
)
"""The first of each is photographed, its first page without the share of it that is footer."""
REVIEW = (
    "STADT-*.xlsx",
    {
        "Billing": "billing",
        "Entries": "entries",
        "Frame orders": "frame-orders",
        "Preview": "preview",
    },
    170,
)
"""The customer that the demo leaves reviewed and previewed, not issued."""
NEGOTIATED = (
    "NORDWIND-*.xlsx",
    {"Projects": "projects", "Pro forma": "pro-forma"},
    170,
)
"""The customer whose projects are billed by rules, with a pro forma on hold."""
BALLOTS = ("NORDWIND-*.xlsx", {"Invoices": "register"}, 170)
"""The same, with actions filled in."""
BALANCES = ("finance-*.xlsx", {"Ageing": "ageing", "Frame orders": "burn"}, 110)


def converted(workbook: Path, folder: Path) -> Path:
    """Print a workbook to PDF with LibreOffice."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        folder,
        workbook,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return folder / f"{workbook.stem}.pdf"


def page_titled(pdf: Path, title: str) -> int:
    """Return the number of the first page that starts with a title."""
    for number, page in enumerate(PdfReader(pdf).pages, start=1):
        if page.extract_text().strip().startswith(title):
            return number
    sys.exit(f"no page is titled {title}")


def photograph(pdf: Path, page: int, picture: Path, *, dots: int, footer: float = FOOTER) -> None:
    """Make a picture of a page, without its footer and the white around it."""
    stem = picture.with_suffix("")
    number = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", *number, pdf, stem], check=True)
    page_whole = Image.open(picture).convert("RGB")
    width, height = page_whole.size
    whole = page_whole.crop((0, 0, width, height - int(height * footer)))
    paper = Image.new("RGB", whole.size, "white")
    left, top, right, bottom = ImageChops.difference(whole, paper).getbbox()
    box = (
        max(left - MARGIN, 0),
        max(top - MARGIN, 0),
        min(right + MARGIN, whole.width),
        min(bottom + MARGIN, whole.height),
    )
    whole.crop(box).quantize(256, kmeans=1).save(picture, optimize=True)


UNSEEN = {"Hours", "Subtotal", "Tax", "Credited", "Refunded", "Written off", "Corrects"}
"""Columns that are hidden, so that the others can be read."""
ACTIONS = (
    {"Action": "Send"},
    {"Action": "Pay", "Action amount": 5045.93, "Action note": "bank 0302"},
    {"Action": "Void", "Action note": "order number missing"},
)


def fill_in_actions(workbook: Path) -> None:
    """Choose an action for the first rows of the register, as a person would."""
    book = openpyxl.load_workbook(workbook)
    sheet = book["Invoices"]
    left, top, *_ = range_boundaries(sheet.tables["tblInvoices"].ref)
    titles = {cell.value: cell.column for cell in sheet[top][left - 1 :] if cell.value}
    for title in UNSEEN:
        sheet.column_dimensions[get_column_letter(titles[title])].hidden = True
    for row, cells in enumerate(ACTIONS, start=top + 1):
        for title, value in cells.items():
            sheet.cell(row, titles[title]).value = value
    book.save(workbook)


def legend(picture: Path) -> None:
    """Draw the icons of the ribbon with their labels, a column for each group."""
    drawn = images()
    groups = {group: list(of_it) for group, of_it in groupby(buttons(), lambda one: one.group)}
    tallest = max(len(of_it) for of_it in groups.values())
    sheet = Image.new("RGB", (CELL[0] * len(groups), CELL[1] * (tallest + 1)), "white")
    pen = ImageDraw.Draw(sheet)
    for column, (group, of_it) in enumerate(groups.items()):
        left = column * CELL[0] + MARGIN
        pen.text((left, MARGIN), group, fill="#1F4E79", font=ImageFont.truetype(FACES["bold"], 20))
        for row, button in enumerate(of_it, start=1):
            icon = Image.open(BytesIO(drawn[button.image])).resize((32, 32))
            sheet.paste(icon, (left, row * CELL[1]), icon)
            face = ImageFont.truetype(FACES["regular"], 18)
            pen.text((left + 40, row * CELL[1] + 4), button.label, fill="black", font=face)
    sheet.quantize(256, kmeans=1).save(picture, optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        make(Path(place))

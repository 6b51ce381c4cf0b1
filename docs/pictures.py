"""Make the README's pictures from a fresh demo: python docs/pictures.py (needs LibreOffice).

The pages are found by the sheet's title, so the order of sheets may change.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops
from pypdf import PdfReader

from timix_xl.cli.main import main

PICTURES = Path(__file__).parent / "pictures"
MARGIN = 12


def make(folder: Path) -> None:
    """Run the demo in a folder and photograph its sheets, one invoice, and what finance gets."""
    if main(["demo", "--into", str(folder / "demo"), "--fresh"]):
        sys.exit("the demo did not run")
    PICTURES.mkdir(exist_ok=True)
    for pattern, name, footer in PAPERS:
        paper = min((folder / "demo").rglob(pattern))
        photograph(paper, 1, PICTURES / f"{name}.png", dots=90, footer=footer)
    for pattern, titles, dots in (REVIEW, NEGOTIATED, BALANCES):
        (workbook,) = (folder / "demo").glob(pattern)
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
REVIEW = ("STADT-*.xlsx", {"Entries": "entries", "Frame orders": "frame-orders"}, 170)
"""The customer that the demo leaves reviewed and previewed, not issued."""
NEGOTIATED = ("NORDWIND-*.xlsx", {"Projects": "projects", "Pro forma": "pro-forma"}, 170)
"""The customer whose projects are billed by rules, with a pro forma on hold."""
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


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        make(Path(place))

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
FOOTER = 0.07


def make(folder: Path) -> None:
    """Run the demo in a folder and photograph its sheets and one invoice."""
    if main(["demo", "--into", str(folder / "demo"), "--fresh"]):
        sys.exit("the demo did not run")
    PICTURES.mkdir(exist_ok=True)
    (review,) = (folder / "demo").glob(REVIEW)
    sheets = converted(review, folder)
    for title, name in {"Entries": "entries", "Frame orders": "frame-orders"}.items():
        photograph(sheets, page_titled(sheets, title), PICTURES / f"{name}.png", dots=170)
    invoice = min((folder / "demo").rglob("INV-*.pdf"))
    photograph(invoice, 1, PICTURES / "invoice.png", dots=90)


REVIEW = "STADT-*.xlsx"
"""The customer that the demo leaves reviewed and previewed, not issued."""


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


def photograph(pdf: Path, page: int, picture: Path, *, dots: int) -> None:
    """Make a picture of a page, without its footer and the white around it."""
    stem = picture.with_suffix("")
    number = ["-f", str(page), "-l", str(page), "-singlefile"]
    subprocess.run(["pdftoppm", "-r", str(dots), "-png", *number, pdf, stem], check=True)
    page_whole = Image.open(picture).convert("RGB")
    width, height = page_whole.size
    whole = page_whole.crop((0, 0, width, height - int(height * FOOTER)))
    paper = Image.new("RGB", whole.size, "white")
    left, top, right, bottom = ImageChops.difference(whole, paper).getbbox()
    box = (
        max(left - MARGIN, 0),
        max(top - MARGIN, 0),
        min(right + MARGIN, whole.width),
        min(bottom + MARGIN, whole.height),
    )
    whole.crop(box).quantize(64).save(picture, optimize=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        make(Path(place))

"""The company's looks: logo and brand colour."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from timix_xl.documents.invoice_pdf import invoice_pdf
from timix_xl.documents.palette import palette


def picture(kind: str, mode: str = "RGB") -> bytes:
    file = BytesIO()
    Image.new(mode, (60, 20), 1).save(file, kind)
    return file.getvalue()


def half(kind: str) -> bytes:
    """Return a picture whose head is whole and whose pixels are cut off."""
    file = BytesIO()
    Image.linear_gradient("L").rotate(30).save(file, kind)
    return file.getvalue()[: len(file.getvalue()) // 2]


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("JPEG", "CMYK")]
)
def test_a_png_or_jpeg_logo_is_embedded(invoice, kind, mode) -> None:
    rendered = invoice_pdf(invoice(), logo=picture(kind, mode))
    page = PdfReader(BytesIO(rendered.content)).pages[0]
    assert "/XObject" in page["/Resources"]
    assert not rendered.logo_left_out


@pytest.mark.parametrize(
    "logo",
    [b"", b"<svg/>", half("PNG"), half("JPEG"), picture("GIF")],
    ids=["empty", "svg", "half a png", "half a jpeg", "gif"],
)
def test_a_logo_that_cannot_be_read_gives_way_to_the_name(invoice, texts, logo) -> None:
    rendered = invoice_pdf(invoice(), logo=logo)
    assert rendered.logo_left_out
    assert rendered.content == replace_id(rendered.content, invoice_pdf(invoice()).content)
    assert texts(rendered.content)[0] == texts(invoice_pdf(invoice()).content)[0]


def replace_id(with_id: bytes, content: bytes) -> bytes:
    """Return the content with the /ID of another file, which tells inputs apart."""
    start, other = with_id.rindex(b"/ID"), content.rindex(b"/ID")
    return content[:other] + with_id[start:]


@pytest.mark.parametrize("side", [6_000, 14_000])
def test_a_logo_larger_than_anyones_is_left_out(invoice, side) -> None:
    file = BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")
    assert invoice_pdf(invoice(), logo=file.getvalue()).logo_left_out


def test_the_same_logo_gives_the_same_bytes(invoice) -> None:
    first = invoice_pdf(invoice(), logo=picture("PNG", "RGBA")).content
    assert invoice_pdf(invoice(), logo=picture("PNG", "RGBA")).content == first


def test_the_brand_colour_is_on_the_paper(invoice) -> None:
    red = replace(invoice().seller, brand_colour="#FF0000")
    page = PdfReader(BytesIO(invoice_pdf(invoice(seller=red)).content)).pages[0]
    assert b"1 0 0 rg" in page.get_contents().get_data()


@pytest.mark.parametrize(
    ("brand", "bar", "on_bar"),
    [
        ("#1F4E79", "#1F4E79", "#FFFFFF"),
        ("#FFD400", "#FFD400", "#1F2933"),
        ("#FFFFFF", "#FFFFFF", "#1F2933"),
        ("teal", "#1F4E79", "#FFFFFF"),
        ("", "#1F4E79", "#FFFFFF"),
    ],
)
def test_what_stands_on_the_bar_stays_legible(brand, bar, on_bar) -> None:
    colours = palette(brand)
    assert (colours.bar, colours.on_bar) == (bar, on_bar)

"""The icons: drawn from text, sharp, of the size that their button needs, the same bytes each time."""

import hashlib
import io
import struct
import subprocess
import sys
from itertools import combinations
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from PIL import Image, ImageChops, ImageStat

from timix_xl.addin.icons import drawn, images
from timix_xl.addin.ribbon import Button, Size, buttons
from timix_xl.addin.texts import text

ICONS = Path(__file__).parents[2] / "addin" / "icons"
SVG = "{http://www.w3.org/2000/svg}"
PAINT = {"fill", "stroke", "stroke-width"}
ATTRIBUTES = {
    "path": {"d", *PAINT},
    "rect": {"x", "y", "width", "height", *PAINT},
    "circle": {"cx", "cy", "r", *PAINT},
}
COLOURS = {"#1F4E79", "#E07B1A", "#8A99A8", "#FFFFFF"}
"""Dark blue, orange for what happens, grey for writing, white for paper."""
WHITE = (255, 255, 255)
DARK_GREY = (51, 51, 51)
"""About what Excel's dark themes have behind the ribbon."""
BLUE = (31, 78, 121, 255)
RED = (255, 0, 0, 255)
CLEAR = (0, 0, 0, 0)

every_button = pytest.mark.parametrize("button", buttons(), ids=lambda button: button.image)


def elements(button: Button) -> list[Element]:
    return list(fromstring(text(f"icons/{button.image}.svg")))


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGBA")


def shown(button: Button, behind: tuple[int, int, int], side: int = 16) -> Image.Image:
    """As a screen shows the icon where it is small."""
    small = picture(images()[button.image]).resize((side, side), Image.Resampling.BOX)
    screen = Image.new("RGBA", small.size, behind)
    screen.alpha_composite(small)
    return screen.convert("RGB")


def sketch(*shapes: str) -> Image.Image:
    """A drawing of 32 pixels, so that a unit is a pixel."""
    return picture(drawn(f'<svg xmlns="{SVG[1:-1]}">{"".join(shapes)}</svg>', 32))


def test_every_image_of_the_ribbon_is_drawn_and_no_drawing_is_left_over() -> None:
    assert sorted(images()) == sorted(path.stem for path in ICONS.iterdir())


@every_button
def test_an_image_has_the_size_that_its_button_needs(button: Button) -> None:
    side = 64 if button.size is Size.LARGE else 32

    assert picture(images()[button.image]).size == (side, side)


@every_button
def test_a_png_holds_nothing_but_its_picture(button: Button) -> None:
    png = images()[button.image]
    at, names = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        names.append(png[at + 4 : at + 8])
        at += length + 12

    assert names == [b"IHDR", b"IDAT", b"IEND"]


def test_two_processes_draw_the_same_bytes() -> None:
    program = (
        "import hashlib\n"
        "from timix_xl.addin.icons import images\n"
        "print(hashlib.sha256(b''.join(images().values())).hexdigest())\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert other.stdout.strip() == hashlib.sha256(b"".join(images().values())).hexdigest()


@every_button
def test_an_icon_is_drawn_with_the_shapes_that_are_understood(button: Button) -> None:
    used = [(one.tag.removeprefix(SVG), set(one.keys())) for one in elements(button)]

    assert [one for one in used if not one[1] <= ATTRIBUTES.get(one[0], set())] == []


@every_button
def test_an_icon_keeps_to_the_colours_of_the_set(button: Button) -> None:
    used = {one.get(name, "none") for one in elements(button) for name in ("fill", "stroke")}

    assert used - {"none"} <= COLOURS


@every_button
def test_an_icon_lies_on_a_transparent_ground(button: Button) -> None:
    transparent = picture(images()[button.image]).getchannel("A").histogram()[0]
    side = 64 if button.size is Size.LARGE else 32

    assert side * side * 0.1 < transparent < side * side * 0.7


@every_button
@pytest.mark.parametrize("behind", [WHITE, DARK_GREY], ids=["white", "dark grey"])
def test_an_icon_stands_out_where_it_is_small(button: Button, behind: tuple[int, int, int]) -> None:
    ground = Image.new("RGB", (16, 16), behind)
    differing = ImageChops.difference(shown(button, behind), ground).convert("L")

    assert sum(differing.histogram()[60:]) > 40


def test_no_two_icons_look_alike_where_they_are_small() -> None:
    small = {one.image: shown(one, WHITE) for one in buttons()}
    alike = [
        (one, other)
        for one, other in combinations(small, 2)
        if sum(ImageStat.Stat(ImageChops.difference(small[one], small[other])).mean) < 20
    ]

    assert alike == []


def test_an_edge_on_the_grid_is_sharp() -> None:
    made = sketch('<rect x="4" y="4" width="8" height="8" fill="#FF0000"/>')

    assert [made.getpixel((x, 6)) for x in (2, 4, 11, 13)] == [CLEAR, RED, RED, CLEAR]


def test_a_shape_has_a_white_rim() -> None:
    made = sketch('<rect x="4" y="4" width="8" height="8" fill="#FF0000"/>')

    assert [made.getpixel((x, 6)) for x in (3, 12)] == [(*WHITE, 255)] * 2


def test_a_line_is_painted_half_its_width_to_both_sides() -> None:
    made = sketch('<path d="M8 8H20" fill="none" stroke="#1F4E79" stroke-width="4"/>')

    assert [made.getpixel((14, y)) for y in (5, 6, 9, 10)] == [
        (*WHITE, 255),
        BLUE,
        BLUE,
        (*WHITE, 255),
    ]


def test_a_line_ends_round() -> None:
    made = sketch('<path d="M8 8H20" fill="none" stroke="#1F4E79" stroke-width="4"/>')

    assert made.getpixel((21, 8)) != CLEAR
    assert made.getpixel((6, 5)) != BLUE


def test_a_later_shape_lies_above_an_earlier_one() -> None:
    made = sketch(
        '<rect x="4" y="4" width="8" height="8" fill="#1F4E79"/>',
        '<rect x="6" y="6" width="2" height="2" fill="#FF0000"/>',
    )

    assert made.getpixel((6, 6)) == RED


def test_an_outline_within_an_outline_leaves_a_hole() -> None:
    made = sketch('<path d="M4 4H28V28H4ZM10 10V22H22V10Z" fill="#FF0000"/>')

    assert [made.getpixel((x, 16)) for x in (6, 16, 26)] == [RED, CLEAR, RED]


def test_four_curves_make_the_circle_that_they_go_round() -> None:
    quarters = (
        "M26 16C26 21.52 21.52 26 16 26C10.48 26 6 21.52 6 16"
        "C6 10.48 10.48 6 16 6C21.52 6 26 10.48 26 16Z"
    )
    curved = sketch(f'<path d="{quarters}" fill="#FF0000"/>')
    round_ = sketch('<circle cx="16" cy="16" r="10" fill="#FF0000"/>')

    assert max(ImageStat.Stat(ImageChops.difference(curved, round_)).mean) < 1

"""The extension as a file: what is in it, and that it is the same file wherever it is built."""

import ast
import hashlib
import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from timix_xl import __version__
from timix_xl.addin.extension import (
    BARS,
    COMPONENT,
    CONFIGURATION_NAME,
    IDENTIFIER,
    PROTOCOL,
    build,
    configuration,
    extension_files,
)
from timix_xl.addin.ribbon import buttons
from timix_xl.macros.actions import ACTIONS

REGISTRY = "{http://openoffice.org/2001/registry}"
MANIFEST = "{http://openoffice.org/2001/manifest}"
ROOT = Path(__file__).parents[3]
CALC = "com.sun.star.sheet.SpreadsheetDocument"
SETS = {"AddonUI", "OfficeToolBar", "OfficeMenuBar", "Submenu", "Images", "UserDefinedImages"}
PROPERTIES = {"Context", "URL", "Title", "Target", "ImageSmallURL", "ImageBigURL"}
STATE = {"UIName", "Visible", "Docked", "DockingArea", "DockPos", "Style"}


@pytest.fixture(scope="module")
def files():
    return extension_files()


def tree(content):
    return ET.fromstring(content)


def named(node, *names):
    for name in names:
        (node,) = (one for one in node.iter("node") if one.get(f"{REGISTRY}name") == name)
    return node


def value(node, name):
    (found,) = (one for one in node.findall("prop") if one.get(f"{REGISTRY}name") == name)
    return found.find("value").text


def entries(node):
    """List the address and the title of each entry below a node, in LibreOffice's order."""
    inside = sorted(node.findall("node"), key=lambda one: one.get(f"{REGISTRY}name"))
    return [
        (value(one, "URL"), None if "separator" in value(one, "URL") else value(one, "Title"))
        for one in inside
    ]


def labels():
    return [(f"{PROTOCOL}{one.id}", one.label) for one in buttons()]


def digest_elsewhere(folder, **settings):
    program = "import hashlib; from timix_xl.addin.extension import build; print(hashlib.sha256(build()).hexdigest())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env={**os.environ, **settings},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "SOURCE_DATE_EPOCH": "0", "USER": "somebody"},
    ],
)
def test_another_process_in_another_place_builds_the_same_bytes(tmp_path, settings):
    assert digest_elsewhere(tmp_path, **settings) == hashlib.sha256(build()).hexdigest()


def test_the_package_is_stored_sorted_and_without_dates_of_today(files):
    with zipfile.ZipFile(io.BytesIO(build())) as package:
        found = package.infolist()

    assert [one.filename for one in found] == sorted(files)
    assert {one.compress_type for one in found} == {zipfile.ZIP_STORED}
    assert {(one.date_time, one.create_system) for one in found} == {((1980, 1, 1, 0, 0, 0), 0)}


def test_the_built_file_does_not_say_where_a_python_is(files):
    assert CONFIGURATION_NAME not in files
    assert sys.prefix.encode() not in build()


def test_the_configuration_names_a_python_and_the_version():
    told = json.loads(configuration(Path("/home/jürgen groß/venv/bin/python")))

    assert told == {
        "python": "/home/jürgen groß/venv/bin/python",
        "version": __version__,
        "by": "install",
    }


def test_the_menu_has_every_button_of_the_ribbon_once_in_its_order(files):
    menu = named(tree(files["Addons.xcu"]), f"{IDENTIFIER}.menu", "Submenu")

    assert [one for one in entries(menu) if one[1]] == labels()


def test_the_toolbars_have_every_button_of_the_ribbon_once_in_its_order(files):
    addons = tree(files["Addons.xcu"])
    found = [one for bar in BARS for one in entries(named(addons, bar.known_as)) if one[1]]

    assert found == labels()


def test_the_buttons_are_the_actions_that_there_are(files):
    assert list(json.loads(files["buttons.json"])) == list(ACTIONS)


def test_lines_stand_between_the_groups_and_nowhere_else(files):
    menu = named(tree(files["Addons.xcu"]), f"{IDENTIFIER}.menu", "Submenu")
    groups = {f"{PROTOCOL}{one.id}": one.group for one in buttons()}
    found = [groups.get(url, "|") for url, _ in entries(menu)]
    borders = [
        (one, later) for one, line, later in zip(found, found[1:], found[2:], strict=False)
        if line == "|"
    ]  # fmt: skip

    assert len(borders) == len(set(groups.values())) - 1
    assert all(one != later for one, later in borders)


def test_everything_is_shown_in_spreadsheets_only(files):
    addons = tree(files["Addons.xcu"])
    pressed = [
        one
        for kind in ("OfficeToolBar", "OfficeMenuBar")
        for one in named(addons, kind).iter("node")
        if one.get(f"{REGISTRY}name")[0] in "Nx" and one.findall("prop")
    ]

    assert {value(one, "Context") for one in pressed} == {CALC}


def test_every_button_has_an_icon_in_both_sizes(files):
    addons = named(tree(files["Addons.xcu"]), "Images")
    shown = {value(one, "URL"): one for one in addons.findall("node")}

    assert set(shown) == {url for url, _ in labels()}
    for one in shown.values():
        images = named(one, "UserDefinedImages")
        for name, side in (("ImageSmallURL", 16), ("ImageBigURL", 26)):
            png = files[value(images, name).removeprefix("%origin%/")]
            assert png[:8] == b"\x89PNG\r\n\x1a\n"
            assert struct.unpack(">II", png[16:24]) == (side, side)


def test_an_icon_is_not_blank(files):
    icons = [content for name, content in files.items() if name.startswith("icons/")]

    assert max(Counter(icons).values()) == 1
    assert min(map(len, icons)) > 150


@pytest.mark.parametrize("button", buttons(), ids=[one.id for one in buttons()])
def test_a_tip_is_that_of_the_ribbon_about_calc(files, button):
    told = json.loads(files["buttons.json"])[button.id]

    first, second = told["tip"].split("\n")
    assert first == button.screentip
    assert second == button.supertip.replace("Excel", "Calc")
    assert told["label"] == button.label.rstrip(".")


@pytest.mark.parametrize(
    ("name", "nodes", "properties"),
    [
        ("Addons.xcu", SETS, PROPERTIES),
        ("CalcWindowState.xcu", {"UIElements", "States"}, STATE),
        ("ProtocolHandler.xcu", {"HandlerSet"}, {"Protocols"}),
    ],
)
def test_a_configuration_holds_what_it_may_and_nothing_else(files, name, nodes, properties):
    root = tree(files[name])
    ours = ("xl.timix.", "private:resource/toolbar/addon_xl.timix.", "N0")

    assert root.tag == f"{REGISTRY}component-data"
    assert {one.tag for one in root.iter()} - {root.tag} == {"node", "prop", "value"}
    for node in root.iter("node"):
        known = node.get(f"{REGISTRY}name")
        assert known in nodes or known.startswith(ours)
        # What is replaced is ours: nothing of LibreOffice or of another extension goes.
        assert (node.get(f"{REGISTRY}op") == "replace") == (known not in nodes)
    assert {one.get(f"{REGISTRY}name") for one in root.iter("prop")} == properties


def test_the_manifest_lists_what_libreoffice_reads_and_it_is_there(files):
    found = {
        one.get(f"{MANIFEST}full-path"): one.get(f"{MANIFEST}media-type")
        for one in tree(files["META-INF/manifest.xml"])
    }

    assert set(found) == {
        "Addons.xcu", "CalcWindowState.xcu", "ProtocolHandler.xcu", "timix.components",
    }  # fmt: skip
    assert set(found) <= set(files)
    assert found["timix.components"] == "application/vnd.sun.star.uno-components"


def test_the_description_says_who_it_is_which_version_and_what_it_needs(files):
    space = "{http://openoffice.org/extensions/description/2006}"
    office = "{http://libreoffice.org/extensions/description/2011}"
    root = tree(files["description.xml"])

    assert root.find(f"{space}identifier").get("value") == IDENTIFIER == "xl.timix.calc"
    assert root.find(f"{space}version").get("value") == __version__
    assert root.find(f".//{space}name").text == "Timix"
    assert root.find(f".//{office}LibreOffice-minimal-version").get("value") == "7.4"
    (told,) = (one for one in root.iter(f"{space}src"))
    assert told.get("{http://www.w3.org/1999/xlink}href") in files


def test_the_licence_is_that_of_the_project(files):
    assert files["LICENSE"] == (ROOT / "LICENSE").read_bytes()


def test_the_component_is_registered_by_the_name_that_it_has(files):
    space = "{http://openoffice.org/2010/uno-components}"
    root = tree(files["timix.components"])
    component = files[COMPONENT].decode()
    known = root.find(f".//{space}implementation").get("name")
    handlers = named(tree(files["ProtocolHandler.xcu"]), "HandlerSet")

    assert root.find(f".//{space}component").get("uri") == COMPONENT
    assert f'IMPLEMENTATION = "{known}"' in component
    assert [one.get(f"{REGISTRY}name") for one in handlers.findall("node")] == [known]
    assert f'PROTOCOL = "{PROTOCOL}"' in component
    assert value(named(handlers, known), "Protocols") == f"{PROTOCOL}*"


def test_the_component_reads_as_python_3_8_and_imports_nothing_but_that_and_uno(files):
    source = ast.parse(files[COMPONENT], feature_version=(3, 8))
    imported = {
        name.split(".")[0]
        for node in ast.walk(source)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([one.name for one in node.names] if isinstance(node, ast.Import) else [node.module])
    }  # fmt: skip

    assert imported - sys.stdlib_module_names == {"uno", "unohelper", "com"}


def test_the_names_of_the_files_are_plain(files):
    # A package of LibreOffice is unpacked on every system, beside files of other extensions.
    assert all(name.isascii() and " " not in name for name in files)
    assert len({name.lower() for name in files}) == len(files)

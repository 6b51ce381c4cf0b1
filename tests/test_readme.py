"""The README under test: what it names is there, what is there it names, and its commands run."""

import importlib.util
import inspect
import re
import shlex
import shutil
from pathlib import Path

import pytest

from timix_xl import macros
from timix_xl.addin.ribbon import Button, buttons
from timix_xl.cli import arguments
from timix_xl.cli.main import main
from timix_xl.functions import FUNCTIONS
from timix_xl.udf.declaring import Declared
from timix_xl.workbook.words import ActionWord

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
EXCEL = (ROOT / "docs" / "excel.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINKS = [
    (page, link)
    for page in PAGES
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8"))
]
COMMANDS = re.findall(r"^\$ (timix-xl .*)$", README, re.MULTILINE)


def catalogue():
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "docs" / "catalogue.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ribbon_macros() -> list[str]:
    return [
        name
        for name, value in vars(macros).items()
        if inspect.isfunction(value) and hasattr(value, "__wrapped__")
    ]


@pytest.mark.parametrize("command", arguments.command_names())
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"| `{command}" in README


@pytest.mark.parametrize("macro", ribbon_macros())
def test_every_macro_is_in_the_readme(macro: str) -> None:
    assert f"`{macro}`" in README


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.name)
def test_every_worksheet_function_is_in_the_readme_and_explained(function: Declared) -> None:
    arguments = (f"[{one.name}]" if one.optional else one.name for one in function.arguments)
    assert f"`{function.name}`" in README
    assert f"| `{function.name}({', '.join(arguments)})` |" in EXCEL


@pytest.mark.parametrize("button", buttons(), ids=lambda one: one.id)
def test_every_button_of_the_ribbon_is_explained(button: Button) -> None:
    assert f"| {button.group} | {button.label} | `{button.id}` | {button.screentip} |" in EXCEL


def test_the_catalogue_of_messages_is_the_one_of_today() -> None:
    assert catalogue().written(README) == README


@pytest.mark.parametrize(
    ("page", "link"), LINKS, ids=[f"{page.stem}-{link}" for page, link in LINKS]
)
def test_every_picture_and_page_that_is_linked_is_there(page: Path, link: str) -> None:
    assert (page.parent / link).is_file()


def test_every_picture_is_shown_somewhere() -> None:
    shown = {(page.parent / link).resolve() for page, link in LINKS}
    assert set((ROOT / "docs" / "pictures").iterdir()) <= shown


@pytest.mark.parametrize("action", ActionWord.words())
def test_every_action_of_the_register_is_in_the_readme(action: str) -> None:
    assert re.search(rf"^\| ([^|]*, )?{re.escape(action)}(,[^|]*)? \|", README, re.MULTILINE)


def test_the_mapping_file_that_is_explained_is_the_demos() -> None:
    mapping = (ROOT / "workbooks" / "demo" / "toggl-mapping.json").read_text("utf-8")
    assert f"```json\n{mapping}```" in (ROOT / "docs" / "imports.md").read_text("utf-8")


def test_the_two_set_up_lines_stand_as_agreed() -> None:
    line = "python3 -m venv .venv && .venv/bin/pip install -q "
    assert f"{line}. && .venv/bin/timix-xl demo\n" in README
    assert f"{line}-e '.[test]' && .venv/bin/pytest -q\n" in README


def test_the_commands_of_the_worked_month_run_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIMIX_STORE", "books.db")
    shutil.copytree(ROOT / "workbooks" / "demo", tmp_path, dirs_exist_ok=True)
    assert len(COMMANDS) > 10
    for command in COMMANDS:
        code = main(shlex.split(command)[1:])
        assert code == 0, f"{command}\n{capsys.readouterr().err}"

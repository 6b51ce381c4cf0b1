"""--version and --help answer at once; the module runs as well as the program."""

import json
import subprocess
import sys

import pytest

from tests.cli.terminal import run
from timix_xl import __version__
from timix_xl.cli.arguments import command_names
from timix_xl.cli.commands import COMMANDS

HEAVY = {"sqlalchemy", "xlwings", "openpyxl", "reportlab", "pydantic", "rich"}
LOADED = "import json, sys; from timix_xl.cli.main import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_version_and_help_load_no_library(word: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, word], capture_output=True, text=True, check=True
    )
    assert HEAVY.isdisjoint(json.loads(done.stderr))


def test_the_module_is_the_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "timix_xl", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"timix-xl {__version__}\n"


def test_help_names_every_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "timix_xl", "--help"], capture_output=True, text=True, check=True
    )
    assert [name for name in command_names() if f"\n    {name} " not in done.stdout] == []


def test_every_command_has_a_function() -> None:
    assert set(command_names()) <= set(COMMANDS)


@pytest.mark.parametrize("name", command_names())
def test_every_command_has_a_help_of_its_own(name: str) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(name, "--help")
    assert stopped.value.code == 0

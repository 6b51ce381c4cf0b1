"""The rooms and who leans on whom."""

import ast
import doctest
import importlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_no_room_leans_sideways_or_up() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_every_room_has_its_place_in_the_layers() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    layers = settings["contracts"][0]

    assert layers["type"] == "layers"
    assert layers["exhaustive"] is True


def test_nothing_of_xlwings_that_needs_a_licence_key_is_imported() -> None:
    pattern = re.compile(r"xlwings[.](pro|server|reports)|XLWINGS_LICENSE_KEY")
    sources = [*ROOT.glob("timix_xl/**/*.py"), *ROOT.glob("tests/**/*.py")]
    found = [path for path in sources if pattern.search(path.read_text("utf-8"))]

    assert found == [Path(__file__)]


def test_a_workbook_is_read_only_where_it_was_looked_at_before() -> None:
    pattern = re.compile(r"\bload_workbook\(|\bExcelReader\b")
    found = {
        path.relative_to(ROOT / "timix_xl").as_posix(): path.read_text("utf-8")
        for path in ROOT.glob("timix_xl/**/*.py")
        if pattern.search(path.read_text("utf-8"))
    }

    assert set(found) == {"importing/workbooks.py", "hosts/files/loading.py"}
    assert all("preflight." in source for source in found.values())


def test_importing_any_module_opens_no_connection_and_registers_no_engine() -> None:
    program = (
        "import pkgutil, importlib, sqlite3, timix_xl\n"
        "def refuse(*_, **__): raise AssertionError('a connection at import')\n"
        "sqlite3.connect = refuse\n"
        "for found in pkgutil.walk_packages(timix_xl.__path__, 'timix_xl.'):\n"
        "    if 'migrations' not in found.name and not found.name.endswith('__main__'):\n"
        "        importlib.import_module(found.name)\n"
        "import xlwings\n"
        "assert not [one for one in xlwings.engines if one.name.startswith('timix')]\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


def test_the_examples_in_docstrings_hold() -> None:
    modules = [path for path in ROOT.glob("timix_xl/**/*.py") if ">>>" in path.read_text("utf-8")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in modules]
    results = [doctest.testmod(importlib.import_module(name)) for name in names]

    assert len(results) >= 3
    assert sum(result.failed for result in results) == 0
    assert all(result.attempted for result in results)


# The guards, the migrations and the roles are put together from names of our own.
MAY_BUILD_SQL = ("store/triggers.py", "store/grants.py", "store/migrations/")
TAKE_SQL = {"text", "exec_driver_sql", "execute", "executescript", "literal_column", "DDL"}
OF_DATA = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|VALUES)\b", re.IGNORECASE)
SEARCHES = {"contains", "startswith", "endswith", "icontains"}


def calls_in_the_store() -> Iterator[tuple[str, str, ast.Call]]:
    """Yield every call in the store: where, of what name, and itself."""
    for path in sorted(ROOT.glob("timix_xl/store/**/*.py")):
        name = path.relative_to(ROOT / "timix_xl").as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and not name.startswith(MAY_BUILD_SQL):
                word = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield f"{name}:{node.lineno}", word, node


def speaks_of_data_in_pieces(node: ast.expr) -> bool:
    """Whether it is SQL about rows, made of pieces that do not all stand there."""
    if isinstance(node, ast.Constant | ast.Name | ast.Attribute):
        return False
    texts = [str(one.value) for one in ast.walk(node) if isinstance(one, ast.Constant)]
    in_pieces = isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"format", "join"}
    )
    return in_pieces and any(map(OF_DATA.search, texts))


@pytest.mark.bad_input("S01")
def test_no_sql_about_rows_is_put_together_from_text() -> None:
    found = [
        place
        for place, word, call in calls_in_the_store()
        if word in TAKE_SQL and any(map(speaks_of_data_in_pieces, call.args))
    ]

    assert found == []


@pytest.mark.bad_input("S02")
def test_whoever_searches_for_a_part_of_a_text_escapes_its_wildcards() -> None:
    found = [
        place
        for place, word, call in calls_in_the_store()
        if (word in {"like", "ilike"} and "escape" not in _options(call))
        or (word in SEARCHES and _is_of_a_column(call) and "autoescape" not in _options(call))
    ]

    assert found == []


@pytest.mark.parametrize(
    ("call", "is_found"),
    [
        ('execute(f"SELECT a FROM b WHERE c = {x}")', True),
        ('execute("DELETE FROM b WHERE c = " + x)', True),
        ('execute("SELECT {} FROM b".format(x))', True),
        ('execute("SELECT a FROM b WHERE c = ?", [x])', False),
        ('execute(f"PRAGMA journal_mode = {x}")', False),
        ("execute(select(table).where(table.c.a == x))", False),
    ],
)
def test_sql_in_pieces_is_told_from_other_statements(call: str, is_found: bool) -> None:
    parsed = ast.parse(call, mode="eval").body

    assert isinstance(parsed, ast.Call)
    assert any(map(speaks_of_data_in_pieces, parsed.args)) is is_found


def _options(call: ast.Call) -> set[str | None]:
    return {one.arg for one in call.keywords}


def _is_of_a_column(call: ast.Call) -> bool:
    """Whether a column is searched, not a text of Python."""
    assert isinstance(call.func, ast.Attribute)
    return re.search(r"[.]c[.]\w+$", ast.unparse(call.func.value)) is not None

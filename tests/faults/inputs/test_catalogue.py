"""Every bad input of the catalogue has a test; the marker `bad_input` says which."""

import ast
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.inputs.catalogue import BAD_INPUTS

ROOT = Path(__file__).parents[3]
COLLECTED = ROOT.parent / "shared" / "data" / "bad-inputs.json"
"""Where the inputs were collected; it does not travel with the project."""


def marked() -> Iterator[str]:
    """Yield the ids that tests are marked with."""
    for path in ROOT.glob("tests/**/test_*.py"):
        source = path.read_text("utf-8")
        if "bad_input" in source:
            yield from map(_id_of, filter(_is_mark, ast.walk(ast.parse(source))))


def _is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.bad_input"


def _id_of(node: ast.AST) -> str:
    assert isinstance(node, ast.Call)
    (word,) = node.args
    assert isinstance(word, ast.Constant), ast.unparse(node)
    return str(word.value)


def test_no_input_stands_twice_in_the_catalogue() -> None:
    assert {
        name: count for name, count in Counter(one.id for one in BAD_INPUTS).items() if count > 1
    } == {}


def test_every_input_has_a_test() -> None:
    assert sorted({one.id for one in BAD_INPUTS} - set(marked())) == []


def test_no_test_names_an_input_that_is_not_there() -> None:
    assert sorted(set(marked()) - {one.id for one in BAD_INPUTS}) == []


@pytest.mark.skipif(not COLLECTED.exists(), reason="the collection is not here")
def test_the_catalogue_has_every_input_that_was_collected() -> None:
    collected = {one["id"] for one in json.loads(COLLECTED.read_text("utf-8"))["inputs"]}
    assert {one.id for one in BAD_INPUTS} == collected

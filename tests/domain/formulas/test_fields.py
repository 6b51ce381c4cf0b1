"""Fields: each can be read, each synonym means one, and the documents list them all."""

import datetime as dt
import importlib.util
from decimal import Decimal as D
from pathlib import Path
from types import ModuleType

import pytest

from tests.domain.formulas.facts import BARE, FULL, unevaluated
from timix_xl.domain.formulas.compiling import compiled
from timix_xl.domain.formulas.fields import FIELDS, SYNONYMS, field_named, known_names
from timix_xl.domain.formulas.functions import FUNCTION_SYNONYMS, FUNCTIONS
from timix_xl.domain.formulas.values import Type

ROOT = Path(__file__).parents[3]
DOCUMENT = (ROOT / "docs" / "formulas.md").read_text("utf-8")
PYTHON = {Type.NUMBER: D, Type.TEXT: str, Type.DATE: dt.date, Type.CONDITION: bool}
WRITABLE = [name for name in known_names() if field_named(name).type is not Type.CONDITION]


def lists() -> ModuleType:
    spec = importlib.util.spec_from_file_location("formulas", ROOT / "docs" / "formulas.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_read_from_full_facts(name: str) -> None:
    value = FIELDS[name].get(FULL)

    assert isinstance(value, PYTHON[FIELDS[name].type])
    assert value not in ("", None)


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_bare_facts_is_read_or_said_to_be_empty(name: str) -> None:
    field = FIELDS[name]
    why = unevaluated(lambda: field.get(BARE))

    if why is None:
        assert isinstance(field.get(BARE), PYTHON[field.type])
    else:
        assert why == f"[{name}] is empty"
        assert field.can_be_empty
        assert field.type in (Type.NUMBER, Type.DATE)


@pytest.mark.parametrize("name", WRITABLE)
def test_a_field_can_be_written_into_a_text_by_any_of_its_names(name: str) -> None:
    formula = compiled(f"=''+[{name.upper()}]", Type.TEXT)

    assert formula.value(FULL) == compiled(f"=''+[{SYNONYMS.get(name, name)}]", Type.TEXT).value(
        FULL
    )


@pytest.mark.parametrize(("synonym", "name"), SYNONYMS.items())
def test_a_synonym_means_a_field_and_is_not_one(synonym: str, name: str) -> None:
    assert field_named(synonym) is FIELDS[name]
    assert synonym not in FIELDS


def test_no_two_names_differ_by_large_and_small_letters_only() -> None:
    names = [name.lower() for name in known_names()]
    assert len(names) == len(set(names))


def test_the_cost_of_an_entry_is_its_cost_amount() -> None:
    assert FIELDS["Entry.Amount"].get(FULL) == FULL.cost


def test_the_nearest_location_goes_before_the_tasks_own() -> None:
    assert FIELDS["Task.Location"].get(FULL) == "PLANT"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))
def test_the_example_of_a_function_holds(function) -> None:
    text = f"={function.example}"
    wanted = text if function.name not in ("And", "Or") else f"=If({text[1:]}, 1, 2)"
    assert compiled(wanted, Type.NUMBER).value(FULL)


def test_a_synonym_of_a_function_means_one() -> None:
    assert set(FUNCTION_SYNONYMS.values()) <= set(FUNCTIONS)


@pytest.mark.parametrize("document", lists().DOCUMENTS, ids=["formulas.md", "README.md"])
def test_a_document_lists_the_fields_and_functions_of_today(document: Path) -> None:
    text = document.read_text("utf-8")
    assert lists().written(text) == text


def test_the_document_on_formulas_has_every_name() -> None:
    assert all(f"`[{name}]`" in DOCUMENT for name in known_names())


def test_a_document_without_places_for_lists_stays_as_it_is() -> None:
    assert lists().written("# Nothing\n") == "# Nothing\n"


def test_the_formulas_that_the_document_shows_hold() -> None:
    shown = [
        cell.strip().strip("`")
        for line in DOCUMENT.splitlines()
        if line.startswith("| ") and line.count("|") == 3 and "`=" in line
        for cell in line.split("|")[2:3]
    ]
    assert len(shown) >= 9
    for text in shown:
        compiled(text, Type.TEXT).value(FULL)

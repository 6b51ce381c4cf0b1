"""What Excel is told of a function, and that xlwings' own decorators take every one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.builders import copy_of, day
from timix_xl import functions
from timix_xl.functions import FUNCTIONS
from timix_xl.udf.declaring import Argument, Declared

ROOT = Path(__file__).parents[2]
INTERFACES = (
    "TIMIX_UNBILLED_HOURS(customer, [as_of]) TIMIX_UNBILLED_AMOUNT(customer, [as_of])"
    " TIMIX_PO_TOTAL(order) TIMIX_PO_BILLED(order) TIMIX_PO_REMAINING(order)"
    " TIMIX_PO_UTILIZATION(order) TIMIX_BILL_RATE(project, task, person, on_date)"
    " TIMIX_INVOICE_TOTAL(number) TIMIX_INVOICE_STATUS(number) TIMIX_OUTSTANDING(customer)"
    " TIMIX_WIP(project) TIMIX_CHECK(entry, decision, [bill_qty])"
    " TIMIX_ENTRIES(customer, [as_of]) TIMIX_FRAME_ORDERS([customer])"
)
ON_WINDOWS = """
# Where Excel is: xlwings' own decorators, over modules of pywin32 that do nothing.
import json, sys, types

def stub(name, **facts):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__dict__.update(facts)

stub("pythoncom", CoInitialize=lambda *_: None)
stub("pywintypes", com_error=type("com_error", (Exception,), {}))
stub("win32com")
stub("win32com.client", Dispatch=lambda one: one)
import xlwings as xw
from xlwings import conversion, udfs
xw.func, xw.arg, xw.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
from timix_xl import functions

class Excel:
    # Cleans what is read and written as the engine of Excel does.
    name, type = "excel", "desktop"

    @staticmethod
    def clean_value_data(rows, dates, empty, numbers, errors_as_text):
        error = "#N/A" if errors_as_text else None
        clean = {"": empty, None: empty, -2146826246: error}
        return [[clean.get(one, one) for one in row] for row in rows]

    @staticmethod
    def prepare_xl_data_element(one, options):
        return "" if one is None else one

xw.engines.add(xw.main.Engine(impl=Excel))

def call(name, *cells):
    # The steps of xlwings' call_udf.
    function = getattr(functions, name)
    told = function.__xlfunc__
    read = [conversion.read(None, one, arg["options"]) for one, arg in zip(cells, told["args"])]
    return conversion.write(function(*read), None, told["ret"]["options"])

print(json.dumps({
    "told": [getattr(functions, one.name).__xlfunc__ for one in functions.FUNCTIONS],
    "cell": call("TIMIX_PO_TOTAL", 4711.0),
    "column": call("TIMIX_PO_TOTAL", ((4711.0,), (None,), (-2146826246,), ("x",))),
    "row": call("TIMIX_PO_TOTAL", ((4711.0, "FO-2"),)),
    "table": call("TIMIX_FRAME_ORDERS", "ACME"),
}, default=str))
"""


@pytest.fixture(scope="module")
def windows(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What xlwings knows of the functions, and what its calls of them come to."""
    shop = copy_of(template, tmp_path_factory.mktemp("windows"))
    shop.order("4711", "7.5")
    shop.order("FO-2", "20", valid_from=day("2026-01-01"))
    shop.store.close()
    done = subprocess.run(
        [sys.executable, "-c", ON_WINDOWS],
        cwd=ROOT,
        env=os.environ | {"TIMIX_STORE": shop.path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def signature(one: Declared) -> str:
    names = (f"[{each.name}]" if each.optional else each.name for each in one.arguments)
    return f"{one.name}({', '.join(names)})"


def test_the_functions_are_those_of_the_interfaces_in_their_order() -> None:
    assert " ".join(map(signature, FUNCTIONS)) == INTERFACES


@pytest.mark.parametrize("one", FUNCTIONS, ids=lambda one: one.name)
def test_texts_are_sentences_within_the_lengths_of_the_wizard(one: Declared) -> None:
    texts = [one.description, *(each.description for each in one.arguments)]

    assert [text for text in texts if not (10 < len(text) <= 255 and text.endswith("."))] == []


def test_a_function_is_told_by_the_first_line_of_its_docstring() -> None:
    assert functions.TIMIX_CHECK.declared == Declared(
        name="TIMIX_CHECK",
        description=(
            "Check a decision for an unbilled entry: an empty text when it is fine, else what is"
            " wrong."
        ),
        arguments=(
            Argument("entry", "The entry's id."),
            Argument("decision", "Bill, Defer or Write off; blank for undecided."),
            Argument("bill_qty", "What of the quantity is to be billed; blank for all.", True),
        ),
    )


def test_every_function_of_the_module_is_declared() -> None:
    names = [name for name in dir(functions) if name.startswith("TIMIX_")]

    assert sorted(one.name for one in FUNCTIONS) == names


def test_too_many_arguments_are_refused_as_by_any_function() -> None:
    with pytest.raises(TypeError):
        functions.TIMIX_PO_TOTAL("FO", "more")


def test_xlwings_knows_every_function_with_its_arguments_in_order(windows: Any) -> None:
    known = [
        (
            one["name"],
            tuple(Argument(at["name"], at["doc"], "optional" in at) for at in one["args"]),
        )
        for one in windows["told"]
    ]

    assert known == [(one.name, one.arguments) for one in FUNCTIONS]


def test_xlwings_lists_them_under_our_name_and_calls_them_only_when_asked(windows: Any) -> None:
    facts = {(one["category"], one["volatile"], one["async_mode"]) for one in windows["told"]}

    assert facts == {("Timix", False, None)}


def test_xlwings_hands_over_tables_of_cells_with_their_error_values(windows: Any) -> None:
    options = [at["options"] for one in windows["told"] for at in one["args"]]

    assert [one for one in options if one != {"ndim": 2, "err_to_str": True}] == []


def test_a_single_cell_goes_through_xlwings_and_back(windows: Any) -> None:
    assert windows["cell"] == [[7.5]]


def test_a_column_with_blanks_and_errors_goes_through_xlwings_and_back(windows: Any) -> None:
    assert windows["column"] == [[7.5], [""], ["#N/A"], ["#N/A"]]


def test_a_row_goes_through_xlwings_and_back(windows: Any) -> None:
    assert windows["row"] == [[7.5, 20.0]]


def test_a_table_goes_through_xlwings_and_back(windows: Any) -> None:
    assert [row[0] for row in windows["table"]] == ["Frame order", "4711", "FO-2"]
    assert windows["table"][2][3] == "2026-01-01 00:00:00"

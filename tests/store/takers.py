"""Takers: a child process that takes invoices back, one after the other."""

from tests.builders import ANN
from timix_xl.billing.correct import correct
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.void import void
from timix_xl.errors import RuleError
from timix_xl.store.database import open_store


def run(place: str, numbers: list[str], marks: str) -> None:
    """Void every other invoice, correct the ones between; those that are done are passed by.

    A line is added to the marks before each.
    """
    store = open_store(place)
    for at, number in enumerate(numbers):
        with open(marks, "a", encoding="utf-8") as noted:
            noted.write(f"{number}\n")
        try:
            if at % 2:
                correct(store, number, "wrong terms", RunOptions(), actor=ANN)
            else:
                void(store, number, "wrong customer", actor=ANN)
        except RuleError:
            continue

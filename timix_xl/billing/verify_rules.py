"""Whether billing rules can be calculated, and the rates of their tables are none below zero."""

from collections.abc import Iterator

from timix_xl.billing.record import Problem, Record
from timix_xl.domain.formulas.compiling import compiled
from timix_xl.domain.formulas.refusals import FormulaError
from timix_xl.domain.formulas.values import Type
from timix_xl.domain.rule_pricing import FORMULAS
from timix_xl.store import tables as t


def formulas(record: Record) -> Iterator[Problem]:
    """Check that every formula can be read, of the steps that are not active too."""
    for row in record.rows(t.rule_steps):
        where = f"step {row['step']} of billing rule {row['rule']}"
        for column, wanted in FORMULAS.items():
            try:
                if row[column] or wanted is Type.NUMBER:
                    compiled(row[column], wanted)
            except FormulaError as broken:
                why = broken.message.removesuffix(".")
                message = f"its {column} is broken at position {broken.position}: {why}"
                yield Problem("VERIFY-46", where, message)


def rates(record: Record) -> Iterator[Problem]:
    """Check that no rate of a rate table is below zero."""
    for row in record.rows(t.table_rates):
        if row["rate"] < 0:
            where = f"rate table {row['rate_table']} / {row['rate_type']}"
            yield Problem("VERIFY-46", where, f"a rate of sequence {row['seq']} is below zero")

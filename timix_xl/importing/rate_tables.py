"""Rate tables: what is checked of their sequences and rates."""

from collections.abc import Iterator
from typing import Any

from timix_xl.domain.rate_tables import Factor, RateSequence, RateTable, TableRate
from timix_xl.importing import faults
from timix_xl.importing.checks import before_its_end
from timix_xl.importing.faults import Trouble, shown, trouble
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing


def rate_table(row: Row, _: Row | None, __: Standing) -> Iterator[Trouble]:
    """Check the sequences, that each rate fits one of them, and that no two hold on one day."""
    table = _named(row)
    for what in ("sequences", "rates"):
        if not row[what]:
            yield trouble(faults.TABLE_EMPTY, what, table=table, what=what)
    found = [*_sequences_twice(row), *_rates(row)]
    yield from found or _overlaps(row)


def _named(row: Row) -> str:
    return shown(f"{row['code']} / {row['rate_type']}")


def _sequences_twice(row: Row) -> Iterator[Trouble]:
    numbers = [sequence["seq"] for sequence in row["sequences"]]
    for at, seq in enumerate(numbers):
        if seq in numbers[:at]:
            facts = {"seq": seq, "table": _named(row)}
            yield trouble(faults.SEQUENCE_TWICE, f"sequences[{at}].seq", **facts)


def _rates(row: Row) -> Iterator[Trouble]:
    factors = {sequence["seq"]: sequence["factors"] for sequence in row["sequences"]}
    for at, rate in enumerate(row["rates"]):
        prefix = f"rates[{at}]."
        if rate["seq"] in factors:
            yield from _values(rate, factors[rate["seq"]], prefix)
        else:
            known = ", ".join(str(seq) for seq in sorted(factors))
            facts = {"table": _named(row), "seq": rate["seq"], "known": known}
            yield trouble(faults.SEQUENCE_MISSING, prefix + "seq", **facts)
        yield from before_its_end(rate["since"], rate["until"], prefix + "to")


def _values(rate: Row, asked: tuple[Factor, ...], prefix: str) -> Iterator[Trouble]:
    for factor in Factor:
        value = rate[factor.value]
        facts = {"seq": rate["seq"], "factor": factor.value, "value": value}
        if factor in asked and not value:
            yield trouble(faults.FACTOR_MISSING, prefix + factor.value, **facts)
        elif value and factor not in asked:
            yield trouble(faults.FACTOR_NOT_ASKED, prefix + factor.value, **facts)


def _overlaps(row: Row) -> Iterator[Trouble]:
    sequences = tuple(
        RateSequence(seq=one["seq"], factors=frozenset(one["factors"])) for one in row["sequences"]
    )
    rates = tuple(TableRate(**one) for one in row["rates"])
    table = RateTable(
        code=row["code"], rate_type=row["rate_type"], sequences=sequences, rates=rates
    )
    places = {id(rate): at for at, rate in enumerate(rates)}
    for pair in table.overlaps():
        first, second = sorted(pair, key=lambda rate: places[id(rate)])
        place = " / ".join(filter(None, (getattr(second, factor.value) for factor in Factor)))
        other = f"{first.since or 'from the beginning'} to {first.until or 'open'}"
        facts = {"seq": second.seq, "place": place or "entries", "other": other}
        column = f"rates[{places[id(second)]}].from"
        yield trouble(faults.TABLE_RATES_OVERLAP, column, **facts)


def unknown_tasks(row: Row, standing: Standing) -> Iterator[Trouble]:
    """Find the tasks of a table's rates that are not there; without a project, in no project."""
    codes = {code for _, code in standing.now["tasks"]}
    for at, rate in enumerate(row["rates"]):
        project, code = rate["project"], rate["task"]
        if not code or (standing.find("tasks", project, code) if project else code in codes):
            continue
        refused = {key for name, key in standing.refused if name == "tasks"}
        leans = any(key[-1] == code and project in (None, key[0]) for key in refused)
        kind = faults.DEPENDS_ON_REFUSED if leans else faults.UNKNOWN_CODE
        value = f"{project} / {code}" if project else code
        yield trouble(kind, f"rates[{at}].task", noun="task", value=value)


def settle_rate_table(row: Row, _: Row | None, __: Standing) -> Row:
    """Keep sequences and rates in the order in which they are tried, whatever the file's."""
    return row | {
        "sequences": tuple(sorted(row["sequences"], key=lambda one: int(one["seq"]))),
        "rates": tuple(sorted(row["rates"], key=_tried)),
    }


def _tried(rate: Row) -> tuple[Any, ...]:
    factors = (rate[factor.value] or "" for factor in Factor)
    return (rate["seq"], *factors, str(rate["since"] or ""), str(rate["until"] or ""))

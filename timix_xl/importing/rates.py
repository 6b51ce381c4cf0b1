"""Bill rates that overlap: neither would be the nearest, so the file's row is refused."""

from collections.abc import Iterator
from typing import TypeAlias

from timix_xl.domain.rates import BillRate, RateBook
from timix_xl.importing import faults
from timix_xl.importing.faults import trouble
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Applied, Tally
from timix_xl.store.intake import Key

Origin: TypeAlias = tuple[str, Key]

_COLUMNS = {
    "customers": ("customer",),
    "projects": ("project",),
    "tasks": ("project", "task"),
    "people": ("person",),
}


def refuse_overlaps(standing: Standing, tally: Tally) -> None:
    """Refuse the file's rates that overlap others, over all that stands; put back what was."""
    touched = {(each.section, each.key): each for each in tally.applied if _has_rate(each)}
    while touched and (victims := _victims(standing, touched)):
        for origin, other in victims.items():
            each = touched.pop(origin)
            standing.restore(each.section, each.key, each.was)
            if each.was is None:
                standing.refused.add(origin)
            tally.applied.remove(each)
            column = "from" if each.section == "bill_rates" else "bill_rate"
            place = " / ".join(str(part) for part in _rate(each.section, each.row).key if part)
            found = trouble(faults.RATES_OVERLAP, column, place=place, other=_words(other))
            tally.refuse(each.placed, [found])


def _has_rate(each: Applied) -> bool:
    return each.section == "bill_rates" or each.row.get("bill_rate") is not None


def _victims(standing: Standing, touched: dict[Origin, Applied]) -> dict[Origin, BillRate]:
    origins = {}
    rates = []
    for origin, rate in _all_rates(standing):
        origins[id(rate)] = origin
        rates.append(rate)
    order = {origin: at for at, origin in enumerate(touched)}
    victims: dict[Origin, BillRate] = {}
    for one, other in RateBook(rates).overlaps():
        pair = {origins[id(one)]: other, origins[id(other)]: one}
        ours = [origin for origin in pair if origin in touched]
        if ours and not any(origin in victims for origin in pair):
            # A row of bill_rates rather than a whole customer; the later of two.
            victim = max(ours, key=lambda at: (at[0] == "bill_rates", order[at]))
            victims[victim] = pair[victim]
    return victims


def _all_rates(standing: Standing) -> Iterator[tuple[Origin, BillRate]]:
    for section in ("bill_rates", *_COLUMNS):
        for key, row in standing.now[section].items():
            if row.get("rate" if section == "bill_rates" else "bill_rate") is not None:
                yield (section, key), _rate(section, row)


def _rate(section: str, row: Row) -> BillRate:
    if section == "bill_rates":
        return BillRate(**{name: value for name, value in row.items() if name != "id"})
    key = dict.fromkeys(_COLUMNS[section], row["code"])
    if section == "tasks":
        key["project"] = row["project"]
    return BillRate(rate=row["bill_rate"], **key)


def _words(rate: BillRate) -> str:
    return f"{rate.since or 'from the beginning'} to {rate.until or 'open'}"

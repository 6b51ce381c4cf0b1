"""Take in the lines of an export: under the mapping given, else the one that is remembered."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from timix_xl.importing import faults
from timix_xl.importing.entries import Terms, take_entries
from timix_xl.importing.faults import shown
from timix_xl.importing.refusals import MappingNotUnderstood
from timix_xl.importing.rows import Placed
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Tally
from timix_xl.importing.timesheets.export import Export
from timix_xl.importing.timesheets.lines import same_in
from timix_xl.importing.timesheets.mapped import header_of, mapped_lines, names_not_met
from timix_xl.importing.timesheets.mapping import Mapping, mapping_of, read_mapping, text_of
from timix_xl.importing.timesheets.matching import matched
from timix_xl.store import mappings
from timix_xl.store.chained import Actor

_NAMES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class GivenMapping:
    """A mapping file that a person gives."""

    file: Path
    mapping: Mapping

    @classmethod
    def read(cls, file: Path) -> "GivenMapping":
        """Read the file; raises the refusals of `read_mapping`."""
        return cls(file, read_mapping(file))


def mapping_for(connection: Connection, export: Export, given: GivenMapping | None) -> Mapping:
    """Return the mapping given, else the one remembered for files of this shape, else an empty one."""
    if given is not None:
        if given.mapping.format not in ("", export.source):
            why = f"it is for {given.mapping.format}, and {export.file} is from {export.source}"
            raise MappingNotUnderstood(file=given.file, why=why)
        return given.mapping
    found = mappings.read(connection, export.fingerprint)
    return mapping_of(*found) if found else Mapping()


def take_export(
    connection: Connection,
    export: Export,
    mapping: Mapping,
    standing: Standing,
    tally: Tally,
    terms: Terms,
) -> None:
    """Take in the entries of an export; faults name the columns of the export."""
    mapped = mapped_lines(export, mapping, standing, tally, status=terms.status is not None)
    rows = matched(connection, export.source, mapped, standing, tally)
    terms = replace(
        terms,
        same={str(one.placed.record.get("id")): same_in(one.line) for one in mapped},
        unapproved={
            str(one.placed.record.get("id")) for one in mapped if one.line.is_approved is False
        },
    )
    refused, warned = len(tally.refused), len(tally.warnings)
    take_entries(connection, rows, standing, tally, terms)
    for found, known in ((tally.refused, refused), (tally.warnings, warned)):
        found[known:] = [
            replace(fault, column=header_of(export, fault.column)) for fault in found[known:]
        ]


def warn_of_names(export: Export, given: GivenMapping, tally: Tally) -> None:
    """Name what a mapping file names and no line of the file has: it may be a slip."""
    if names := names_not_met(export, given.mapping):
        some = ", ".join(shown(name) for name in names[:_NAMES_SHOWN])
        more = f" and {len(names) - _NAMES_SHOWN} more" if names[_NAMES_SHOWN:] else ""
        placed = Placed(str(given.file), "", None)
        tally.warn(placed, faults.NAMES_NOT_MET, "", names=some + more)


def remember(
    connection: Connection, actor: Actor, export: Export, given: GivenMapping
) -> tuple[str, dict[str, str] | None, dict[str, str]] | None:
    """Remember a mapping for files of this shape; returns the change for the log, if it is one."""
    known = mappings.read(connection, export.fingerprint)
    now = (given.file.name, text_of(given.mapping))
    if known == now:
        return None
    mappings.save(connection, actor, export.fingerprint, name=now[0], content=now[1])
    before = {"file": known[0], "content": known[1]} if known else None
    return f"mapping of {export.source}", before, {"file": now[0], "content": now[1]}

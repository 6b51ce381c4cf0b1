"""Commands of period seals: write one, and compare the store with those that were kept."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from timix_xl.billing.record import Problem
from timix_xl.billing.roll_forward import period_of
from timix_xl.billing.seal_files import SealFile, plain, read_seal
from timix_xl.billing.seal_period import seal_period
from timix_xl.billing.verify_against import Compared
from timix_xl.cli import printing, reading, shapes
from timix_xl.cli.session import Answer, Session
from timix_xl.domain.money import worded
from timix_xl.domain.period_seals import PeriodSeal
from timix_xl.domain.seal import mark
from timix_xl.errors import BadArgument, BadCommand


def seal(session: Session) -> Answer:
    """Write a seal of a month, of other days, or of everything up to today."""
    since, until, name = _period(session)
    path = _path(session.chosen.output, name)
    made = seal_period(session.store, path, since=since, until=until, actor=session.actor)
    shape = {"file": str(path), **plain(made.seal)}
    return Answer(shape, lambda console: printing.show(console, _told(made)))


def _period(session: Session) -> tuple[dt.date | None, dt.date, str]:
    """Return the first and the last day, and what the file is called after."""
    chosen = session.chosen
    if chosen.month is not None:
        if chosen.last is not None:
            problem = "--month and --to do not go together"
            raise BadCommand(problem=problem, command="timix-xl seal export")
        month = period_of(chosen.month, session.today)
        return month.first, month.last, chosen.month
    since = reading.optional_day(chosen.first, "--from")
    until = reading.optional_day(chosen.last, "--to") or session.today
    if since is None:
        return None, until, str(until)
    if since > until:
        expected = f"a day up to {until}"
        raise BadArgument(
            argument="--from", value=str(since), expected=expected, example=str(until)
        )
    return since, until, f"{since}-{until}"


def _path(output: str | None, name: str) -> Path:
    """Return where the seal goes: a file, or its usual name in a folder."""
    path = Path(output or ".")
    if path.is_dir():
        return path / f"seal-{name}.json"
    if path.suffix.lower() != ".json":
        expected, example = "the name of a .json file, or a folder", f"seal-{name}.json"
        raise BadArgument(argument="-o", value=str(path), expected=expected, example=example)
    return path


def _told(made: SealFile) -> list[str]:
    whole = made.seal
    lines = [f"Sealed {printing.of(whole.count, 'document')} {_days(whole)} into {made.path}."]
    for one in whole.series:
        if one.count:
            sums = ", ".join(worded(each.total, each.currency) for each in one.sums)
            name = one.kind.value.replace("_", " ")
            numbers = one.first if one.count == 1 else f"{one.first} to {one.last}"
            lines.append(f"  {printing.of(one.count, name)}: {numbers}, {sums}")
    lines.append(f"Fingerprint {mark(made.fingerprint)}: note it, and keep the file elsewhere.")
    lines.append(f"timix-xl verify --against {made.path.name} tells later if anything was changed.")
    return lines


def _days(whole: PeriodSeal) -> str:
    return f"dated {whole.since} to {whole.until}" if whole.since else f"up to {whole.until}"


def seals_to_compare(session: Session) -> list[SealFile]:
    """Read the seals that --against names; one that cannot be relied on stops everything."""
    return [read_seal(Path(name)) for name in session.chosen.against or ()]


def named_problems(compared: Sequence[Compared]) -> list[Problem]:
    """Return where the store does not agree with seals, each place with the name of the seal."""
    return [
        replace(problem, where=f"{one.file.path.name}: {problem.where}")
        for one in compared
        for problem in one.problems
    ]


def compared_shape(one: Compared) -> shapes.Shape:
    """Shape a seal that the store was compared with; its problems stand among all others."""
    whole = one.file.seal
    return {
        "file": str(one.file.path),
        "fingerprint": one.file.fingerprint,
        "made_at": whole.made_at,
        "made_by": whole.made_by,
        "from": whole.since.isoformat() if whole.since else None,
        "to": whole.until.isoformat(),
        "documents": whole.count,
        "ok": one.ok,
    }


def compared_lines(compared: Sequence[Compared]) -> list[str]:
    """Word how the store agrees with each seal, with the fingerprint that a person noted."""
    return [_line(one) for one in compared]


def _line(one: Compared) -> str:
    whole, count = one.file.seal, len(one.problems)
    agrees = "the store agrees." if one.ok else f"{printing.of(count, 'problem')}."
    return (
        f"{'' if one.ok else '! '}{one.file.path} (fingerprint {mark(one.file.fingerprint)}; sealed"
        f" {whole.made_at.replace('T', ' ')} by {whole.made_by}: {printing.of(whole.count, 'document')}"
        f" {_days(whole)}): {agrees}"
    )

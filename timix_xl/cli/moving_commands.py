"""Commands that move a store to another place, and share it with users of a server."""

from rich.table import Table

from timix_xl.billing import grant as granting
from timix_xl.billing.copy_store import Copied, copy_store
from timix_xl.billing.grant import Granted
from timix_xl.cli import printing, shapes
from timix_xl.cli.progress import progress
from timix_xl.cli.session import Answer, Session
from timix_xl.domain.seal import mark
from timix_xl.errors import without_passwords
from timix_xl.store.grants import Holder, Role


def copy(session: Session) -> Answer:
    """Copy a store, and verify both ends."""
    chosen = session.chosen
    with progress("rows", hidden=session.as_json) as told:
        copied = copy_store(chosen.source, chosen.target, told=told, anywhere=chosen.anywhere)
    shape = {
        "from": copied.source,
        "to": copied.target,
        "tables": {one.table: one.rows for one in copied.tables},
        "checked": copied.checked,
        "chains": copied.heads,
    }
    lines = _copied_lines(copied, without_passwords(chosen.target))
    return Answer(shape, lambda console: printing.show(console, lines))


def _copied_lines(copied: Copied, target: str) -> list[str]:
    ends = ", ".join(f"{name} {mark(head)}" for name, head in sorted(copied.heads.items()) if head)
    checked = ", ".join(
        printing.of(copied.checked[name], noun)
        for name, noun in (("documents", "document"), ("entries", "entry"))
    )
    lines = [
        f"Copied {printing.of(copied.rows, 'row')} from {copied.source} to {copied.target}.",
        f"Verified both ends: {checked}, and every table is the same in both.",
        f"The chains end alike: {ends}." if ends else "The chains are empty in both.",
        _ONE_ONLY.format(source=copied.source),
    ]
    if "://" in target:
        lines.append("Let colleagues in: timix-xl --store URL store grant ROLE --to LOGIN.")
    return lines


_ONE_ONLY = (
    "- From now on work with one of the two only: both would give out the same numbers. Name the new"
    " one to everybody who works (--store, TIMIX_STORE or settings.toml), then put {source} away"
    " where nobody opens it."
)


def grant(session: Session) -> Answer:
    """Let users of the server view, review or issue."""
    role, logins = Role(session.chosen.role), list(dict.fromkeys(session.chosen.to))
    made = granting.grant(session.store, role, logins, actor=session.actor)
    lines = [
        *(_EARLIER.format(login=login, had=had) for login, had in made.earlier.items()),
        *(_granted(login, role, had) for login, had in made.before.items()),
    ]
    return _changed(session, made, str(role), lines)


_EARLIER = (
    "{login} is no longer {had}, as it was in an earlier database of this name: the server keeps"
    " roles when a database goes."
)


def _granted(login: str, role: Role, had: str | None) -> str:
    if had == role:
        return f"{login} is {role} already."
    return f"{login} is {role} now{f', and no longer {had}' if had else ''}."


def revoke(session: Session) -> Answer:
    """Let users of the server no longer use the store."""
    logins = list(dict.fromkeys(session.chosen.logins))
    made = granting.revoke(session.store, logins, actor=session.actor)
    lines = [
        f"{login} is no longer {had}." if had else f"{login} had no role."
        for login, had in made.before.items()
    ]
    lines += [
        _STAYS.format(login=one.login, role=_worded(one))
        for one in made.holders
        if one.login in made.before
    ]
    return _changed(session, made, None, lines)


_STAYS = (
    "- {login} still gets in: {role}. timix-xl did not grant that to this login; the owner or an"
    " administrator of the server takes it away in psql."
)


def _changed(session: Session, made: Granted, after: str | None, lines: list[str]) -> Answer:
    changes = [
        *({"login": one, "before": had, "after": None} for one, had in made.earlier.items()),
        *({"login": one, "before": had, "after": after} for one, had in made.before.items()),
    ]
    shape = {
        "store": session.store.place,
        "changed": changes,
        "holders": _holders_shape(made.holders),
    }
    return Answer(
        shape, lambda console: printing.show(console, [*lines, "", _holders_table(made.holders)])
    )


def grants(session: Session) -> Answer:
    """Show who may use the store, and as what."""
    store = session.store_to_read
    found = granting.holders(store)
    shape = {"store": store.place, "holders": _holders_shape(found)}
    return Answer(shape, lambda console: printing.lay(console, _holders_table(found)))


def _holders_shape(holders: tuple[Holder, ...]) -> list[shapes.Shape]:
    return [{"login": one.login, "role": str(one.role), "through": one.through} for one in holders]


def _holders_table(holders: tuple[Holder, ...]) -> Table:
    made = printing.table("", "User of the store", "Role")
    for one in holders:
        printing.add(made, one.login, _worded(one))
    return made


def _worded(holder: Holder) -> str:
    return f"{holder.role} ({holder.through})" if holder.through else holder.role

"""Acts: what each verb of the crowd does, through the use case behind it."""

from collections.abc import Callable
from pathlib import Path

from tests.faults.crowd.notes import Asked
from timix_xl.billing.bill import bill
from timix_xl.billing.close import close, reopen
from timix_xl.billing.correct import correct
from timix_xl.billing.credit import credit, credit_money
from timix_xl.billing.decide import decide, decide_by_sheet
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.issue import issue
from timix_xl.billing.pay import pay
from timix_xl.billing.pro_forma import delete, hold, new, open_
from timix_xl.billing.release import release
from timix_xl.billing.restore import restore
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.errors import FileRefused
from timix_xl.importing.take_in import take_in
from timix_xl.store.database import Store

Result = tuple[str, ...]
"""The numbers of the documents that were made; of other acts, what tells that they were done."""


def act(store: Store, asked: Asked) -> Result:
    """Do what is asked for; raises what the use case raises."""
    return ACTS[asked.verb](store, asked)


def _issue(store: Store, asked: Asked) -> Result:
    customer, upto, options, paper = asked.words
    return issue(store, customer, upto, options, paper=paper, **_once(asked)).numbers


def _save_draft(store: Store, asked: Asked) -> Result:
    customer, upto, options, paper = asked.words
    return save_draft(store, customer, upto, options, paper=paper, **_once(asked)).numbers


def _issue_draft(store: Store, asked: Asked) -> Result:
    return (issue_draft(store, *asked.words, **_once(asked)).number,)


def _delete_draft(store: Store, asked: Asked) -> Result:
    delete_draft(store, *asked.words, **_once(asked))
    return ()


def _send(store: Store, asked: Asked) -> Result:
    send(store, *asked.words, actor=asked.actor)
    return ()


def _pay(store: Store, asked: Asked) -> Result:
    pay(store, *asked.words, **_once(asked))
    return ()


def _void(store: Store, asked: Asked) -> Result:
    void(store, *asked.words, **_once(asked))
    return ()


def _credit(store: Store, asked: Asked) -> Result:
    number, entries, becomes, reason = asked.words
    more = {"entries": entries, "becomes": becomes, "reason": reason}
    return (credit(store, number, **more, **_once(asked)).number,)


def _goodwill(store: Store, asked: Asked) -> Result:
    return (credit_money(store, *asked.words, **_once(asked)).number,)


def _correct(store: Store, asked: Asked) -> Result:
    made = correct(store, *asked.words, **_once(asked))
    return (made.note.number, *made.drafts)


def _decide(store: Store, asked: Asked) -> Result:
    return (str(decide(store, *asked.words, actor=asked.actor).changed),)


def _decide_by_sheet(store: Store, asked: Asked) -> Result:
    return (str(decide_by_sheet(store, *asked.words, actor=asked.actor).changed),)


def _restore(store: Store, asked: Asked) -> Result:
    return restore(store, *asked.words, **_once(asked))


def _bill(store: Store, asked: Asked) -> Result:
    project, day = asked.words
    (run,) = bill(store, project, date=day, **_once(asked))
    if run.stopped:
        raise run.stopped
    return run.issued.numbers if run.issued else ()


def _new(store: Store, asked: Asked) -> Result:
    return (new(store, *asked.words, **_once(asked)).number,)


def _open(store: Store, asked: Asked) -> Result:
    number, version = asked.words
    return (open_(store, number, version=version, **_once(asked)).pro_forma.number,)


def _hold(store: Store, asked: Asked) -> Result:
    number, version = asked.words
    return (hold(store, number, version=version, **_once(asked)).number,)


def _release(store: Store, asked: Asked) -> Result:
    number, version, issued = asked.words
    more = {"version": version, "issue": issued}
    made = release(store, number, **more, **_once(asked)).document
    return (made,) if made else ()


def _delete(store: Store, asked: Asked) -> Result:
    number, version = asked.words
    delete(store, number, version=version, **_once(asked))
    return ()


def _import(store: Store, asked: Asked) -> Result:
    path, text = asked.words
    Path(path).write_text(text)
    report = take_in(store, [Path(path)], actor=asked.actor)
    if report.refused:
        raise FileRefused(faults=[one.fault() for one in report.refused], file=path, count="rows")
    return (str(report.taken + report.known),)


def _close(store: Store, asked: Asked) -> Result:
    return (close(store, *asked.words, actor=asked.actor).month,)


def _reopen(store: Store, asked: Asked) -> Result:
    reopen(store, *asked.words, actor=asked.actor)
    return ()


def _once(asked: Asked) -> dict[str, object]:
    return {"actor": asked.actor, "request": asked.request}


BILLED = "bill by pro forma"
"""A run of the engine: it keeps its request under an id of its own."""
ONCE: dict[str, Callable[[Store, Asked], Result]] = {
    "issue": _issue,
    "save a draft": _save_draft,
    "issue a draft": _issue_draft,
    "delete a draft": _delete_draft,
    "pay": _pay,
    "void": _void,
    "credit": _credit,
    "goodwill": _goodwill,
    "correct": _correct,
    "restore": _restore,
    BILLED: _bill,
    "new pro forma": _new,
    "open a pro forma": _open,
    "hold a pro forma": _hold,
    "release": _release,
    "delete a pro forma": _delete,
}
"""The verbs that take a request id: again, they answer what they did."""
ACTS = ONCE | {
    "send": _send,
    "decide": _decide,
    "decide by sheet": _decide_by_sheet,
    "import": _import,
    "close": _close,
    "reopen": _reopen,
}

"""Send: mark an issued invoice as sent; from then on the customer holds it."""

from timix_xl.billing.closed import refuse_closed
from timix_xl.billing.find import found
from timix_xl.domain.invoices import TRANSITIONS, Status
from timix_xl.errors import TransitionRefused
from timix_xl.store import life
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store
from timix_xl.store.documents import EventKind


def send(store: Store, number: str, *, actor: Actor) -> None:
    """Mark a document as sent; again changes nothing. Raises UnknownDocument, TransitionRefused."""
    with store.writing() as connection:
        document = found(connection, number)
        if document.status is Status.SENT:
            return
        if Status.SENT not in TRANSITIONS[document.status]:
            raise TransitionRefused(
                number=number,
                status=document.status.value,
                wanted="marked sent",
                instead="Only an issued document is sent.",
            )
        day = max(actor.today, document.issue_date)
        refuse_closed(connection, day, f"Sending {number}")
        life.save_event(connection, document.id, EventKind.SENT, day, actor)
        life.set_status(connection, document.id, Status.SENT)
        log(connection, actor, "send", [(number, "issued", "sent")])

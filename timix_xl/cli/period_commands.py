"""Commands of a period: close, reopen, roll-forward, wip, ageing, burn."""

import datetime as dt

from rich.console import Console

from timix_xl.billing.ageing import ageing as aged
from timix_xl.billing.burn import burn as burned
from timix_xl.billing.close import close as close_month
from timix_xl.billing.close import reopen as reopen_month
from timix_xl.billing.roll_forward import MonthRolled, month_rolled
from timix_xl.billing.wip import aged_wip, unbilled_by_customer
from timix_xl.billing.wip import wip as work_in_progress
from timix_xl.cli import period_reports, period_shapes, printing, reading
from timix_xl.cli.session import Answer, Session
from timix_xl.errors import BadCommand


def close(session: Session) -> Answer:
    """Close a month, and show the roll-forward that it rests on."""
    rolled = close_month(session.store, session.chosen.month, actor=session.actor)
    return Answer(period_shapes.roll_forward(rolled), lambda console: _show_closed(console, rolled))


def _show_closed(console: Console, rolled: MonthRolled) -> None:
    period_reports.show_roll_forward(console, rolled)
    text = f"Closed {rolled.month}: nothing more is dated {rolled.last} or before."
    printing.say(console, text, "bold green")


def reopen(session: Session) -> Answer:
    """Open the last closed month again."""
    month, reason = session.chosen.month, session.chosen.reason
    reopen_month(session.store, month, reason, actor=session.actor)
    text = f"{month} is open again. Close it anew when it is settled."
    shape = {"month": month, "state": "open", "reason": reason.strip()}
    return Answer(shape, lambda console: printing.say(console, text))


def roll_forward(session: Session) -> Answer:
    """Show the WIP roll-forward of a month; closes nothing."""
    rolled = month_rolled(session.store, session.chosen.month, today=session.today)
    return Answer(
        period_shapes.roll_forward(rolled),
        lambda console: period_reports.show_roll_forward(console, rolled),
    )


def _as_of(session: Session) -> dt.date | None:
    return reading.optional_day(session.chosen.as_of, "--as-of")


def wip(session: Session) -> Answer:
    """Show WIP by customer and age; of one customer by entry too."""
    store, today, day = session.store, session.today, _as_of(session)
    customer = session.chosen.customer
    entries = work_in_progress(store, today=today, as_of=day, customer=customer)
    customers = aged_wip(store, today=today, as_of=day, customer=customer)

    def show(console: Console) -> None:
        period_reports.show_wip(console, customers, day or today)
        if customer:
            period_reports.show_wip_entries(console, entries, day or today)

    return Answer(period_shapes.wip(customers, entries), show)


def unbilled_as_of(session: Session) -> Answer:
    """Show what was unbilled at the end of a day, whatever could be billed of it then."""
    customer = session.chosen.customer
    if session.chosen.billing_date is not None:
        problem = "--as-of and --billing-date do not go together"
        raise BadCommand(problem=problem, command="timix-xl unbilled")
    day = reading.day(session.chosen.as_of, "--as-of")
    found = unbilled_by_customer(session.store, day, customer)
    shape = [period_shapes.unbilled_as_of(*one, day) for one in found]
    if customer is None:
        return Answer(shape, lambda console: period_reports.show_unbilled(console, found, day))
    entries = found[0][2]
    return Answer(shape[0], lambda console: period_reports.show_wip_entries(console, entries, day))


def ageing(session: Session) -> Answer:
    """Show what customers owe by age; of one customer by document too."""
    customer, day = session.chosen.customer, _as_of(session)
    found = aged(session.store, today=session.today, as_of=day, customer=customer)

    def show(console: Console) -> None:
        period_reports.show_ageing(console, found, day or session.today)
        if customer:
            period_reports.show_documents(console, found, day or session.today)

    return Answer(period_shapes.ageing(found), show)


def burn(session: Session) -> Answer:
    """Show how fast frame orders are used up; of one customer by month too."""
    customer, day = session.chosen.customer, _as_of(session)
    orders = burned(session.store, customer, today=session.today, as_of=day)

    def show(console: Console) -> None:
        period_reports.show_burn(console, orders, day or session.today)
        if customer:
            period_reports.show_months(console, orders)

    return Answer(period_shapes.burn(orders), show)

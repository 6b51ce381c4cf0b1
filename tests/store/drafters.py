"""Drafters: child processes that save, delete, issue and void drafts, over and over."""

import os
from dataclasses import replace
from itertools import count
from pathlib import Path

from tests.builders import ANN, BILLING_DATE, Shop
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.void import void
from timix_xl.store.database import open_store


def run(place: str, notes: str) -> None:
    """Go round and round; what a killed one left is taken up. Each step is noted beforehand."""
    shop = Shop(open_store(place))
    noted = os.open(notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for turn in count():
        for step in (save, issue_all if turn % 2 else delete_all, undo):
            os.write(noted, b"step\n")
            step(shop)


def save(shop: Shop) -> None:
    """Save what is open as a draft, one entry of it in part."""
    if not shop.load().rows:
        return
    options = RunOptions(frame_order="FO")
    save_draft(shop.store, "ACME", BILLING_DATE, options, actor=ANN, paper=in_part(shop))


def in_part(shop: Shop) -> BallotPaper:
    """Return a sheet whose first large enough entry is billed in part."""
    paper, rows = shop.paper(), shop.load().rows
    large = next((row.entry.id for row in rows if row.entry.billable_quantity > 0.3), "")
    ballots = (
        replace(row, bill_quantity="0.1") if row.entry == large else row for row in paper.rows
    )
    return replace(paper, rows=tuple(ballots))


def issue_all(shop: Shop) -> None:
    """Issue every draft."""
    for name in drafts(shop):
        issue_draft(shop.store, name, actor=ANN)


def delete_all(shop: Shop) -> None:
    """Delete every draft."""
    for name in drafts(shop):
        delete_draft(shop.store, name, actor=ANN)


def drafts(shop: Shop) -> list[str]:
    """Name the drafts."""
    found = shop.rows("SELECT id FROM documents WHERE status = 'draft'")
    return [f"DRAFT-{number}" for (number,) in found]


def undo(shop: Shop) -> None:
    """Void what was issued."""
    for (number,) in shop.rows("SELECT number FROM documents WHERE status = 'issued'"):
        void(shop.store, number, "once more", actor=ANN)


def steps(notes: Path) -> int:
    """Count the steps that were begun."""
    return notes.read_text().count("step") if notes.exists() else 0

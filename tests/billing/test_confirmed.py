"""What a person confirmed is what is issued: a plan or a release that has changed is refused."""

import pytest

from tests.billing.negotiators import by_pro_forma, opened, run
from tests.builders import ANN, Shop
from tests.macros.driver import dump
from timix_xl.billing.release import proposal, release
from timix_xl.errors import NotAsConfirmed

NUMBER = "PF-00001"


def test_a_plan_that_is_not_the_confirmed_one_is_not_issued(shop: Shop) -> None:
    shop.time("E1")
    before = dump(shop.store)
    with pytest.raises(NotAsConfirmed):
        shop.issue(agreed=lambda _: False)
    assert dump(shop.store) == before


def test_a_confirmed_plan_is_issued(shop: Shop) -> None:
    shop.time("E1")
    seen = shop.preview()
    assert shop.issue(agreed=lambda made: made.documents == seen.documents).numbers


def test_a_run_that_was_issued_before_is_not_confirmed_again(shop: Shop) -> None:
    shop.time("E1")
    first = shop.issue(request="R-1")
    assert shop.issue(request="R-1", agreed=lambda _: False) == first


@pytest.fixture
def ready(shop: Shop) -> Shop:
    """An open pro forma."""
    by_pro_forma(shop)
    shop.time("E1", hours="2")
    opened(shop, run(shop))
    return shop


def test_a_proposal_writes_nothing(ready: Shop) -> None:
    before = dump(ready.store)
    assert proposal(ready.store, NUMBER, actor=ANN).document.subtotal == 200
    assert dump(ready.store) == before


def test_a_release_that_is_not_the_confirmed_one_is_refused(ready: Shop) -> None:
    before = dump(ready.store)
    with pytest.raises(NotAsConfirmed):
        release(ready.store, NUMBER, actor=ANN, agreed=lambda _: False)
    assert dump(ready.store) == before


def test_a_confirmed_proposal_is_released(ready: Shop) -> None:
    seen = proposal(ready.store, NUMBER, actor=ANN)
    assert release(ready.store, NUMBER, actor=ANN, agreed=lambda made: made == seen).document

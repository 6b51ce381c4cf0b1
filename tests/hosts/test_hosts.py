"""A host that is not there is told: left out with the reason, or failed where it has to be."""

import pytest

from tests.hosts.hosts import Files, fail_or_skip


class Missing(Files):
    """A host that the machine lacks."""

    def lacks(self) -> str:
        return "no office was found"


def test_a_host_that_is_not_there_is_left_out_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no office was found"):
        fail_or_skip(Missing(), is_asked_for=False)


@pytest.mark.parametrize(("ci", "is_asked_for"), [("true", False), ("", True)])
def test_a_host_that_has_to_be_there_fails(
    monkeypatch: pytest.MonkeyPatch, ci: str, is_asked_for: bool
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(pytest.fail.Exception, match="no office was found"):
        fail_or_skip(Missing(), is_asked_for=is_asked_for)


def test_a_host_that_is_there_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    fail_or_skip(Files(), is_asked_for=True)

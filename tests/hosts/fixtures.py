"""Tests that run on every host in turn: whoever asks for `host` is run on each that is chosen."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hosts.contract.differences import DIFFERENCES
from tests.hosts.hosts import HOSTS, Host, chosen, fail_or_skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test on every host that is chosen, but where it is said to differ."""
    if "host" not in metafunc.fixturenames:
        return
    name = metafunc.function.__name__
    asked = [_asked(host, DIFFERENCES.get((host, name))) for host in chosen(metafunc.config)]
    metafunc.parametrize("host", asked, indirect=True)


def _asked(host: str, reason: str | None) -> Any:
    marks = [pytest.mark.skip(reason=f"{host}: {reason}")] if reason else []
    return pytest.param(host, marks=marks, id=host)


@pytest.fixture(scope="session", name="hosts")
def hosts_of_worker() -> Iterator[dict[str, Host]]:
    """The hosts of this worker; a program is started when it is first needed."""
    made = {name: kind() for name, kind in HOSTS.items()}
    yield made
    for host in made.values():
        host.end()


@pytest.fixture(name="host")
def host_in_turn(request: pytest.FixtureRequest, hosts: dict[str, Host]) -> Iterator[Host]:
    """The host that the test runs on; what a test has left open is closed."""
    found = hosts[request.param]
    fail_or_skip(found, is_asked_for=bool(request.config.getoption("--host")))
    yield found
    found.tidy()

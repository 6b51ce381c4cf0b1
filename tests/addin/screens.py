"""A screen that nobody sees, and LibreOffices on it that are ended for sure."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def a_screen(size: str = "1280x900x24") -> Iterator[str]:
    """Start an X server; gives the name of its display."""
    program = shutil.which("Xvfb")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Xvfb is missing, and CI has to have it")
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.kill()
        server.wait()


@contextmanager
def ended(profile: str) -> Iterator[None]:
    """End by force whatever runs in a profile, afterwards."""
    try:
        yield
    finally:
        kill_all(profile)


def kill_all(profile: str) -> None:
    """End whatever runs in a profile, and wait until it is gone."""
    for _ in range(100):
        found = list(_running(profile))
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    raise AssertionError(f"still running in {profile}")


def _running(profile: str) -> Iterator[int]:
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"-env:UserInstallation={profile}\0".encode() in place.read_bytes():
                yield int(place.parent.name)

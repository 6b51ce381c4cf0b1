"""Make the README's pictures of the window: python docs/live_pictures.py.

They are taken on the walk of the live test, on the demo's month; it needs what that test needs:
LibreOffice, python3-uno, xvfb and xdotool.
"""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PICTURES = Path(__file__).parent / "pictures"


def make() -> int:
    """Take the walk, and leave the pictures of it; returns the exit code."""
    os.chdir(ROOT)
    walk = str(ROOT / "tests" / "live" / "test_month.py")
    return int(pytest.main([walk, "-n0", "-q", "--pictures", str(PICTURES)]))


if __name__ == "__main__":
    # A walk that is skipped for want of a program leaves no picture: that is to be seen.
    os.environ["CI"] = "true"
    sys.exit(make())

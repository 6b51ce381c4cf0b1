"""Being told by UNO that something ends."""

import sys
from collections.abc import Callable
from typing import Any


def disposing_listener(uno: Any, tell: Callable[[], None]) -> Any:
    """Make a listener for what is disposed of."""
    return _listener(uno, "com.sun.star.lang.XEventListener", {"disposing": _telling(tell)})


def closing_listener(uno: Any, tell: Callable[[], None]) -> Any:
    """Make a listener for a document that closes; it keeps none from closing."""
    members = {
        "queryClosing": lambda _self, _event, _ownership: None,
        "notifyClosing": _telling(tell),
        "disposing": _telling(tell),
    }
    return _listener(uno, "com.sun.star.util.XCloseListener", members)


def _telling(tell: Callable[[], None]) -> Callable[..., None]:
    return lambda _self, _event: tell()


def _listener(uno: Any, interface: str, members: dict[str, Callable[..., None]]) -> Any:
    # The base classes are LibreOffice's: they are known once uno is loaded.
    bases = (sys.modules["unohelper"].Base, uno.getClass(interface))
    return type("Listener", bases, members)()

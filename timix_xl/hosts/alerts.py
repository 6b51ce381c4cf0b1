"""What an app without a window would have shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alert:
    """A message that a program with a window would have shown."""

    prompt: str
    title: str | None
    buttons: str
    mode: str | None

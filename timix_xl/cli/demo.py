"""The demo."""

from timix_xl.cli.session import Answer, Session


def demo(session: Session) -> Answer:
    """Run a month end."""
    raise NotImplementedError

"""Chains end with the last row of their table; a series moves with its documents.

The triggers are made anew after every migration: there is nothing else to do.
"""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""

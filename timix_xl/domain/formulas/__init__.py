"""The formula language of billing rules: read once, checked when saved, calculated per entry."""

"""Exports of timesheet programs become rows of entries: sniffed, read, mapped to our codes."""

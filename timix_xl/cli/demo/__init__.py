"""The demo: a whole month end on a store of its own, with no spreadsheet program."""

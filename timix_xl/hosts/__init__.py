"""Xlwings engines for where Excel is not; they know nothing of billing."""

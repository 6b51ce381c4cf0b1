"""The business: money, entries, rates, orders, documents. No clock, no file, no cell, no SQL."""

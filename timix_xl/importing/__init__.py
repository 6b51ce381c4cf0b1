"""Files from outside become master data and entries: read, checked row by row, taken in whole."""

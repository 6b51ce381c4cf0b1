"""What formulas give: a closed set of functions, as Excel calculates them."""

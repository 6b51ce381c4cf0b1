"""The use cases, one verb per module: what the ribbon, the command line and a script all call."""

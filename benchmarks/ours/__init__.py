"""Gatehouse itself, as it is measured: every control on, only the rate policies raised."""

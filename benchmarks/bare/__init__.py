"""Gatehouse with its controls taken out: what is left is the work, so the rest is their price."""

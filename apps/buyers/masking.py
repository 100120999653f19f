"""Masked values: enough to recognise one's own, useless to anyone else. Pure."""

from datetime import date
from decimal import Decimal

DOT = "•"


def masked_name(name: str) -> str:
    """`Ana María O'Neil` → `A• M• O•`: initials only, and not how long the names are."""
    return " ".join(f"{part[0]}{DOT}" for part in name.split())


def masked_tail(text: str, shown: int = 4) -> str:
    """The last characters, at most a third of them: `••••4321`."""
    shown = min(shown, len(text) // 3)
    return DOT * 4 + (text[-shown:] if shown else "")


def masked_date(day: date) -> str:
    """Nothing but the fact that there is a date."""
    return f"{DOT * 4}-{DOT * 2}-{DOT * 2}"


def masked_amount(amount: Decimal) -> str:
    """Nothing but the fact that there is an amount."""
    return DOT * 6


def is_masked(value: object) -> bool:
    """Did a client send back what it was shown?"""
    if isinstance(value, dict):
        return any(is_masked(member) for member in value.values())
    return isinstance(value, str) and DOT in value

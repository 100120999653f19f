"""The bodies of the recipes in the words of v1."""

from typing import Any

_NAMES = {"title": "name", "state_code": "state"}
_UNKNOWN = {"national_id", "date_of_birth", "annual_income"}


def in_v1(body: Any) -> Any:
    """`title` is `name`, `state_code` is `state`, money is whole dollars."""
    if not isinstance(body, dict):
        return body
    return {
        _NAMES.get(name, name): _dollars(value)
        for name, value in body.items()
        if name not in _UNKNOWN
    }


def _dollars(value: Any) -> Any:
    return int(float(value["amount"])) if isinstance(value, dict) else value

"""What serves the other stacks is what serves ours, without our hooks."""

from typing import Any

from benchmarks import gunicorn as theirs
from config import gunicorn as ours


def settings_of(module: Any) -> dict[str, object]:
    """By name, what gunicorn would take from the module: it knows lower-case names alone."""
    return {
        name: value
        for name, value in vars(module).items()
        if name.islower() and not name.startswith("_") and isinstance(value, str | int | dict)
    }


def test_the_other_stacks_are_served_with_the_same_numbers() -> None:
    # Underscored names are kept for our hook to remove; without it that would open a hole.
    assert settings_of(ours) == settings_of(theirs) | {"header_map": "dangerous"}


def test_no_hook_of_ours_runs_in_an_application_that_is_not_ours() -> None:
    assert [name for name, value in vars(theirs).items() if callable(value)] == []

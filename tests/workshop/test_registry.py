"""The registry of practices holds together, and leaves no required control out."""

import pytest

from apps.workshop.registry import Layer, Practice, pending, practices
from config.environment import ROOT

#: The controls that the requirements name for authorization (Z), keys (K), input (I), rate limits
#: (R), errors (E) and CORS (C).
REQUIRED = {
    *(f"A{number}" for number in range(1, 17)),
    *(f"D{number}" for number in range(1, 6)),
    *(f"Z{number}" for number in range(1, 7)),
    *(f"K{number}" for number in range(1, 10)),
    *(f"I{number}" for number in range(1, 11)),
    *(f"R{number}" for number in range(1, 12)),
    *(f"E{number}" for number in range(1, 4)),
    *(f"C{number}" for number in range(1, 6)),
}
RISKS = {"-", *(f"API{number}" for number in range(1, 11))}

every = pytest.mark.parametrize("practice", practices(), ids=lambda practice: practice.id)


def test_every_required_control_has_a_row_or_a_stated_reason():
    proved = {requirement for row in practices() for requirement in row.requires}
    assert REQUIRED - proved - set(pending()) == set()


def test_no_control_is_called_pending_that_has_a_row():
    proved = {requirement for row in practices() for requirement in row.requires}
    assert proved & set(pending()) == set()
    assert all(len(reason) > 20 for reason in pending().values())


@every
def test_the_text_that_a_sabotage_replaces_stands_exactly_once(practice: Practice):
    for edit in practice.sabotage:
        assert (ROOT / edit.file).read_text().count(edit.old) == 1, edit.file
        assert edit.old != edit.new


@every
def test_a_row_names_a_control_that_exists_and_functions_that_can_be_called(practice: Practice):
    path, _, name = practice.control.partition(": ")
    text = (ROOT / path).read_text()
    assert all(part.split("(")[0] in text for part in name.split(".") if part), practice.control
    assert callable(practice.attack_function())
    assert callable(practice.honest_function())
    assert practice.attack_function().__doc__
    assert practice.risk in RISKS
    assert practice.requires
    assert practice.layer in Layer

"""Scopes: a level includes the ones below it, a resource nothing but itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.access.scopes import LEVELS, RESOURCES, Scope, allows, is_within, parse

scopes = st.sampled_from(sorted(Scope))
sets = st.frozensets(scopes, max_size=5)


def test_the_set_is_closed_and_whole() -> None:
    assert len(Scope) == 3 + 3 * 8
    assert set(Scope) == {*LEVELS, *(f"{lv}:{rs}" for lv in LEVELS for rs in RESOURCES)}


@pytest.mark.parametrize(
    ("granted", "needed"),
    [
        ("read", "read:offers"),
        ("write", "read:offers"),
        ("write", "write:offers"),
        ("admin", "write:keys"),
        ("admin", "read"),
        ("write:offers", "read:offers"),
        ("admin:keys", "read:keys"),
    ],
)
def test_a_scope_covers_what_is_below_it(granted: str, needed: str) -> None:
    assert allows([Scope(granted)], Scope(needed))


@pytest.mark.parametrize(
    ("granted", "needed"),
    [
        ("read", "write"),
        ("read", "write:offers"),
        ("write", "admin:keys"),
        ("write:offers", "write"),
        ("write:offers", "read"),
        ("write:offers", "read:listings"),
        ("admin:keys", "admin"),
        ("admin:keys", "read:offers"),
        ("read:offers", "read"),
    ],
)
def test_and_nothing_beside_or_above(granted: str, needed: str) -> None:
    assert not allows([Scope(granted)], Scope(needed))


@pytest.mark.parametrize("needed", sorted(Scope))
def test_no_scope_means_no_access(needed: Scope) -> None:
    assert not allows([], needed)


@given(sets)
def test_every_set_is_within_itself_and_within_admin(granted: frozenset[Scope]) -> None:
    assert is_within(granted, granted)
    assert is_within(granted, [Scope.ADMIN])


@given(sets, sets, sets)
def test_narrowing_twice_is_narrowing(a: frozenset, b: frozenset, c: frozenset) -> None:
    if is_within(a, b) and is_within(b, c):
        assert is_within(a, c)


@given(sets, sets, scopes)
def test_what_is_narrower_allows_no_more(narrow: frozenset, wide: frozenset, need: Scope) -> None:
    if is_within(narrow, wide) and allows(narrow, need):
        assert allows(wide, need)


@pytest.mark.parametrize("text", ["", "READ", "read:", ":offers", "read:everything", "read offers"])
def test_a_word_outside_the_set_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse([text])

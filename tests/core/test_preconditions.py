"""If-Match and If-None-Match, with strong tags."""

import pytest
from django.test import RequestFactory

from apps.core.preconditions import is_unchanged, require_match
from apps.core.problems import Problem


def match(header: str | None, etag: str | None = '"7a"') -> str:
    """The code of the refusal; empty where there is none."""
    headers = {} if header is None else {"If-Match": header}
    try:
        require_match(RequestFactory().patch("/", headers=headers), etag)
    except Problem as refused:
        return refused.code
    return ""


def unchanged(header: str) -> bool:
    return is_unchanged(RequestFactory().get("/", headers={"If-None-Match": header}), '"7a"')


@pytest.mark.parametrize("header", ['"7a"', '"6a", "7a"', '"7a","8a"', "*", ' "7a" '])
def test_who_has_seen_the_current_state_may_go_on(header: str) -> None:
    assert match(header) == ""


@pytest.mark.parametrize("header", ['"6a"', '"7p"', "7a", 'W/"7a"', "", '"7A"', '"7a', "**"])
def test_any_other_tag_is_refused(header: str) -> None:
    assert match(header) == "precondition_failed"


def test_without_a_tag_it_is_asked_for() -> None:
    assert match(None) == "precondition_required"


def test_where_nothing_exists_yet_nothing_matches_and_nothing_is_asked_for() -> None:
    assert match(None, None) == ""
    assert match("*", None) == "precondition_failed"
    assert match('"1"', None) == "precondition_failed"


@pytest.mark.parametrize("header", ['"7a"', 'W/"7a"', '"6a", W/"7a"', "*"])
def test_a_known_state_is_not_sent_again(header: str) -> None:
    assert unchanged(header)


@pytest.mark.parametrize("header", ['"6a"', '"7p"', "7a", ""])
def test_another_state_is_sent(header: str) -> None:
    assert not unchanged(header)

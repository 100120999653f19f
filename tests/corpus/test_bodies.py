"""The corpus in every field of every body, and bodies that are none, in both versions."""

import unicodedata
from typing import Any

import pytest

from apps.core.inputs import NoBody
from tests.matrix.world import World

from .asking import ASKED, Asked, assert_harmless, counts, named, places, replaced, undone
from .payloads import BODIES, TEXTS, values

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

WITH_BODY = [asked for asked in ASKED if asked.row[0] in ("POST", "PUT", "PATCH")]
WITH_FIELDS = [asked for asked in WITH_BODY if asked.operation.body not in (None, NoBody)]


@pytest.mark.parametrize("asked", WITH_FIELDS, ids=named)
def test_a_payload_in_a_field_is_refused_or_is_text(asked: Asked, made: World) -> None:
    with undone():
        honest, before = asked.honest(made), counts()
        for number, place in enumerate(places(asked.operation.body)):
            for value in values(number):
                body = replaced(honest.body, place, value)
                with undone():
                    response = asked.send(made, honest.path, body, **honest.headers)
                    assert_harmless(response, before, (place, value))
                    if response.status_code < 300 and response.content:
                        assert_literal(response.json(), place, value)


def assert_literal(shown: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    """What was taken as text is shown as that text, whatever it would mean to somebody else."""
    name = place[0]
    if not isinstance(value, str) or len(place) > 1 or not isinstance(shown.get(name), str):
        return
    plain = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    masked = "•" in shown[name]
    assert masked or shown[name].lower() == plain.lower(), (place, value)


@pytest.mark.parametrize("asked", WITH_BODY, ids=named)
def test_a_body_that_is_none_is_refused(asked: Asked, made: World) -> None:
    optional = (asked.operation.body or NoBody).demands_nothing() and asked.row[0] == "POST"
    with undone():
        honest, before = asked.honest(made), counts()
        for family, bodies in BODIES.items():
            for body in bodies:
                with undone():
                    headers = {"content_type": "application/json", **honest.headers}
                    response = asked.send(made, honest.path, body, **headers)
                    if not (optional and body == b""):
                        assert response.status_code == 400, (family, body[:40], response.content)
                        assert_harmless(response, before, (family, body[:40]))


@pytest.mark.parametrize("asked", WITH_BODY, ids=named)
def test_an_unknown_name_is_refused_whatever_it_is(asked: Asked, made: World) -> None:
    with undone():
        honest, before = asked.honest(made), counts()
        for name in (texts[-1] for texts in TEXTS.values()):
            with undone():
                body = {**(honest.body or {}), name: 1}
                response = asked.send(made, honest.path, body, **honest.headers)
                assert response.status_code == 400, (name, response.content)
                assert_harmless(response, before, name)


def test_the_walk_reaches_every_field_of_both_versions() -> None:
    walked = {
        (a.version, a.row[1], place) for a in WITH_FIELDS for place in places(a.operation.body)
    }
    assert ("v2", "listings", ("price", "amount")) in walked
    assert ("v2", "listings", ("reserve_price", "currency")) in walked
    assert ("v2", "buyer-profile", ("annual_income", "amount")) in walked
    assert ("v1", "listings", ("name",)) in walked
    assert ("v1", "offers", ("amount",)) in walked
    assert {asked.version for asked in ASKED} == {"v1", "v2"}

"""The corpus in every query parameter, in every id of a path and in every header that is read."""

from urllib.parse import quote, urlencode

import pytest

from apps.core.inputs import NoQuery
from tests.matrix.world import World

from .asking import ASKED, Asked, assert_harmless, counts, named, undone
from .payloads import TEXTS, texts

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

READS = [asked for asked in ASKED if asked.row[0] == "GET"]
WITH_ID = [asked for asked in ASKED if "{" in asked.row[1]]
_READ, _CHANGE, _OFFER = "GET listings/{listing_id}", "PATCH listings/{listing_id}", "POST offers"
#: Every header that something reads, and where it is read.
HEADERS = {
    **dict.fromkeys(("accept", "api_version", "authorization", "cookie", "forwarded"), _READ),
    **dict.fromkeys(("host", "if_none_match", "origin", "sec_fetch_site", "traceparent"), _READ),
    **dict.fromkeys(("x_api_key", "x_forwarded_for", "x_request_id"), _READ),
    **dict.fromkeys(("content_type", "if_match", "transfer_encoding"), _CHANGE),
    **dict.fromkeys(("idempotency_key", "x_http_method_override"), _OFFER),
}


@pytest.mark.parametrize("asked", READS, ids=named)
def test_a_payload_in_a_parameter(asked: Asked, made: World) -> None:
    with undone():
        honest, before = asked.honest(made), counts()
        for name in asked.operation.query.model_fields if asked.operation.query else ():
            for text in texts():
                path = f"{honest.path}?{urlencode({name: text})}"
                with undone():
                    assert_harmless(asked.send(made, path), before, (name, text))


@pytest.mark.parametrize("asked", ASKED, ids=named)
def test_a_parameter_that_nobody_knows(asked: Asked, made: World) -> None:
    with undone():
        honest, before = asked.honest(made), counts()
        for family in TEXTS.values():
            query = urlencode({family[0]: family[-1]})
            with undone():
                response = asked.send(made, f"{honest.path}?{query}", honest.body, **honest.headers)
                assert response.status_code == 400, (query, response.content)
                assert_harmless(response, before, query)
    assert NoQuery.model_fields == {}


@pytest.mark.parametrize("asked", WITH_ID, ids=named)
def test_a_payload_for_an_id_is_not_found(asked: Asked, made: World) -> None:
    with undone():
        honest, before = asked.honest(made), counts()
        known = next(part for part in honest.path.split("/") if part.count("-") == 4)
        for text in texts():
            path = honest.path.replace(known, quote(text, safe=""))
            with undone():
                response = asked.send(made, path, honest.body, **honest.headers)
                # An empty one, or dots alone, make another path of ours, with its own refusals.
                assert response.status_code in (400, 401, 404, 405), (text, response.content)
                assert_harmless(response, before, text)


@pytest.mark.parametrize(("name", "where"), HEADERS.items())
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_a_payload_in_a_header(name: str, where: str, version: str, made: World) -> None:
    asked = next(a for a in ASKED if (a.version, " ".join(a.row[:2])) == (version, where))
    with undone():
        honest, before = asked.honest(made), counts()
        for text in texts():
            # As a server hands it over: bytes of UTF-8 read as Latin-1 (PEP 3333).
            sent = {**honest.headers, name: text.encode().decode("latin-1")}
            with undone():
                response = asked.send(made, honest.path, honest.body, **sent)
                assert_harmless(response, before, (name, text))
                assert "stolen" not in str(response.headers), (name, text)

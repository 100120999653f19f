"""Every problem code has a page, and the page says what has happened and what to do."""

import json

import pytest
from django.utils.html import escape

from apps.core.problems import CATALOGUE, Code
from apps.portal.meanings import MEANINGS
from tests.api import Api

from .pages import get, page

pytestmark = pytest.mark.django_db


def test_the_list_has_every_code_and_links_to_its_page() -> None:
    links = set(page("/docs/errors/").values("href"))
    assert {f"/docs/errors/{code}" for code in Code} <= links


@pytest.mark.parametrize("code", Code)
def test_a_page_explains_its_code(code: Code) -> None:
    html = get(f"/docs/errors/{code}").content.decode()
    meaning = CATALOGUE[code]
    for text in (meaning.title, str(meaning.status), code, MEANINGS[code], meaning.remedy):
        assert escape(text) in html
    (example,) = (text for _, text in page(f"/docs/errors/{code}").blocks)
    document = json.loads(example)
    assert (document["code"], document["status"]) == (code, meaning.status)


def test_the_type_of_a_refusal_is_the_address_of_its_page() -> None:
    document = Api().get("me").json()
    path = document["type"].removeprefix("http://localhost:8000")
    assert path == "/docs/errors/credentials_missing"
    assert get(path).status_code == 200


def test_a_page_names_the_operations_that_answer_its_code() -> None:
    links = set(page("/docs/errors/idempotency_key_reused").values("href"))
    assert "/docs/#offers_create" in links
    assert "/docs/#offers_get" not in links
    assert "Every operation may" in get("/docs/errors/rate_limited").content.decode()
    gone = get("/docs/errors/version_gone").content.decode()
    assert 'Every operation of <a href="/docs/v1">v1</a> may' in gone
    assert "No operation of the reference" in get("/docs/errors/upstream_failed").content.decode()

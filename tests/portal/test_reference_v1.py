"""The page of the deprecated version: made like the other, and plain about its end."""

import pytest

from apps.api_v1 import openapi
from apps.portal.reference import Reference

from .pages import get, page

pytestmark = pytest.mark.django_db

READ = Reference(openapi.document().members)
SHOWN = [operation for resource in READ.resources() for operation in resource.operations]


def test_every_operation_of_v1_is_there_with_its_command() -> None:
    read = page("/docs/v1")
    assert {operation.id for operation in SHOWN} <= set(read.values("id"))
    commands = [text for kind, text in read.blocks if kind == "curl"]
    assert commands == [operation.curl for operation in SHOWN]
    assert all("/api/v1/" in command for command in commands)
    assert len(SHOWN) < len(list(page("/docs/").values("id")))


def test_it_says_when_v1_ends_and_where_to_go(settings: object) -> None:
    html = get("/docs/v1").content.decode()
    assert f"v1 ends on {settings.V1_SUNSET:%-d %B %Y} (UTC)" in html
    assert 'href="/docs/migrate-v1-v2"' in html
    assert 'href="/api/v1/openapi.json"' in html
    assert "ends on" not in get("/docs/").content.decode()


def test_v1_has_no_keys_and_its_own_words() -> None:
    html = get("/docs/v1").content.decode()
    assert "api-keys" not in html
    assert "page_size" in html
    assert "state_code" not in html


@pytest.mark.parametrize(("path", "date"), [("/docs/", "2026-11-01"), ("/docs/v1", "2025-06-01")])
def test_the_date_that_may_be_pinned_is_named(path: str, date: str) -> None:
    assert f"<code>{date}</code>" in get(path).content.decode()

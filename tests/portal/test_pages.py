"""The pages: for everyone, without a script, without anything from elsewhere."""

import re

import pytest
from django.test import Client

from apps.core.security_headers import PAGE_POLICY

from .pages import PATHS, Page, get, page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", PATHS)
def test_a_page_keeps_the_strict_policy(path: str) -> None:
    response = get(path)
    assert response.status_code == 200
    assert response["Content-Security-Policy"] == PAGE_POLICY
    assert "unsafe" not in PAGE_POLICY
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(path: str) -> None:
    read = page(path)
    for tag, attributes in read.elements:
        assert tag not in ("script", "style", "iframe", "object", "embed", "base")
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
    for url in [*read.values("src"), *read.values("href")]:
        assert re.match(r"/(?!/)|#", url), url


@pytest.mark.parametrize("path", PATHS)
def test_every_link_leads_somewhere(path: str) -> None:
    read = page(path)
    ids = list(read.values("id"))
    assert len(ids) == len(set(ids))
    for url in set(read.values("href")):
        target, _, anchor = url.partition("#")
        if target.startswith("/static/"):
            continue
        there = _read(target) if target else read
        assert not anchor or anchor in there.values("id"), url


_seen: dict[str, Page] = {}


def _read(path: str) -> Page:
    if path not in _seen:
        response = Client().get(path, follow=True)
        assert response.status_code == 200, path
        _seen[path] = Page(response.content.decode())
    return _seen[path]


@pytest.mark.parametrize("path", ["/docs/", "/docs/v1", "/docs/errors/", "/docs/errors/conflict"])
def test_a_page_can_be_walked_without_eyes_or_mouse(path: str) -> None:
    read = page(path)
    tags = [tag for tag, _ in read.elements]
    assert tags.count("main") == tags.count("h1") == tags.count("title") == 1
    assert ("html", {"lang": "en"}) in read.elements
    first_link = next(attributes for tag, attributes in read.elements if tag == "a")
    assert first_link["href"] == "#content"
    navigation = [attributes for tag, attributes in read.elements if tag == "nav"]
    assert all(attributes.get("aria-label") for attributes in navigation)
    assert all(
        attributes.get("tabindex") == "0" for tag, attributes in read.elements if tag == "pre"
    )
    assert all("alt" in attributes for tag, attributes in read.elements if tag == "img")
    for heading, after in zip(read.headings, read.headings[1:], strict=False):
        assert after <= heading + 1, "a level of headings is left out"
    for label in read.values("aria-labelledby"):
        assert label in read.values("id")


@pytest.mark.parametrize("path", ["/docs/", "/docs/errors/", "/docs/migrate-v1-v2"])
def test_the_navigation_says_where_one_is(path: str) -> None:
    current = [a for _, a in page(path).elements if a.get("aria-current") == "page"]
    assert [attributes["href"] for attributes in current] == [path]


def test_the_front_door_leads_to_the_reference() -> None:
    response = get("/")
    assert (response.status_code, response["Location"]) == (302, "/docs/")


@pytest.mark.parametrize("path", ["/docs/", "/docs/errors/", "/docs/errors/conflict"])
def test_a_page_is_read_and_nothing_else(path: str) -> None:
    assert Client().post(path).status_code == 405
    assert Client().head(path).content == b""


@pytest.mark.parametrize("code", ["nonsense", "CONFLICT", "not_found%00", "..%2Ferrors"])
def test_a_code_that_does_not_exist_has_no_page(code: str) -> None:
    assert get(f"/docs/errors/{code}").status_code == 404

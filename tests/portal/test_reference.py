"""The reference says of every operation what the document says of it."""

import json
from html import escape

import pytest

from apps.api_v2 import openapi
from apps.portal.reference import Reference, Resource
from apps.portal.shown import Shown

from .pages import get, page

pytestmark = pytest.mark.django_db

MEMBERS = openapi.document().members
RESOURCES: list[Resource] = Reference(MEMBERS).resources()
SHOWN: dict[str, Shown] = {o.id: o for resource in RESOURCES for o in resource.operations}


def test_every_operation_is_there_under_its_resource() -> None:
    named = {o["operationId"] for methods in MEMBERS["paths"].values() for o in methods.values()}
    assert SHOWN.keys() == named
    assert named <= set(page("/docs/").values("id"))
    assert [resource.name for resource in RESOURCES][:3] == ["Listings", "Buyer profile", "Offers"]


@pytest.mark.parametrize("name", SHOWN)
def test_everything_about_an_operation_is_on_the_page(name: str) -> None:
    html = get("/docs/").content.decode()
    shown = SHOWN[name]
    start = html.index(f'<article class="operation" aria-labelledby="{name}">')
    article = html[start : html.index("</article>", start)]
    texts = [shown.method, shown.path, shown.summary, shown.why, shown.who, shown.data_class]
    texts += [shown.scope or "any", *shown.limits, shown.curl]
    texts += [field.name for _, rows in shown.parameters for field in rows]
    texts += [field.name for field in shown.body]
    texts += [field.name for answer in shown.answers for field in answer.fields]
    for text in texts:
        assert escape(text) in article, text
    for status, code, _ in shown.errors:
        assert f'<td>{status}</td><td><a href="/docs/errors/{code}">' in article


def test_who_may_call_is_said_in_words() -> None:
    assert (SHOWN["listings_list"].who, SHOWN["listings_list"].scope) == ("Anyone", "read:listings")
    assert SHOWN["listings_create"].who == "Agent, manager"
    assert SHOWN["me_get"].who == "Any role"
    assert SHOWN["listings_list"].limits == [
        "30 a minute without a key, 30 at once",
        "600 a minute with a free key, 120 at once",
    ]


def test_fields_are_shown_with_their_bounds_and_class() -> None:
    rows = {field.name: field for field in SHOWN["listings_create"].body}
    title, amount, state = rows["title"], rows["price.amount"], rows["state_code"]
    assert (title.kind, title.required, title.bounds) == ("string", True, "1 to 120 characters")
    assert (title.data_class, rows["reserve_price"].data_class) == ("public", "internal")
    assert (amount.pattern, amount.data_class) == (r"^\d{1,9}(\.\d{1,2})?$", "public")
    assert rows["reserve_price.amount"].data_class == "internal"
    assert (state.bounds, state.values[-1]) == ("one of 51", "WY")
    assert rows["bedrooms"].bounds == "0 to 50"
    assert not rows["description"].required
    answered = {field.name for field in SHOWN["listings_list"].answers[0].fields}
    assert {"results", "results[].id", "results[].price.currency", "next"} <= answered


def test_examples_are_the_ones_of_the_document() -> None:
    html = get("/docs/").content.decode()
    blocks = [text for kind, text in page("/docs/").blocks if kind == ""]
    shown = [json.loads(text) for text in blocks if text.startswith("{")]
    for methods in MEMBERS["paths"].values():
        for operation in methods.values():
            first = next(iter(operation["responses"].values()))
            if "content" in first:
                assert first["content"]["application/json"]["example"] in shown
    assert "<pre" in html

"""JSON on a page: every value escaped, nothing lost, names and values told apart."""

import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as some

from apps.portal.json_view import json_view

JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_the_page_shows_the_very_value(value: object) -> None:
    shown = re.sub(r"</?span[^>]*>", "", json_view(value))
    assert json.loads(unescape(shown)) == value


@pytest.mark.parametrize("hostile", ["<script>", '"><img src=x onerror=y>', "</span>", "&lt;"])
def test_a_value_is_never_markup(hostile: str) -> None:
    for value in (hostile, {hostile: hostile}, [hostile]):
        tags = re.findall(r"<[^>]*>", json_view(value))
        assert set(tags) <= {
            "</span>",
            '<span class="json-name">',
            '<span class="json-text">',
        }


def test_names_texts_and_numbers_are_told_apart() -> None:
    shown = json_view({"price": 3, "currency": "USD", "next": None})
    assert '<span class="json-name">&quot;price&quot;</span>: ' in shown
    assert '<span class="json-number">3</span>' in shown
    assert '<span class="json-text">&quot;USD&quot;</span>' in shown
    assert '<span class="json-number">null</span>' in shown

"""Examples are complete, true to their schemas, and good enough to be sent as they are."""

from typing import Any

import pytest

from apps.access.checks import api_routes
from apps.core.inputs import Body, NoBody
from tests.api import Api

from .reading import DOCUMENT, OPERATIONS, answers, assert_valid, operation, parameters

BODIES = [name for name in OPERATIONS if "requestBody" in operation(name)]


def body_model(name: str) -> type[Body]:
    path, method, _ = OPERATIONS[name]
    for route in api_routes():
        if route.path.replace("<uuid:", "{").replace(">", "}") == path:
            return route.view.operations()[method].body or NoBody
    raise LookupError(name)


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_answer_is_shown_whole(name: str) -> None:
    for said in answers(name).values():
        content = said.get("content", {}).get("application/json")
        if content:
            assert_valid(content["example"], content["schema"])
            assert "text" not in texts(content["example"]), "a field brings no example of its own"


@pytest.mark.parametrize("name", BODIES)
def test_the_example_of_a_body_is_accepted_as_it_is(name: str) -> None:
    content = operation(name)["requestBody"]["content"]["application/json"]
    assert_valid(content["example"], content["schema"])
    assert body_model(name).read(content["example"])


def test_an_act_shows_the_state_that_it_leads_to() -> None:
    def status(name: str, code: str = "200") -> str:
        return answers(name)[code]["content"]["application/json"]["example"]["status"]

    assert status("listings_create", "201") == "draft"
    assert status("listings_publish") == "published"
    assert status("listings_withdraw") == "withdrawn"
    assert status("offers_create", "201") == "submitted"
    assert status("offers_accept") == "accepted"


def test_the_id_in_the_path_is_the_id_in_the_answer() -> None:
    path = operation("offers_get")["parameters"][0]["example"]
    shown = answers("offers_get")["200"]["content"]["application/json"]["example"]
    assert shown["id"] == path
    assert shown["buyer"]["id"] != shown["listing"] != path


@pytest.mark.parametrize("name", DOCUMENT["components"]["headers"])
def test_a_header_shows_an_example_that_it_could_have(name: str) -> None:
    schema = DOCUMENT["components"]["headers"][name]["schema"]
    for example in schema.get("examples", ()):
        assert_valid(example, schema)


@pytest.mark.django_db
def test_the_example_of_a_search_is_a_search() -> None:
    shown = {
        name: parameter["schema"]["examples"][0]
        for name, parameter in parameters("listings_list", "query").items()
        if "examples" in parameter["schema"]
    }
    assert {"city", "state", "min_price", "max_price"} <= shown.keys()
    assert Api().get("listings", shown).status_code == 200

"""The document as a whole: valid, complete, and served as it was made."""

import json
import re

import pytest
from django.urls import include, path
from drf_spectacular.validation import validate_schema
from openapi_spec_validator import OpenAPIV31SpecValidator

from apps.access.checks import api_routes
from apps.api_v2 import openapi
from apps.core.data_classes import DataClass
from apps.schema.document import make
from tests.api import Api

from .reading import DOCUMENT, OPERATIONS, operation, parameters

pytestmark = pytest.mark.django_db

PREFIX = "/api/v2/"


def test_it_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    validate_schema(DOCUMENT)


def test_every_route_and_method_of_the_urlconf_is_in_it_and_nothing_else() -> None:
    served = {
        (re.sub(r"<\w+:(\w+)>", r"{\1}", route.path), method)
        for route in api_routes()
        if route.path.startswith(PREFIX)
        for method in route.view.operations()
    }
    assert {(place, method) for place, method, _ in OPERATIONS.values()} == served


def test_operation_ids_are_made_of_the_path_alone() -> None:
    named = {f"{method} {place}": name for name, (place, method, _) in OPERATIONS.items()}
    assert named["GET /api/v2/listings"] == "listings_list"
    assert named["GET /api/v2/listings/{listing_id}"] == "listings_get"
    assert named["PATCH /api/v2/listings/{listing_id}"] == "listings_update"
    assert named["POST /api/v2/offers/{offer_id}/accept"] == "offers_accept"
    assert named["PUT /api/v2/buyer-profile"] == "buyer_profile_replace"
    assert named["POST /api/v2/buyer-profile/reveal"] == "buyer_profile_reveal"
    assert named["POST /api/v2/api-keys"] == "api_keys_create"
    assert len(set(named.values())) == len(named)


def test_it_is_served_as_it_was_made_and_not_twice() -> None:
    first = Api().get("openapi.json")
    assert first.content == openapi.document().body
    assert first["Cache-Control"] == "public, max-age=300"
    again = Api().get("openapi.json", if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert Api().get("openapi.json", if_none_match='"another"').status_code == 200


def test_the_same_code_makes_the_same_document(settings) -> None:
    def made() -> bytes:
        return make("t", "1", "d", [path("api/v2/", include("apps.api_v2.urls"))]).body

    assert made() == made()
    before = json.loads(made())["servers"]
    settings.PUBLIC_URL = "https://api.example.com"
    assert json.loads(made())["servers"] != before


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_who_may_call_how_often_and_how_sensitive_it_is(name: str) -> None:
    said = operation(name)
    assert said["summary"]
    assert said["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    assert said["x-roles"]
    assert (said["x-required-scope"] or "any scope") in said["description"]
    assert {"free", "partner", "internal"} <= said["x-rate-limit"].keys()
    assert DataClass(said["x-data-classification"])


def test_limits_are_the_numbers_that_requests_are_charged() -> None:
    def quotas(name: str, caller: str) -> dict[str, int]:
        limits = operation(name)["x-rate-limit"][caller]
        return {limit["policy"]: limit["quota"] for limit in limits}

    assert quotas("listings_list", "anonymous") == {"search": 30, "anonymous": 120}
    assert quotas("listings_get", "anonymous") == {"anonymous": 120}
    day = {"offers": 20, "listing-offers": 5}
    assert quotas("offers_create", "free") == {"free": 600, "address": 3000} | day
    assert quotas("me_get", "free") == {"free": 600, "address": 3000}
    assert "anonymous" not in operation("me_get")["x-rate-limit"]


def test_headers_that_an_operation_reads_are_parameters() -> None:
    def headers(name: str) -> dict[str, bool]:
        said = {h: parameter["required"] for h, parameter in parameters(name, "header").items()}
        assert said.pop("API-Version") is False
        return said

    assert headers("listings_update") == {"If-Match": True}
    assert headers("listings_get") == {"If-None-Match": False}
    assert headers("buyer_profile_replace") == {"If-Match": False}
    assert headers("offers_create") == {"Idempotency-Key": True}
    assert headers("listings_list") == {}


def test_an_action_takes_an_empty_body_or_none() -> None:
    body = operation("listings_publish")["requestBody"]
    assert body["required"] is False
    assert body["content"]["application/json"]["example"] == {}
    assert operation("listings_create")["requestBody"]["required"] is True


def test_a_limit_says_how_it_counts_and_what_a_request_costs() -> None:
    def told(name: str) -> set[tuple[str, str, int]]:
        limits = operation(name)["x-rate-limit"]["free"]
        return {(limit["policy"], limit["algorithm"], limit["cost"]) for limit in limits}

    buckets = {("free", "token bucket", 1), ("address", "token bucket", 1)}
    days = {("offers", "sliding window", 1), ("listing-offers", "sliding window", 1)}
    assert told("me_get") == buckets
    assert told("offers_create") == buckets | days
    assert told("offers_reveal") == {
        ("free", "token bucket", 5),
        ("address", "token bucket", 5),
        ("reveal", "token bucket", 1),
    }

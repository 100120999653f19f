"""The documents of both versions: each valid, and each saying which version it is of."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from apps.access.versions import SERVED
from apps.api_v1 import openapi as v1
from apps.api_v2 import openapi as v2
from tests.api import Api

DOCUMENTS = {"v1": json.loads(v1.document().body), "v2": json.loads(v2.document().body)}
both = pytest.mark.parametrize("version", DOCUMENTS)


def operations(version: str) -> list[dict[str, Any]]:
    return [o for methods in DOCUMENTS[version]["paths"].values() for o in methods.values()]


@both
def test_it_is_valid_openapi_3_1(version: str) -> None:
    OpenAPIV31SpecValidator(DOCUMENTS[version]).validate()


@both
def test_every_path_is_of_the_version(version: str) -> None:
    assert all(path.startswith(f"/api/{version}/") for path in DOCUMENTS[version]["paths"])
    other = {"v1": "v2", "v2": "v1"}[version]
    named = json.dumps([DOCUMENTS[version][part] for part in ("paths", "components")])
    assert named.replace("/api/v2/openapi.json>; rel", "").count(f"/api/{other}/") == 0


@both
def test_every_operation_takes_and_names_the_dated_version(version: str) -> None:
    components = DOCUMENTS[version]["components"]
    dates = list(SERVED[f"/api/{version}/"])
    assert components["parameters"]["ApiVersion"]["schema"]["enum"] == dates
    assert components["headers"]["API-Version"]["schema"]["enum"] == dates
    for operation in operations(version):
        assert {"$ref": "#/components/parameters/ApiVersion"} in operation["parameters"]
        for answer in operation["responses"].values():
            kind, name = answer.get("$ref", "//").split("/")[-2:]
            assert "API-Version" in (components[kind][name] if name else answer)["headers"]


def test_v1_alone_is_deprecated() -> None:
    assert all(operation["deprecated"] for operation in operations("v1"))
    assert not any("deprecated" in operation for operation in operations("v2"))
    assert {"Deprecation", "Sunset", "Link"} <= DOCUMENTS["v1"]["components"]["headers"].keys()
    assert not {"Deprecation", "Sunset", "Link"} & DOCUMENTS["v2"]["components"]["headers"].keys()


@pytest.mark.django_db
@both
def test_headers_that_are_documented_everywhere_are_on_a_real_answer(version: str) -> None:
    headers = DOCUMENTS[version]["components"]["headers"]
    answer = Api().get(f"/api/{version}/listings")
    assert {name for name, said in headers.items() if said["required"]} <= set(answer.headers)

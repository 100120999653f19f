"""Every field of every input refuses what is too much, in both versions: not on paper alone."""

from typing import Any

import pytest
from django.http import QueryDict
from pydantic import BaseModel

from apps.access.checks import api_routes
from apps.core.inputs import Body, Query
from apps.core.problems import Problem

#: Longer than the longest text that anything takes, in the letters of every format.
LONG = [character * 5_001 for character in ("a", "9", "A", "é", "-", ".", "/")]
MUCH = [*LONG, 10**12, -(10**12), 10.0**15, ["read"] * 1_001, {"amount": "9" * 10}, LONG]


def models(kind: str) -> dict[str, type[BaseModel]]:
    found = {}
    for route in api_routes():
        for method, operation in route.view.operations().items():
            model = getattr(operation, kind)
            if model is not None and model.model_fields:
                found[f"{route.path.split('/')[2]} {method} {model.__name__}"] = model
    return found


BODIES: dict[str, type[Body]] = models("body")
QUERIES: dict[str, type[Query]] = models("query")


def refused(act: Any) -> set[str]:
    """The pointers of what was refused."""
    with pytest.raises(Problem) as problem:
        act()
    return {error.pointer for error in problem.value.errors}


@pytest.mark.parametrize("name", BODIES)
def test_no_field_of_a_body_takes_too_much(name: str) -> None:
    for field in BODIES[name].model_fields:
        for value in MUCH:
            pointers = refused(lambda field=field, value=value: BODIES[name].read({field: value}))
            assert any(p == f"/{field}" or p.startswith(f"/{field}/") for p in pointers), field


@pytest.mark.parametrize("name", QUERIES)
def test_no_parameter_takes_too_much(name: str) -> None:
    for field in QUERIES[name].model_fields:
        for value in LONG:
            query = QueryDict(mutable=True)
            query[field] = value
            assert f"?{field}" in refused(lambda query=query: QUERIES[name].read(query)), field


def test_the_walk_reaches_both_versions() -> None:
    assert {name[:2] for name in BODIES} == {name[:2] for name in QUERIES} == {"v1", "v2"}
    assert {"v1 POST NewListing", "v2 POST NewListing", "v2 POST NewApiKey"} <= BODIES.keys()

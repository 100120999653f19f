"""What every answer of the edge has to be."""

from typing import Any

import httpx

from apps.core.problems import CATALOGUE, Code
from apps.core.security_headers import DATA_POLICY, HEADERS

HSTS = "max-age=63072000; includeSubDomains; preload"
#: The service's own headers for data: the edge says the same.
SECURITY = HEADERS | {"Content-Security-Policy": DATA_POLICY}


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The response is this problem document of the edge, complete and no more; returns it."""
    assert response.headers["Content-Type"] == "application/problem+json", response.text
    document = response.json()
    assert (response.status_code, document["code"]) == (status, code), document
    assert set(document) == {"type", "title", "status", "code", "detail", "request_id"}
    assert document["status"] == status
    assert document["title"] == CATALOGUE[Code(code)].title
    assert document["type"].endswith(f"/docs/errors/{code}")
    assert document["request_id"] == response.headers["X-Request-ID"]
    return document

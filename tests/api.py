"""A caller of the API in tests: one credential, one line a request, JSON in and out."""

import json
from typing import Any

from django.test import Client

#: The members of every problem document.
PROBLEM = {"type", "title", "status", "code", "detail", "request_id"}


class Api:
    """Requests with one credential. Extra keyword arguments are headers: `if_match='"1a"'`."""

    def __init__(self, key: str | None = None, **headers: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = ({"Authorization": f"Bearer {key}"} if key else {}) | headers

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.send("GET", path, query=query, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: dict[str, Any] | None = None,
        **headers: str,
    ) -> Any:
        """Send it; `body` is made JSON unless it is bytes already. `path` may leave out /api/v2."""
        if not path.startswith("/api/"):
            path = f"/api/v2/{path.lstrip('/')}"
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = names.pop("content-type", "application/json" if data else "")
        return self.client.generic(
            method,
            path,
            data,
            content_type=content_type,
            headers=self.headers | names,
            query_params=query,
        )


def assert_problem(response: Any, status: int, code: str, *pointers: str) -> dict[str, Any]:
    """The response is this problem document, complete and with nothing more; returns it."""
    document = json.loads(response.content)
    assert (response.status_code, document.get("code")) == (status, code), document
    assert response["Content-Type"] == "application/problem+json"
    extra = {"errors"} if "errors" in document else set()
    extra |= {"reason"} if code == "credentials_invalid" else set()
    assert set(document) == PROBLEM | extra
    assert document["status"] == status
    assert document["request_id"] == response["X-Request-ID"]
    if pointers:
        assert [error["pointer"] for error in document["errors"]] == list(pointers), document
    return document

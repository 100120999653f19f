"""The route that serves a version's OpenAPI document."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Call, Endpoint
from apps.access.operation import Limit, operation
from apps.agencies.roles import EVERYONE
from apps.core.data_classes import DataClass, Output, classified

from .document import Made

_part = partial(classified, DataClass.PUBLIC)


class OpenApiDocument(Output):
    """An OpenAPI 3.1 document; its own specification says what is in it."""

    openapi: str = _part(max_length=10, pattern=r"^3\.1\.\d$", examples=["3.1.1"])
    info: dict[str, Any] = _part(max_length=10, examples=[{"title": "Gatehouse API"}])
    servers: list[dict[str, Any]] = _part(
        max_length=10, examples=[[{"url": "https://api.example.com"}]]
    )
    tags: list[dict[str, Any]] = _part(max_length=100, examples=[[{"name": "listings"}]])
    paths: dict[str, Any] = _part(max_length=1000, examples=[{"/listings": {}}])
    components: dict[str, Any] = _part(max_length=10, examples=[{"schemas": {}}])


class DocumentItem(Endpoint):
    """A version's document; a version says which one `made` is."""

    made: Callable[[], Made]

    def etag(self, credential: Credential, target: None) -> str:
        return self.made().etag

    @operation(
        scope=None,
        roles=EVERYONE,
        permits=None,
        limit=Limit.DEFAULT,
        exposes=DataClass.PUBLIC,
        cost=5,  # the longest answer that there is
        anonymous=True,
        returns=OpenApiDocument,
    )
    def get(self, call: Call) -> HttpResponse:
        """Describe this API

        OpenAPI 3.1, made of the same declarations that requests are checked against.
        """
        return HttpResponse(self.made().body, content_type="application/json")

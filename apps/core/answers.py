"""The answers that views give, in the few shapes that exist."""

from collections.abc import Iterable
from typing import Any

import orjson
from django.http import HttpResponse, StreamingHttpResponse

_JSON = "application/json"


def ok(data: Any) -> HttpResponse:
    """200 with a JSON body."""
    return HttpResponse(orjson.dumps(data), content_type=_JSON)


def created(data: Any, location: str) -> HttpResponse:
    """201 with the new object and where it is."""
    return HttpResponse(
        orjson.dumps(data), status=201, content_type=_JSON, headers={"Location": location}
    )


def download(pieces: Iterable[bytes], name: str) -> StreamingHttpResponse:
    """200 with a JSON file that is sent while it is made, and that no browser opens by itself."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(pieces, content_type=_JSON, headers=headers)


def accepted() -> HttpResponse:
    """202: taken, and nothing is said about what comes of it."""
    response = HttpResponse(status=202)
    del response["Content-Type"]
    return response


def not_modified() -> HttpResponse:
    """304: what the caller has is still true. Without a type: a cache would take it over."""
    response = HttpResponse(status=304)
    del response["Content-Type"]
    return response


def no_content() -> HttpResponse:
    """204: done, and nothing is left to show."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response

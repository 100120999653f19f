"""Headers that requests may carry and answers do carry, each described once as a component."""

from typing import Any

from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from apps.core.data_classes import CACHE_CONTROL
from apps.core.preconditions import MAX_TAGS
from apps.idempotency.once import KEPT_FOR

from .components import put
from .served import Served

Schema = dict[str, Any]
_DATE = r"^\d{4}-\d{2}-\d{2}$"
_ID = r"^[A-Za-z0-9-]{8,64}$"
_TAG = {"type": "string", "pattern": r'^"[!#-~]{1,64}"$', "maxLength": 66, "examples": ['"1a"']}
_TAGS = {
    "type": "string",
    "pattern": rf"^[ -~]{{0,{MAX_TAGS}}}$",
    "maxLength": MAX_TAGS,
    "examples": ['"1a"'],
}


def _text(max_length: int, example: str, pattern: str = "^[ -~]*$") -> Schema:
    return {"type": "string", "maxLength": max_length, "pattern": pattern, "examples": [example]}


def _count(example: int, most: int) -> Schema:
    return {
        "type": "integer",
        "format": "int32",
        "minimum": 0,
        "maximum": most,
        "examples": [example],
    }


_DAY = 86_400

#: Answers: name to meaning and schema.
ANSWERED: dict[str, tuple[str, Schema]] = {
    "X-Request-ID": (
        "Names this request in our log. One that you send is kept if it is 8 to 64 letters, digits "
        "and hyphens, else replaced: it is never refused, and so it is no parameter.",
        _text(64, "5f2b1c9e8d7a4f60", _ID),
    ),
    "RateLimit-Policy": (
        "Every limit that this request counts against: quota q in w seconds.",
        _text(300, '"free";q=600;w=60, "address";q=3000;w=60'),
    ),
    "RateLimit": (
        "The strictest of them: r requests remain, for the next t seconds.",
        _text(100, '"free";r=119;t=12'),
    ),
    "X-RateLimit-Limit": ("The quota of the strictest limit.", _count(600, 100_000)),
    "X-RateLimit-Remaining": ("How many requests remain at once.", _count(119, 100_000)),
    "X-RateLimit-Reset": ("Seconds until the whole burst is there again.", _count(1, _DAY)),
    "API-Version": ("The dated version that gave this answer.", _text(10, "", _DATE)),
    "Deprecation": ("Since when this version is deprecated (RFC 9745).", _text(20, "@1793491200")),
    "Sunset": (
        "When this version ends: from then on every answer is 410 (RFC 8594).",
        _text(40, "Mon, 01 Nov 2027 00:00:00 GMT"),
    ),
    "Link": (
        "What has changed, and the document of the version to move to.",
        _text(1000, '</api/v2/openapi.json>; rel="successor-version"'),
    ),
    "ETag": ("Strong tag of this state of the object, for If-Match and If-None-Match.", _TAG),
    "Location": ("The path of the new object.", _text(200, "", "^/")),
    "Retry-After": ("Seconds to wait before the next try.", _count(12, _DAY)),
    "WWW-Authenticate": (
        "What is wrong with the credential, or which scope is missing (RFC 6750).",
        _text(400, 'Bearer realm="gatehouse"'),
    ),
    "Idempotent-Replayed": (
        "Present where this is the first answer to the key, sent again.",
        {"type": "string", "const": "true"},
    ),
    "Cache-Control": (
        "Whether and how the answer may be stored.",
        {"type": "string", "enum": sorted(set(CACHE_CONTROL.values()))},
    ),
    "Access-Control-Allow-Origin": (
        "Present for the web origins that the operator has allowed.",
        _text(300, "https://app.example.com"),
    ),
}
_ALWAYS = (
    "X-Request-ID",
    "RateLimit-Policy",
    "RateLimit",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "Cache-Control",
    "API-Version",
)
_DEPRECATED = ("Deprecation", "Sunset", "Link")

#: Requests: component name to the parameter.
SENT: dict[str, tuple[str, str, Schema]] = {
    "IfNoneMatch": (
        "If-None-Match",
        "The ETag that you have: 304 without a body where it is still the current one.",
        _TAGS,
    ),
    "IfMatch": (
        "If-Match",
        "The ETag of the object as you have seen it, so that nobody's change is lost.",
        _TAGS,
    ),
    "ApiVersion": (
        "API-Version",
        "The dated version that you were written for: a request for another one is refused.",
        _text(10, "", _DATE),
    ),
    "IdempotencyKey": (
        "Idempotency-Key",
        "A fresh random value, and the same one on a retry: the first answer is kept for "
        f"{KEPT_FOR.total_seconds() / 3600:.0f} hours.",
        _text(64, "b1946ac92492d2347c6235b4d2611184", r"^[A-Za-z0-9_.:-]{8,64}$"),
    ),
}


def answered(registry: ComponentRegistry, served: Served, *names: str) -> Schema:
    """The headers of an answer: those that every answer of this version has, and these."""
    always = (*_ALWAYS, *(_DEPRECATED if served.is_deprecated else ()))
    headers = {}
    for name in (*always, *names, "Access-Control-Allow-Origin"):
        meaning, schema = ANSWERED[name]
        schema = {**schema, **_of_version(name, served)}
        described = {"description": meaning, "schema": schema, "required": name in always}
        headers[name] = put(registry, ResolvedComponent.HEADER, name, described)
    return headers


def sent(
    registry: ComponentRegistry, served: Served, component: str, required: bool = False
) -> Schema:
    """A header parameter; one that is demanded is a component of its own."""
    name, meaning, schema = SENT[component]
    schema = {**schema, **_of_version(name, served)}
    parameter = {
        "name": name,
        "in": "header",
        "description": meaning,
        "required": required,
        "schema": schema,
    }
    component += "Demanded" if required else ""
    return put(registry, ResolvedComponent.PARAMETER, component, parameter)


def _of_version(name: str, served: Served) -> Schema:
    """What a header's schema says of this version alone."""
    if name == "API-Version":
        return {"enum": list(served.dates), "examples": [served.dates[0]]}
    if name == "Location":
        return {"examples": [f"{served.version}offers/0198c1d4-…"]}
    return {}

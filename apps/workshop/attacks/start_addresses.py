"""The start: names and origins that let anyone in."""

from collections.abc import Iterator

from apps.workshop.attempts import Attempt
from apps.workshop.run import Run

from .start import refused_start


def wildcard_host(run: Run) -> Iterator[Attempt]:
    """Go live answering to any name."""
    run.needs_code()
    for hosts in ("*", ".gatehouse.test", "*.gatehouse.test", "api.example.com,*"):
        yield refused_start(hosts, "ALLOWED_HOSTS", {"ALLOWED_HOSTS": hosts})


def wildcard_origin(run: Run) -> Iterator[Attempt]:
    """Go live with the API open to every page."""
    run.needs_code()
    for origins in ("*", "https://*.example.com", "https://app.example.com,*"):
        yield refused_start(origins, "CORS_ALLOWED_ORIGINS", {"CORS_ALLOWED_ORIGINS": origins})


def null_origin(run: Run) -> Iterator[Attempt]:
    """Go live with the API open to every sandboxed frame."""
    run.needs_code()
    for origins in ("null", "NULL", "https://app.example.com,null"):
        yield refused_start(origins, "CORS_ALLOWED_ORIGINS", {"CORS_ALLOWED_ORIGINS": origins})


def http_origin(run: Run) -> Iterator[Attempt]:
    """Go live trusting pages that anyone on the way can rewrite."""
    run.needs_code()
    for name, value in (
        ("CORS_ALLOWED_ORIGINS", "http://app.example.com"),
        ("CORS_ALLOWED_ORIGINS", "HTTP://app.example.com:8080"),
        ("PUBLIC_URL", "http://api.example.com"),
    ):
        yield refused_start(value, name, {name: value})


def open_expression(run: Run) -> Iterator[Attempt]:
    """Go live with an expression that a stranger's origin matches as well."""
    run.needs_code()
    name = "CORS_ALLOWED_ORIGIN_REGEXES"
    for expression in (
        r"^https://[a-z]+\.example\.com",
        r"https://[a-z]+\.example\.com$",
        r"^https://[a-z]+\.example\.com$|https://a\.example\.org$",
        r"^https://.*\.example\.com$",
    ):
        yield refused_start(expression, name, {name: expression})

"""The edge admits the paths of the service, and no other."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLResolver, get_resolver

from config.settings import STATIC_URL
from deploy.edge.site import SOURCE
from tests.edge.expected import assert_problem
from tests.edge.recorder import Recorder
from tests.edge.standing import Edge

PATHS = re.compile(r"\^/\(\?:\(\?:(?P<below>[^)]*)\)/\|\(\?:(?P<exact>[^)]*)\)\$\)")


def test_the_list_of_the_edge_is_that_of_the_service():
    """A path that is added to config/urls.py has to be added to deploy/nginx/paths.conf."""
    listed = PATHS.search((SOURCE / "paths.conf").read_text())
    routes = list(_routes(get_resolver()))
    below = {route.partition("/")[0] for route in routes if "/" in route}
    assert set(listed["below"].replace("\\", "").split("|")) == below | {STATIC_URL.strip("/")}
    exact = {route for route in routes if "/" not in route}
    assert set(listed["exact"].split("|")) == exact


def _routes(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = str(pattern.pattern)
        if route == "" and isinstance(pattern, URLResolver):
            yield from _routes(pattern)
        else:
            yield route


@pytest.mark.process
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v2/me",
        "/docs/",
        "/admin/login/",
        "/static/site.css",
        "/healthz",
        "/readyz",
        "/oauth/authorize",
        "/.well-known/openid-configuration",
    ],
)
def test_a_path_of_the_service_is_asked_for(edge: Edge, recorder: Recorder, path: str):
    assert edge.client.get(path).status_code == 200
    assert recorder.requests[-1][1] == path


@pytest.mark.process
@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/.git/config",
        "/server-status",
        "/nginx_status",
        "/apiary/",
        "/xwell-known/openid-configuration",
        "/.well-known",
        "/healthz/",
        "/healthzz",
        "/api/../.env",
        "/api/%2e%2e/.env",
        "/docs/%2e%2e/%2e%2e/etc/passwd",
    ],
)
def test_every_other_path_is_unknown_before_the_service_hears_of_it(
    edge: Edge, recorder: Recorder, path: str
):
    response = edge.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert response.status_code in (400, 404)
    assert not recorder.requests
    if response.status_code == 404:
        assert_problem(response, 404, "not_found")

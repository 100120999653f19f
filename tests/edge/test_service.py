"""The real service behind the real edge."""

import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from config import serve
from config.generate_env import fresh_secrets
from deploy.edge.development import manage, service_environment
from deploy.edge.ports import free_port
from deploy.edge.processes import running
from tests.edge.expected import HSTS, SECURITY
from tests.edge.standing import Edge, standing

pytestmark = pytest.mark.process

#: The look of a key, and nobody's.
KEY = "gh_test_0123456789ab_0123456789abcdef0123456789abcdef012345"


@dataclass
class Served:
    edge: Edge
    database: Path

    def audited(self, response: httpx.Response) -> tuple[str, str]:
        """Verb and address of the one audit entry about this request."""
        with sqlite3.connect(self.database) as connection:
            rows = connection.execute(
                "SELECT verb, address FROM audit_entry WHERE request_id = ?",
                [response.headers["X-Request-ID"]],
            ).fetchall()
        assert len(rows) == 1, rows
        return rows[0]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A fresh database, one node of the service, and the edge before it."""
    directory = tmp_path_factory.mktemp("served")
    database, port, https = directory / "db.sqlite3", free_port(), free_port()
    environment = service_environment(f"localhost:{https}") | fresh_secrets()
    environment |= {"APP_ENV": "development", "DATABASE_URL": f"sqlite:///{database}"}
    # The settings of the service and not of its tests, which this process has.
    environment |= {"REDIS_URL": "", "WORKERS": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run(manage("migrate", "--verbosity", "0"), env=environment, check=True)
    with (
        running(serve.command(port, 1), directory / "service.log", port, environment),
        standing(directory / "edge", port, https=https) as edge,
    ):
        yield Served(edge, database)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v2/listings", 200),
        ("/api/v2/me", 401),
        ("/api/v2/unknown", 404),
        ("/unknown", 404),
        ("/api/v2/listings?limit=0", 400),
        ("/healthz", 200),
    ],
)
def test_every_answer_has_each_security_header_once(served: Served, path: str, status: int):
    response = served.edge.client.get(path)
    assert response.status_code == status
    expected = SECURITY | {"Strict-Transport-Security": HSTS}
    assert {name: response.headers.get_list(name) for name in expected} == {
        name: [value] for name, value in expected.items()
    }
    assert len(response.headers.get_list("X-Request-ID")) == 1
    assert len(response.headers.get_list("Cache-Control")) == 1


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"},
        {"X-Real-IP": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"X_Forwarded_For": "203.0.113.9"},
        {"True-Client-IP": "203.0.113.9"},
    ],
)
def test_a_refused_credential_is_audited_with_the_true_address(
    served: Served, header: dict[str, str]
):
    with served.edge.client_from("127.0.0.7") as client:
        response = client.get("/api/v2/me", headers={"Authorization": f"Bearer {KEY}"} | header)
    assert response.status_code == 401
    assert served.audited(response) == ("credential.refused", "127.0.0.7")


def test_the_limit_of_an_address_cannot_be_escaped_by_naming_another(served: Served):
    with served.edge.client_from("127.0.0.8") as client:
        statuses = [
            client.get(
                "/api/v2/listings", headers={"X-Forwarded-For": f"203.0.113.{n}"}
            ).status_code
            for n in range(40)
        ]
    assert 429 in statuses


def test_a_429_of_the_service_keeps_its_own_headers(served: Served):
    with served.edge.client_from("127.0.0.9") as client:
        response = next(r for _ in range(40) if (r := client.get("/api/v2/listings")).is_error)
    assert response.status_code == 429
    assert len(response.headers.get_list("Retry-After")) == 1
    assert "edge" not in response.headers["RateLimit-Policy"]
    assert response.headers["Strict-Transport-Security"] == HSTS


def test_a_twin_of_a_credential_is_dropped_before_the_service_could_confuse_it(served: Served):
    response = served.edge.client.get("/api/v2/me", headers={"X_API_Key": KEY})
    assert response.json()["code"] == "credentials_missing"


def test_two_credentials_are_still_seen_as_two(served: Served):
    headers = [("X-API-Key", KEY), ("X-API-Key", KEY)]
    response = served.edge.client.get("/api/v2/me", headers=headers)
    assert response.json()["code"] == "malformed_credential"


def test_the_longest_address_that_the_edge_takes_is_answered_by_the_service(served: Served):
    """A longer one would be refused by the server below, in its own words."""
    codes = set()
    for length in range(3970, 3990):
        path = "/api/v2/".ljust(length, "a")
        response = served.edge.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        codes.add(response.json()["code"])
    assert codes == {"not_found", "payload_too_large"}


def test_a_chunked_body_is_taken_here_and_refused_at_the_node(served: Served):
    chunked = iter([b"{}"])
    assert served.edge.client.post("/api/v2/offers", content=chunked).status_code == 401


def test_problem_types_are_below_the_name_of_the_edge(served: Served):
    origin = f"https://localhost:{served.edge.https}"
    for path in ("/unknown", "/api/v2/unknown"):
        document = served.edge.client.get(path).json()
        assert document["type"] == f"{origin}/docs/errors/not_found"


def test_unknown_below_the_edge_and_below_the_service_look_alike(served: Served):
    ours = served.edge.client.get("/unknown").json()
    theirs = served.edge.client.get("/api/v2/unknown").json()
    assert ours.pop("request_id") != theirs.pop("request_id")
    assert ours == theirs

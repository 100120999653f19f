"""The values of an edge, and the configuration that is written from them."""

import os
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.edge import development, site
from deploy.edge.certificates import Certificates
from deploy.edge.processes import NotStarted, running
from deploy.edge.site import SOURCE, Site, filled
from tests.edge.standing import checker

HERE = Site(
    name="api.example.com",
    authority="api.example.com",
    certificate=Path("/etc/tls/api.pem"),
    key=Path("/etc/tls/api.key"),
)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "api.example.com; return 200"),
        ("name", ""),
        ("authority", 'api.example.com"'),
        ("authority", "$host"),
        ("certificate", Path("/etc/a b.pem")),
        ("key", Path("/etc/{key}")),
        ("upstream", ("127.0.0.1:1\n",)),
        ("http", ("80 default_server",)),
        ("user", "root#"),
        ("tls", "legacy"),
    ],
)
def test_a_value_that_nginx_would_read_as_more_is_refused(field: str, value: object):
    with pytest.raises(ValueError, match=field if field != "tls" else "TLS profile"):
        replace(HERE, **{field: value})


def test_a_line_with_several_values_stands_once_for_each():
    template = "# about ${HTTP}\n    listen ${HTTP} ssl;\n}"
    expected = "# about ${HTTP}\n    listen 80 ssl;\n    listen [::]:80 ssl;\n}\n"
    assert filled(template, {"HTTP": ("80", "[::]:80")}) == expected


def test_a_value_that_nobody_gave_and_a_line_with_two_are_errors():
    with pytest.raises(KeyError):
        filled("user ${USER};", {})
    with pytest.raises(ValueError, match="one value a line"):
        filled("ssl ${CERTIFICATE} ${KEY};", {"CERTIFICATE": ("a",), "KEY": ("b",)})


def test_only_the_template_differs_from_what_is_shipped(tmp_path: Path):
    HERE.write(tmp_path / "conf")
    written = {
        path.relative_to(tmp_path / "conf"): path.read_bytes()
        for path in (tmp_path / "conf").rglob("*.conf")
    }
    main = written.pop(Path("nginx.conf")).decode()
    assert "${" not in "".join(line for line in main.splitlines() if "#" not in line)
    shipped = {path.relative_to(SOURCE): path.read_bytes() for path in SOURCE.rglob("*.conf")}
    assert written == shipped


def test_what_stands_already_is_never_overwritten(tmp_path: Path):
    HERE.write(tmp_path / "conf")
    arguments = ["--name", "api.example.com", "--certificate", "a.pem", "--key", "a.key"]
    assert site.main([str(tmp_path / "conf"), *arguments]) == 1
    assert site.main([str(tmp_path / "new"), *arguments]) == 0
    assert "server_name api.example.com;" in (tmp_path / "new" / "nginx.conf").read_text()


def test_a_machine_without_nginx_is_told_which_package_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(development, "NGINX", None)
    with pytest.raises(NotStarted, match="apt-get install nginx"):
        development.nginx_command(tmp_path)


def test_no_demo_is_made_where_production_is_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(development, "ENV_FILE", tmp_path)  # it exists, so none is made
    for name, value in {
        "APP_ENV": "production",
        "ALLOWED_HOSTS": "api.example.com",
        "PUBLIC_URL": "https://api.example.com",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "EMAIL_URL": "smtp://127.0.0.1:1",
        "CORS_ALLOWED_ORIGIN_REGEXES": "",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(NotStarted, match="APP_ENV says production"):
        development.prepare(dict(os.environ))


def test_a_child_that_dies_at_its_start_says_why(tmp_path: Path):
    command = ["sh", "-c", "echo the reason; exit 3"]
    with (
        pytest.raises(NotStarted, match="the reason"),
        running(command, tmp_path / "log", 1),
    ):
        pass


def test_a_port_that_is_taken_is_not_mistaken_for_ours(tmp_path: Path):
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        pytest.raises(NotStarted, match="taken"),
        running(["sleep", "60"], tmp_path / "log", other.getsockname()[1]),
    ):
        pass


@pytest.fixture
def production(tmp_path: Path) -> Site:
    """Every value as production has it, but files that exist here."""
    certificates = Certificates(tmp_path)
    certificates.renew()
    return replace(
        HERE,
        certificate=certificates.certificate,
        key=certificates.key,
        run=tmp_path,
        logs=tmp_path,
        upstream=("10.0.0.1:8000", "10.0.0.2:8000"),
    )


@pytest.mark.process
@pytest.mark.parametrize("tls", ["intermediate", "modern"])
def test_nginx_takes_the_configuration_of_production(production: Site, tls: str, tmp_path: Path):
    conf = replace(production, tls=tls).write(tmp_path / "conf")
    if development.NGINX is None:
        pytest.skip("nginx is not installed: apt-get install nginx")
    said = subprocess.run(
        [development.NGINX, "-t", "-e", "stderr", "-c", conf], capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr
    assert "[warn]" not in said.stderr.replace('[warn] the "user" directive', "")


@pytest.mark.process
@pytest.mark.parametrize("tls", ["intermediate", "modern"])
def test_gixy_finds_nothing(production: Site, tls: str, tmp_path: Path):
    gixy = checker("gixy")
    conf = replace(production, tls=tls).write(tmp_path / "conf")
    said = subprocess.run([gixy, conf], capture_output=True, text=True, timeout=30)
    assert (said.returncode, "No issues found" in said.stdout) == (0, True), said.stdout

"""docs/oauth.md says what the code says."""

import re
import shlex

import pytest
from django.conf import settings
from django.core.management import load_command_class

from apps.oauth import codes, families, id_tokens, validator
from config.environment import ROOT

PAGE = (ROOT / "docs" / "oauth.md").read_text()
SAMPLES = ROOT / "docs" / "examples"
HOLES = PAGE.partition("## The stock library's holes")[2].partition("\n## ")[0]


def named_in(room: str) -> set[str]:
    files = (ROOT / "tests" / room).glob("test_*.py")
    return {
        name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.M)
    }


def test_every_hole_has_its_test_and_every_test_its_hole():
    switches = (ROOT / "tests" / "oauth_stock" / "test_switches.py").read_text()
    of_switches = set(re.findall(r"^def (test_\w+)", switches, re.M))
    named = set(re.findall(r"`(test_\w+)`", HOLES))
    assert named == named_in("oauth_stock") - of_switches


def test_the_lifetimes_are_those_of_the_code():
    assert settings.OAUTH2_PROVIDER["AUTHORIZATION_CODE_EXPIRE_SECONDS"] == 60
    assert codes._LIFE.seconds == 60
    assert validator.ACCESS_TOKEN_SECONDS == 10 * 60
    assert id_tokens.LIFE_SECONDS == 5 * 60
    assert (families.IDLE.days, families.ABSOLUTE.days) == (14, 90)
    for line in (
        "| authorization code | 60 seconds |",
        "| access token | 10 minutes |",
        "| ID token | 5 minutes |",
        "| refresh token | 14 days unused, 90 days in all |",
    ):
        assert line in PAGE


def commands() -> list[str]:
    pages = [PAGE, *((SAMPLES / name / "README.md").read_text() for name in _NAMES)]
    text = "\n".join(pages).replace("\\\n", " ")
    return re.findall(r"^\S*python manage\.py (oauth_\w+ .+?)(?:\s+#.*)?$", text, re.M)


_NAMES = ("backend_for_frontend", "service", "native")


@pytest.mark.parametrize("line", commands())
def test_every_command_of_the_pages_is_understood(line: str):
    name, *arguments = shlex.split(line)
    load_command_class("apps.oauth", name).create_parser("manage.py", name).parse_args(arguments)


def test_there_are_commands_to_try():
    assert len(commands()) >= 9


@pytest.mark.parametrize("name", _NAMES)
def test_a_sample_is_pinned_as_it_is_tested(name: str):
    tested = "\n".join(
        (ROOT / file).read_text() for file in ("requirements.txt", "requirements-dev.txt")
    )
    wanted = [
        line
        for line in (SAMPLES / name / "requirements.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert wanted
    assert [line for line in wanted if line not in tested.splitlines()] == []


def test_every_link_leads_somewhere():
    links = re.findall(r"\]\(([^)#:]+)\)", PAGE)
    assert links and all((ROOT / "docs" / link).is_file() for link in links)

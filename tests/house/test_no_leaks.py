"""Nothing secret is under version control."""

import re
import subprocess

import pytest

from apps.apikeys.key_format import MalformedKey, generate, parse
from apps.oauth import token_format
from config.environment import ROOT

from .tree import tracked

_KEY = re.compile(r"gh_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}")
_TOKEN = re.compile(token_format.PATTERN)
_PRIVATE_KEY = re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----")
#: 32 bytes as URL-safe base64, which is how keys and peppers stand in a `.env`.
_ENV_SECRET = re.compile(
    r"^(?:AUDIT_KEY|AUDIT_SIGNING_KEYS|FIELD_KEYS|API_KEY_PEPPERS)=.*[\w-]{43}=", re.MULTILINE
)


def is_real(text: str) -> bool:
    """A key with a good checksum was made by us; a made-up example has a wrong one."""
    try:
        return parse(text) is not None
    except MalformedKey:
        return False


def is_token(text: str) -> bool:
    return any(token_format.is_genuine(text, kind) for kind in token_format.Kind)


def secrets_in(text: str) -> list[str]:
    """What kinds of secret it holds; never the secret."""
    kinds = ["API key"] if any(is_real(key) for key in _KEY.findall(text)) else []
    kinds += ["token"] if any(is_token(found) for found in _TOKEN.findall(text)) else []
    kinds += ["private key"] if _PRIVATE_KEY.search(text) else []
    return kinds + (["environment"] if _ENV_SECRET.search(text) else [])


def test_no_file_holds_a_secret():
    found = {
        str(path): kinds
        for path in tracked()
        if (kinds := secrets_in((ROOT / path).read_text(encoding="utf-8", errors="replace")))
    }
    assert found == {}


def test_no_commit_ever_held_a_secret():
    """What was removed again is still in every clone."""
    command = ["git", "log", "--all", "-p", "-U0", "--format=%H%n%B", "--no-color"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if done.returncode != 0:
        pytest.skip("there is no history here: this is not a git repository")
    added = re.findall(r"(?m)^\+?(.*)", done.stdout.decode(errors="replace"))

    assert secrets_in("\n".join(added)) == []


@pytest.mark.parametrize(
    "text",
    [
        generate("test").text,
        token_format.generate(token_format.Kind.REFRESH_TOKEN),
        f"Authorization: Bearer {generate('live').text}.",
        "-----BEGIN " + "PRIVATE KEY-----",
        "-----BEGIN EC " + "PRIVATE KEY-----",
        "FIELD_KEYS=1:" + "A" * 43 + "=",
    ],
    ids=["key", "token", "key in text", "private key", "EC key", "environment"],
)
def test_the_search_finds_what_it_looks_for(text):
    assert len(secrets_in(f"before\n{text}\nafter")) == 1


def test_no_environment_or_state_is_tracked():
    names = [str(path) for path in tracked()]
    assert [name for name in names if re.search(r"(^|/)\.env", name)] == [".env.example"]
    assert [name for name in names if name.startswith("var/") or ".sqlite3" in name] == []

"""The patterns for scanners find every key, and nothing that only looks like one."""

import json
import math
import re
import shutil
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.apikeys.key_format import PATTERN, generate
from apps.oauth import token_format
from config.environment import ROOT

LEAKS = ROOT / "docs" / "leaks"
RULE, OAUTH = tomllib.loads((LEAKS / "gitleaks.toml").read_text())["rules"]
GITHUB = json.loads((LEAKS / "github.json").read_text())

MODES = ["live", "test"]
#: How keys stand in what people commit.
AROUND = [
    "{}",
    "KEY={}",
    'KEY="{}"',
    "key: '{}'",
    '{{"key": "{}"}}',
    "Authorization: Bearer {}",
    "curl -H 'X-API-Key: {}' https://api.example.com",
    "https://api.example.com/offers?api_key={}&limit=1",
    "`{}`,",
    "use {}.",
    "<td>{}</td>",
    "A{{{}}}",
    "first\n{}\nlast",
    "{}\r\n",
]


def gitleaks(text: str, rule: dict = RULE) -> list[str]:
    """What the rule finds as gitleaks reads it: a keyword, then the expression, then entropy."""
    if not any(word in text.lower() for word in rule["keywords"]):
        return []
    expression = re.compile(rule["regex"].replace("|$)", r"|\Z)"), re.ASCII)
    found = [match[rule["secretGroup"]] for match in expression.finditer(text)]
    return [secret for secret in found if entropy(secret) > rule["entropy"]]


def entropy(text: str) -> float:
    """Shannon's, in bits for each character."""
    shares = [count / len(text) for count in Counter(text).values()]
    return -sum(share * math.log2(share) for share in shares)


def github(text: str) -> list[str]:
    before, after = GITHUB["before_secret"], GITHUB["after_secret"].replace(r"\z", r"\Z")
    whole = re.compile(f"(?:{before})({GITHUB['secret_format']})(?:{after})", re.ASCII)
    return [match[1] for match in whole.finditer(text)]


SCANNERS = pytest.mark.parametrize("scan", [gitleaks, github])


@SCANNERS
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("mode", MODES)
def test_a_key_is_found_wherever_it_stands(scan, around: str, mode: str) -> None:
    key = generate(mode).text

    assert scan(around.format(key)) == [key]


@SCANNERS
@given(data=st.data())
def test_every_key_is_found(scan, data: st.DataObject) -> None:
    key = generate(data.draw(st.sampled_from(MODES))).text
    before, after = data.draw(st.tuples(*[st.text(st.sampled_from(" \n\"'=:/,.()[]{}<>-"))] * 2))

    assert scan(before + key + after) == [key]


def near_misses() -> dict[str, str]:
    key = generate("live").text
    return {
        "cut short": key[:-1],
        "too long": f"{key}0",
        "another word before it": f"x{key}",
        "an underscore before it": f"_{key}",
        "another mode": key.replace("gh_live_", "gh_prod_"),
        "in capitals": key.replace("gh_live_", "GH_LIVE_"),
        "a short id": key[:10] + key[11:],
        "a long id": f"{key[:10]}0{key[10:]}",
        "a sign in the secret": f"{key[:30]}-{key[31:]}",
        "a space in the secret": f"{key[:30]} {key[31:]}",
        "a letter of another alphabet": f"{key[:30]}é{key[31:]}",
        "broken over two lines": f"{key[:30]}\n{key[30:]}",
        "the prefix alone": key[:20],
        "GitHub's own token": f"ghp_{key[21:57]}",
        "an example with dots": "gh_live_4fTq81XcVm0Z_…",
    }


@SCANNERS
@pytest.mark.parametrize("what", near_misses())
def test_what_only_looks_like_a_key_is_left_alone(scan, what: str) -> None:
    assert scan(f"before {near_misses()[what]} after") == []


def test_a_made_up_example_is_left_alone_by_its_entropy() -> None:
    assert gitleaks(f"gh_live_{'x' * 12}_{'x' * 38}") == []


@pytest.mark.parametrize("kind", token_format.Kind)
@pytest.mark.parametrize("around", AROUND)
def test_a_token_is_found_wherever_it_stands(kind: token_format.Kind, around: str) -> None:
    text = token_format.generate(kind)

    assert gitleaks(around.format(text), OAUTH) == [text]
    assert gitleaks(around.format(f"{text}0"), OAUTH) == []
    assert token_format.PATTERN in OAUTH["regex"]


def test_the_patterns_are_the_one_that_the_service_parses_by() -> None:
    shape = PATTERN.replace("(live|test)", "(?:live|test)")
    shape = shape.replace("([0-9A-Za-z]{32})([0-9A-Za-z]{6})", "[0-9A-Za-z]{38}")
    shape = shape.replace("([0-9A-Za-z]{12})", "[0-9A-Za-z]{12}")

    assert shape in RULE["regex"]
    assert shape == GITHUB["secret_format"].replace("(live|test)", "(?:live|test)")


@pytest.mark.skipif(not shutil.which("gitleaks"), reason="gitleaks is not installed here")
def test_gitleaks_itself_finds_the_keys_and_nothing_else(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    keys = {f"{n}.txt": generate(MODES[n % 2]).text for n in range(len(AROUND))}
    for (name, key), around in zip(keys.items(), AROUND, strict=True):
        (tree / name).write_text(around.format(key))
    for number, text in enumerate(near_misses().values()):
        (tree / f"miss{number}.txt").write_text(f"before {text} after\n")
    command = ["gitleaks", "detect", "--no-git", "--source", str(tree), "--no-banner"]
    command += ["--config", str(LEAKS / "gitleaks.toml"), "--report-format", "json"]
    report = tmp_path / "report.json"

    done = subprocess.run([*command, "--report-path", str(report)], capture_output=True)
    ours = [f for f in json.loads(report.read_text()) if f["RuleID"] == RULE["id"]]

    assert done.returncode == 1
    assert {Path(f["File"]).name: f["Secret"] for f in ours} == keys

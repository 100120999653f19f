"""What tokens look like, and what of them is kept."""

import re
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from apps.access.presented import holds_key
from apps.core.redaction import redacted
from apps.oauth import token_format
from apps.oauth.token_format import PATTERN, Kind, generate, hashed, is_genuine, matches
from config.environment import ROOT


def test_each_kind_is_genuine_as_itself_alone() -> None:
    for kind in Kind:
        text = generate(kind)
        assert re.fullmatch(PATTERN, text)
        assert [other for other in Kind if is_genuine(text, other)] == [kind]


def test_no_two_are_alike() -> None:
    assert len({generate(Kind.ACCESS_TOKEN) for _ in range(200)}) == 200


@given(st.integers(6, 54), st.sampled_from("0Az"))
def test_one_letter_changed_is_no_token(position: int, letter: str) -> None:
    text = generate(Kind.REFRESH_TOKEN)
    changed = text[:position] + letter + text[position + 1 :]
    assert is_genuine(changed, Kind.REFRESH_TOKEN) == (changed == text)


@given(st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    assert not is_genuine(text, Kind.CODE)
    assert not is_genuine(f"gh_ac_{text}", Kind.CODE)


def test_what_stores_nothing_matches_nothing() -> None:
    text = generate(Kind.CLIENT_SECRET)
    assert matches(text, hashed(text))
    assert not matches(text, "")
    assert not matches("", "")
    assert not matches("", hashed(text))


def test_every_kind_is_known_in_a_url_and_taken_out_of_a_log() -> None:
    for kind in Kind:
        text = generate(kind)
        assert holds_key(f"/callback?x={text}")
        assert redacted(f"it was {text}.") == "it was [redacted]."


def test_the_scanners_rule_finds_every_kind() -> None:
    rules = tomllib.loads((ROOT / "docs/leaks/gitleaks.toml").read_text())["rules"]
    rule = next(rule for rule in rules if rule["id"] == "gatehouse-oauth")
    expression = re.compile(rule["regex"], re.ASCII)
    for kind in Kind:
        text = generate(kind)
        assert any(text.startswith(word) for word in rule["keywords"])
        assert expression.search(f"SECRET={text}\n")[rule["secretGroup"]] == text
        assert not expression.search(f"{text}x")


def test_two_hundred_and_fifty_six_bits() -> None:
    assert len(generate(Kind.CODE)) == 6 + 43 + 6
    assert 62**43 > 2**256
    assert len(token_format.ALPHABET) == 62

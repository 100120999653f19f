import base64
import secrets

import pytest

from config.generate_env import fresh_key
from config.rings import KeyRing


def encoded(material):
    return base64.urlsafe_b64encode(material).decode()


def test_a_ring_holds_every_key_and_the_active_one_is_chosen(loads):
    keys = {1: secrets.token_bytes(32), 65535: secrets.token_bytes(32)}
    text = ", ".join(f"{number}:{encoded(key)}" for number, key in keys.items())
    environment = loads(FIELD_KEYS=text, FIELD_KEY_ACTIVE="65535")
    assert environment.field_keys == keys
    assert environment.field_key_active == 65535


def test_padding_is_optional(loads):
    assert loads(AUDIT_KEY=fresh_key().rstrip("=")).audit_key


def test_a_pepper_and_an_audit_key_may_be_longer(loads):
    pepper, audit_key = secrets.token_bytes(64), secrets.token_bytes(48)
    environment = loads(API_KEY_PEPPERS=f"1:{encoded(pepper)}", AUDIT_KEY=encoded(audit_key))
    assert environment.api_key_peppers[1] == pepper
    assert environment.audit_key.get_secret_value() == audit_key


def test_a_ring_shows_its_ids_alone():
    assert repr(KeyRing({2: b"a key", 1: b"another"})) == "KeyRing(ids=[1, 2])"


@pytest.mark.parametrize("ring", ["FIELD_KEYS", "API_KEY_PEPPERS"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{a}", "entry 1 is not id:key"),
        ("0:{a}", "entry 1 is not id:key"),
        ("65536:{a}", "entry 1 is not id:key"),
        ("01:{a}", "entry 1 is not id:key"),
        ("+1:{a}", "entry 1 is not id:key"),
        ("1:", "entry 1 is not id:key"),
        ("1:{a},1:{b}", "gives one id twice"),
        ("1:{a},2:{a}", "gives two ids the same key"),
        (",", "has no entry"),
        ("1:{a},2:{short}", "entry 2 decodes to 31 bytes"),
        ("1:not*base64", "entry 1 is not URL-safe base64"),
        ("1:{zeros}", "entry 1 is a pattern"),
        ("1:change-me", "entry 1 is a placeholder"),
    ],
)
def test_a_malformed_ring_is_refused(loads, refused, ring, text, reason):
    material = {"a": fresh_key(), "b": fresh_key(), "zeros": encoded(bytes(32))}
    material["short"] = encoded(secrets.token_bytes(31))
    line = refused(loads, ring, **{ring: text.format(**material)})
    assert reason in line
    assert f"--print | grep ^{ring}=" in line
    assert not any(value in line for value in material.values())


def test_every_bad_entry_of_a_ring_is_named_at_once(loads, refused):
    line = refused(loads, "FIELD_KEYS", FIELD_KEYS=f"change-me,2:{fresh_key()},three")
    assert "entry 1 is a placeholder, not a secret; entry 3 is not id:key" in line


def test_a_field_key_is_exactly_32_bytes(loads, refused):
    longer = f"1:{encoded(secrets.token_bytes(33))}"
    assert "33 bytes where 32 bytes are" in refused(loads, "FIELD_KEYS", FIELD_KEYS=longer)


@pytest.mark.parametrize("name", ["FIELD_KEY_ACTIVE", "API_KEY_PEPPER_ACTIVE"])
def test_the_active_id_is_in_its_ring(loads, refused, name):
    line = refused(loads, name, **{name: "2"})
    assert "is not an id in" in line
    assert line.endswith(f"Mend: set {name}=1")


@pytest.mark.parametrize("name", ["FIELD_KEY_ACTIVE", "API_KEY_PEPPER_ACTIVE"])
@pytest.mark.parametrize("value", ["0", "65536", "one"])
def test_the_active_id_is_a_number_in_range(loads, refused, name, value):
    assert "must be" in refused(loads, name, **{name: value})


def test_a_short_secret_key_is_refused(loads, refused):
    short = secrets.token_urlsafe(64)[:49]
    assert "shorter than 50" in refused(loads, "SECRET_KEY", SECRET_KEY=short)


def test_a_short_audit_key_is_refused(loads, refused):
    short = encoded(secrets.token_bytes(31))
    assert "31 bytes where 32 bytes or more" in refused(loads, "AUDIT_KEY", AUDIT_KEY=short)


@pytest.mark.parametrize("spoiled", ["standard+/", "*", " inside ", "é"])
def test_base64_of_another_alphabet_is_refused(loads, refused, spoiled):
    text = fresh_key().rstrip("=") + spoiled + "AA"
    assert "not URL-safe base64" in refused(loads, "AUDIT_KEY", AUDIT_KEY=text)


def test_base64_with_stray_bits_is_refused(loads, refused):
    # "…B" and "…A" would decode to the same bytes: two texts for one key.
    text = encoded(secrets.token_bytes(31) + b"\x00").rstrip("=")[:-1] + "B"
    assert "not URL-safe base64" in refused(loads, "AUDIT_KEY", AUDIT_KEY=text)


@pytest.mark.parametrize(
    "word",
    ["change-me", "CHANGE_ME", "changeme", "Example", "placeholder", "django-insecure-"],
)
def test_a_long_placeholder_is_still_a_placeholder(loads, refused, word):
    text = word + secrets.token_urlsafe(64)
    assert "is a placeholder" in refused(loads, "SECRET_KEY", SECRET_KEY=text)


@pytest.mark.parametrize("word", ["secret", "Password"])
def test_a_word_alone_is_a_placeholder(loads, refused, word):
    assert "is a placeholder" in refused(loads, "AUDIT_KEY", AUDIT_KEY=word)


@pytest.mark.parametrize(
    "pattern", ["a" * 64, "abc" * 20, "".join(map(chr, range(48, 108))), "0123" * 16]
)
def test_a_pattern_is_no_secret_key(loads, refused, pattern):
    assert "is a pattern" in refused(loads, "SECRET_KEY", SECRET_KEY=pattern)


@pytest.mark.parametrize("material", [bytes(32), bytes(range(32)), b"ab" * 16])
def test_a_pattern_is_no_key(loads, refused, material):
    assert "is a pattern" in refused(loads, "AUDIT_KEY", AUDIT_KEY=encoded(material))


def test_no_two_secrets_are_equal(loads, refused, production):
    key = production["FIELD_KEYS"].removeprefix("1:")
    for name, text, earlier in [
        ("AUDIT_KEY", production["SECRET_KEY"], "SECRET_KEY"),
        ("API_KEY_PEPPERS", f"2:{fresh_key()},1:{key}", "FIELD_KEYS"),
        ("API_KEY_PEPPERS", f"1:{production['AUDIT_KEY']}", "AUDIT_KEY"),
        ("FIELD_KEYS", f"1:{production['AUDIT_KEY']}", "AUDIT_KEY"),
    ]:
        line = refused(loads, name, **{name: text})
        assert f"repeats {earlier}" in line


@pytest.mark.parametrize(
    "text",
    ["correct horse battery staple and forty more letters", secrets.token_urlsafe(64)],
    ids=["words", "random"],
)
def test_the_text_of_the_secret_key_is_not_encoded_as_another_key(loads, refused, text):
    line = refused(loads, "AUDIT_KEY", SECRET_KEY=text, AUDIT_KEY=encoded(text.encode()))
    assert "repeats SECRET_KEY" in line

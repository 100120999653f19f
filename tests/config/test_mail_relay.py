"""The relay of our letters: three forms, and none that anybody on the way can read."""

import pytest

from config.mail_relay import parse_relay


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtps://gate:p%40ss@mail.test", ("mail.test", 465, "gate", "p@ss", True, False)),
        ("smtps://mail.test:4650/", ("mail.test", 4650, "", "", True, False)),
        ("smtp+starttls://g@mail.test", ("mail.test", 587, "g", "", False, True)),
        ("smtp://localhost", ("localhost", 25, "", "", False, False)),
        ("smtp://127.0.0.2:2525", ("127.0.0.2", 2525, "", "", False, False)),
        ("smtp://[::1]", ("::1", 25, "", "", False, False)),
    ],
)
def test_a_relay_is_a_host_a_port_a_user_and_how_it_is_reached(url, relay):
    assert parse_relay(url) == relay


def test_no_relay_shows_its_password():
    assert "heron" not in repr(parse_relay("smtps://gate:heron@mail.test"))


@pytest.mark.parametrize("host", ["mail.test", "10.0.0.25", "192.168.1.1", "localhost.test"])
def test_letters_in_clear_stay_on_this_machine(loads, refused, host):
    assert "in clear" in refused(loads, "EMAIL_URL", EMAIL_URL=f"smtp://{host}:25")


@pytest.mark.parametrize(
    "url",
    ["mail.test", "http://mail.test", "smtps://", "smtps://mail.test/box", "smtps://mail.test?x=1"],
)
def test_what_is_no_relay_is_refused(loads, refused, url):
    refused(loads, "EMAIL_URL", EMAIL_URL=url)


def test_a_placeholder_is_no_password(loads, refused):
    refused(loads, "EMAIL_URL", EMAIL_URL="smtps://gatehouse:change-me@mail.test")


def test_the_relay_may_be_named_in_a_file(loads, tmp_path):
    file = tmp_path / "relay"
    file.write_text("smtps://gate:a+long+one@mail.test\n")
    environment = loads(EMAIL_URL=None, EMAIL_URL_FILE=str(file))
    assert environment.email_url.get_secret_value() == "smtps://gate:a+long+one@mail.test"


def test_development_prints_letters_unless_told_otherwise(develops):
    assert develops().email_url is None
    assert develops(EMAIL_URL="smtp://localhost:1025").email_url is not None

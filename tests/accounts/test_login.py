"""Signing in: limited per account and per address, recorded either way, and telling nobody more."""

import base64
import json
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.ratelimits.guards import Flow, failed
from tests import world
from tests.people import PASSWORD, is_signed_in, link, post, sign_in, verified

pytestmark = pytest.mark.django_db

EMAIL = "ana@example.com"


@pytest.fixture(autouse=True)
def ana() -> User:
    return verified(email=EMAIL)


def login(
    email: str = EMAIL,
    password: str = "wrong",
    address: str = "198.51.100.7",
    client: Client | None = None,
    **fields: str,
) -> object:
    client = client or Client()
    return post(client, "login/", address, login=email, password=password, **fields)


def sign_up(email: str) -> object:
    return post(Client(), "signup/", email=email, password1=PASSWORD)


def outcomes() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("at", "id").values_list("verb", "actor"))


def test_the_right_password_signs_in_and_is_recorded(ana: User) -> None:
    client = Client()
    response = login(password=PASSWORD, client=client)

    assert (response.status_code, response["Location"]) == (302, "/accounts/")
    assert is_signed_in(client)
    assert outcomes() == [("login.succeeded", f"user:{ana.pk}")]


def test_a_wrong_password_does_not_and_is_recorded_about_the_account(ana: User) -> None:
    assert login().status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id) == ("login.failed", "anonymous", str(ana.pk))
    assert entry.address == "198.51.100.7"
    assert EMAIL not in str(entry.__dict__) and "wrong" not in str(entry.__dict__)


def same_page(response: object) -> tuple[int, dict[str, str], str]:
    """Without what is new on every page (form token, request id) and what was typed."""
    html = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    html = re.sub(r'name="login" value="[^"]*"', "", html)
    headers = {
        name: value
        for name, value in response.headers.items()
        if name not in ("X-Request-ID", "Expires", "Content-Length")
    }
    return response.status_code, headers, html


def test_nobody_a_wrong_password_and_somebody_switched_off_get_the_same_bytes() -> None:
    off = verified(email="off@example.com")
    User.objects.filter(pk=off.pk).update(is_active=False)

    unknown = same_page(login("nobody@example.com", PASSWORD))
    assert unknown == same_page(login(password="wrong"))
    assert unknown == same_page(login("off@example.com", PASSWORD))
    assert unknown == same_page(login("off@example.com", "wrong"))


def hashes(monkeypatch: pytest.MonkeyPatch, email: str, password: str = "wrong") -> int:
    from django.contrib.auth import hashers

    made = []
    encode = hashers.BCryptSHA256PasswordHasher.encode
    count = lambda *args, **kwargs: made.append(1) or encode(*args, **kwargs)  # noqa: E731
    monkeypatch.setattr(hashers.BCryptSHA256PasswordHasher, "encode", count)
    login(email, password)
    monkeypatch.undo()
    return len(made)


def test_all_three_cost_one_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    off = verified(email="off@example.com")
    User.objects.filter(pk=off.pk).update(is_active=False)

    assert hashes(monkeypatch, "nobody@example.com") == 1
    assert hashes(monkeypatch, EMAIL) == 1
    assert hashes(monkeypatch, "off@example.com", PASSWORD) == 1


def test_after_five_tries_an_account_waits_wherever_they_come_from() -> None:
    for attempt in range(5):
        assert login(address=f"198.51.100.{attempt}").status_code == 200
    response = login(password=PASSWORD, address="203.0.113.9")

    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 15 * 60
    assert "Nothing is locked for good" in response.content.decode()
    assert len(outcomes()) == 5
    assert login("other@example.com").status_code == 200


def test_each_wrong_password_is_counted_for_the_longer_wait() -> None:
    for number in range(6):
        failed(Flow.LOGIN, f"192.0.2.{number}", EMAIL)
    for number in range(4):
        assert login(address=f"198.51.100.{number}").status_code == 200

    assert login(password=PASSWORD, address="203.0.113.9").status_code == 429


def test_wrong_passwords_make_the_wait_longer_and_a_reset_by_mail_ends_it(ana: User) -> None:
    for attempt in range(10):
        failed(Flow.LOGIN, f"192.0.2.{attempt}", EMAIL)
    refused = login(password=PASSWORD, address="203.0.113.9")
    assert refused.status_code == 429
    assert "/accounts/password/reset/" in refused.content.decode()

    post(Client(), "password/reset/", email=EMAIL)
    client = Client()
    form = client.get(link())["Location"]
    client.post(
        form,
        {"password1": "seven otters under a bridge", "password2": "seven otters under a bridge"},
    )
    assert login(password="seven otters under a bridge").status_code == 302


def test_right_passwords_are_no_wrong_guesses() -> None:
    for _ in range(4):
        assert login(password=PASSWORD).status_code == 302
    for attempt in range(9):
        failed(Flow.LOGIN, f"192.0.2.{attempt}", EMAIL)
    assert login(password=PASSWORD, address="203.0.113.9").status_code == 302


def test_after_thirty_tries_an_address_waits_for_every_account() -> None:
    for attempt in range(30):
        assert login(f"nobody{attempt}@example.com").status_code == 200

    assert login(password=PASSWORD).status_code == 429
    assert login(password=PASSWORD, address="203.0.113.1, 198.51.100.7").status_code == 429
    assert login(password=PASSWORD, address="198.51.100.8").status_code == 302


SPELLINGS = ["ANA@example.com", " ana@example.com ", "Ana@EXAMPLE.com"]
WIDE = ["ａna@example.com", "anａ@example.com", "ana@ｅxample.com", "ana＠example.com"]


@pytest.mark.parametrize("spelling", [*SPELLINGS, *WIDE])
def test_every_spelling_of_an_account_is_one_account(spelling: str) -> None:
    login(spelling, PASSWORD)
    for attempt in range(4):
        login(address=f"203.0.113.{attempt}")

    assert login(spelling, PASSWORD).status_code == 429


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_may_be_typed_in_any_case(spelling: str) -> None:
    assert login(spelling, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "other", ["ıan@sites.com", "ian@ſites.com", "ian@sıtes.com", "ian@ſıtes.com"]
)
def test_letters_that_a_database_takes_for_others_are_another_account(other: str) -> None:
    ian = verified(email="ian@sites.com")
    assert login(other, PASSWORD).status_code == 200
    assert not mail.outbox and ian.emailaddress_set.count() == 1
    assert sign_up(other).status_code == 302
    assert User.objects.filter(email=other).count() == 1

    assert login("ian@sites.com", PASSWORD).status_code == 302
    post(Client(), "password/reset/", email=other)
    assert mail.outbox[-1].to == [other]


def test_looking_at_the_form_costs_no_try() -> None:
    for _ in range(6):
        assert Client().get("/accounts/login/").status_code == 200

    assert login(password=PASSWORD).status_code == 302


def test_no_address_book_entry_stands_in_a_cache_key() -> None:
    login()
    store = cache._cache
    names = store.get_client().keys("*") if hasattr(store, "get_client") else list(store)

    assert len(names) >= 2
    assert not any("ana" in str(name) for name in names)


def test_the_session_cookie_is_out_of_reach_and_new_at_login() -> None:
    client = Client()
    client.get("/accounts/second-factors/passkeys/login/")
    known = client.cookies["session"].value
    cookie = login(password=PASSWORD, client=client).cookies["session"]

    assert known and cookie.value != known
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    client.cookies["session"] = known
    assert not is_signed_in(client)


def test_a_login_without_its_form_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)

    assert login(password=PASSWORD, client=client).status_code == 403
    assert outcomes() == []


def test_who_is_switched_off_is_out_at_the_next_request(ana: User) -> None:
    client = sign_in(ana)
    User.objects.update(is_active=False)

    assert not is_signed_in(client)
    assert login(password=PASSWORD).status_code == 200


@pytest.mark.parametrize(
    "target",
    [
        "https://attacker.example/",
        "//attacker.example/",
        "/\\attacker.example",
        "\\\\attacker.example",
        "javascript:alert(1)",
        "http://127.0.0.1/",
        "http://testserver/docs/",
        "https:attacker.example",
        " //attacker.example",
        "/%09/attacker.example\t//x",
    ],
)
def test_next_leads_to_no_other_host(target: str) -> None:
    assert login(password=PASSWORD, next=target)["Location"].startswith("/")
    location = login(password=PASSWORD, next=target)["Location"]
    assert re.match(r"/(?![/\\])", location)


def test_next_leads_to_a_page_of_ours() -> None:
    assert login(password=PASSWORD, next="/docs/")["Location"] == "/docs/"


@pytest.mark.parametrize("path", ["/api/v2/me", "/api/v2/offers"])
def test_a_session_is_nothing_below_api(ana: User, path: str) -> None:
    assert sign_in(ana).get(path).status_code == 401


@pytest.mark.parametrize(
    "path", ["", "sessions/", "password/change/", "second-factors/", "second-factors/passkeys/"]
)
def test_pages_of_the_account_ask_for_a_login_first(path: str) -> None:
    response = Client().get(f"/accounts/{path}")
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next=/accounts/{path}"


def test_signing_out_ends_the_session(ana: User) -> None:
    client = sign_in(ana)
    stolen = client.cookies["session"].value
    assert client.get("/accounts/logout/").status_code == 200
    assert is_signed_in(client)
    client.post("/accounts/logout/")

    assert not is_signed_in(client)
    client.cookies["session"] = stolen
    assert not is_signed_in(client)
    assert outcomes()[-1] == ("login.ended", f"user:{ana.pk}")


def test_a_user_made_elsewhere_proves_the_address_first() -> None:
    user = world.person(password=PASSWORD)
    response = login(user.email, PASSWORD)

    assert response["Location"] == "/accounts/confirm-email/"


_CLIENT_DATA = b'{"type": "webauthn.get", "challenge": "eA", "origin": "http://localhost:8000"}'


def answered(authenticator_data: bytes) -> str:
    """Shaped as the answer of a passkey of nobody."""
    text = base64.urlsafe_b64encode(authenticator_data).decode().rstrip("=")
    data = base64.urlsafe_b64encode(_CLIENT_DATA).decode()
    parts = {"clientDataJSON": data, "authenticatorData": text, "signature": "eA"}
    return json.dumps(
        {"id": "eA", "rawId": "eA", "type": "public-key", "response": parts | {"userHandle": "eA"}}
    )


#: Extensions follow (the flag), and are cut short, nested a thousand times, or too long to be.
_BROKEN_CBOR = [
    bytes(32) + b"\x80" + bytes(4) + tail for tail in (b"", b"\x9a\x00", b"\x81" * 5000)
]
_BROKEN_CBOR.append(bytes(32) + b"\x80" + bytes(4) + b"\x5b" + b"\xff" * 8)


@pytest.mark.parametrize(
    "credential",
    [
        *("", "x", "[]", "{}", '{"response": {"userHandle": "eHg"}}', '{"id": 1}'),
        *("[" * 100_000, "1" * 5_000, '"\\ud800"', "\x00", "NaN"),
        *(answered(data) for data in _BROKEN_CBOR),
    ],
)
def test_what_is_no_passkey_signs_nobody_in_and_is_no_500(credential: str) -> None:
    client = Client(raise_request_exception=False)
    asked = client.get("/accounts/second-factors/passkeys/login/")
    assert asked.json()["request_options"]["publicKey"]["rpId"] == "localhost"
    for _ in range(7):  # of no account, so that nobody uses up the tries of another
        fields = {"credential": credential} if credential else {}
        answer = post(client, "second-factors/passkeys/login/", **fields)
        assert answer.status_code in (200, 302), answer.content
    assert not is_signed_in(client)

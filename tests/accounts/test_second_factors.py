"""Second factors: adding, being asked, replay, guessing, recovery, and what is stored."""

import re
from base64 import b64encode

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client, TestCase

from apps.accounts.models import SecondFactorSecret, User
from apps.accounts.second_factors import MisplacedSecret, opened
from apps.accounts.totp import code_at
from apps.audit.models import AuditEntry
from apps.ratelimits.guards import Flow, failed
from tests import people
from tests.people import SECRET, code, is_signed_in, letter, post, sign_in, verified, with_totp

pytestmark = pytest.mark.django_db

ASKED = "/accounts/second-factors/authenticate/"


@pytest.fixture
def ana() -> User:
    return verified(email="ana@example.com")


def half_way(user: User) -> Client:
    """A browser after the password and before the code."""
    client = Client()
    answer = post(client, "login/", login=user.email, password=people.PASSWORD)
    assert answer["Location"] == ASKED
    return client


def prove(client: Client, text: str, **fields: str) -> object:
    return post(client, "second-factors/authenticate/", code=text, **fields)


def verbs() -> list[str]:
    return list(AuditEntry.objects.order_by("at", "id").values_list("verb", flat=True))


def add_app(client: Client) -> tuple[str, object]:
    """Read the secret off the page and send its code; returns both."""
    page = client.get("/accounts/second-factors/totp/activate/").content.decode()
    secret = re.search(r'class="secret-text">(\w+)<', page)[1]
    assert "data:image/svg+xml;base64," in page
    now = code_at(secret, int(people.time.time()) // 30)
    with TestCase.captureOnCommitCallbacks(execute=True):
        return secret, post(client, "second-factors/totp/activate/", code=now)


def test_an_app_is_added_and_its_code_asked_for_at_the_next_login(ana: User) -> None:
    client = sign_in(ana)
    secret, answer = add_app(client)
    assert answer["Location"] == "/accounts/second-factors/recovery-codes/"

    again = half_way(ana)
    assert not is_signed_in(again)
    following = code_at(secret, int(people.time.time()) // 30 + 1)
    assert prove(again, following)["Location"] == "/accounts/"
    assert is_signed_in(again)
    added = AuditEntry.objects.filter(verb="second_factor.added").values_list("changes", flat=True)
    assert sorted(change["kind"] for change in added) == ["recovery_codes", "totp"]
    home = client.get("/accounts/").content.decode()
    assert home.count("Second factor added: authenticator app") == 1
    assert home.count("Second factor added: recovery codes") == 1


def test_the_code_that_added_the_app_is_used_up(ana: User) -> None:
    client = sign_in(ana)
    secret, _ = add_app(client)
    now = int(people.time.time()) // 30
    thief = half_way(ana)

    assert "used before" in prove(thief, code_at(secret, now)).content.decode()
    assert not is_signed_in(thief)


def test_an_app_that_is_added_twice_at_one_moment_is_added_once(ana: User, monkeypatch) -> None:
    client = sign_in(ana)
    client.raise_request_exception = False
    with_totp(ana)
    monkeypatch.setattr("allauth.mfa.totp.views.is_mfa_enabled", lambda *_: False)
    monkeypatch.setattr("apps.accounts.adapter.is_mfa_enabled", lambda *_: False)
    _, answer = add_app(client)

    assert answer["Location"] == "/accounts/second-factors/"
    assert Authenticator.objects.filter(type="totp").count() == 1
    assert SecondFactorSecret.objects.count() == 1


def test_its_owner_is_told_by_mail(ana: User) -> None:
    add_app(sign_in(ana))
    assert "Authenticator app" in letter() and mail.outbox[-1].to == [ana.email]


def test_nothing_of_a_second_factor_is_readable_in_the_database(ana: User) -> None:
    client = sign_in(ana)
    secret, _ = add_app(client)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        cells = [str(row[0]).encode() for row in cursor.fetchall()]
        cursor.execute("SELECT secret FROM accounts_secondfactorsecret")
        cells += [bytes(row[0]) for row in cursor.fetchall()]
        cursor.execute("SELECT session_data FROM django_session")
        cells += [str(row[0]).encode() for row in cursor.fetchall()]
    assert len(cells) >= 4
    for form in (secret.encode(), b64encode(secret.encode())):
        assert not [cell for cell in cells if form in cell]


def test_a_secret_that_was_copied_to_another_user_opens_for_nobody(ana: User) -> None:
    thief = with_totp(verified(email="thief@example.com"))
    with_totp(ana)
    known = Authenticator.objects.get(user=thief).data
    Authenticator.objects.filter(user=ana).update(data=known)

    with pytest.raises(MisplacedSecret):
        opened(ana.pk, known["secret"])
    client = half_way(ana)
    client.raise_request_exception = False
    assert prove(client, code()).status_code == 500
    assert not is_signed_in(client)


def test_a_code_is_good_once(ana: User) -> None:
    with_totp(ana)
    used = code()
    assert prove(half_way(ana), used).status_code == 302
    client = half_way(ana)

    assert "used before" in prove(client, used).content.decode()
    assert not is_signed_in(client)
    assert verbs()[-1] == "second_factor.failed"


def test_a_code_from_before_the_last_one_is_none(ana: User) -> None:
    with_totp(ana)
    assert prove(half_way(ana), code(+1)).status_code == 302

    assert prove(half_way(ana), code()).status_code == 200
    assert prove(half_way(ana), code(-1)).status_code == 200


@pytest.mark.parametrize("ahead", [-2, 2, 10])
def test_a_code_of_another_time_is_none(ana: User, ahead: int) -> None:
    with_totp(ana)
    assert prove(half_way(ana), code(ahead)).status_code == 200


def test_codes_are_guessed_five_times_and_then_wait(ana: User) -> None:
    with_totp(ana)
    clients = [half_way(ana) for _ in range(2)]
    for number in range(5):
        answer = post(
            clients[number % 2],
            "second-factors/authenticate/",
            address=f"203.0.113.{number}",
            code="000000",
        )
        assert answer.status_code == 200
    answer = prove(clients[0], code())

    assert answer.status_code == 429 and 1 <= int(answer["Retry-After"]) <= 900
    assert not is_signed_in(clients[0])


def test_each_wrong_code_is_counted_for_the_longer_wait(ana: User) -> None:
    client = half_way(with_totp(ana))
    for number in range(6):
        failed(Flow.CONFIRMATION, f"192.0.2.{number}", ana.email)
    for number in range(4):
        fields = {"address": f"203.0.113.{number}", "code": "000000"}
        assert post(client, "second-factors/authenticate/", **fields).status_code == 200

    assert prove(client, code()).status_code == 429
    assert not is_signed_in(client)


def test_the_code_without_the_password_is_nothing(ana: User) -> None:
    with_totp(ana)
    client = Client()

    assert prove(client, code())["Location"] == "/accounts/login/"
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "path", ["", "sessions/", "second-factors/", "second-factors/totp/activate/"]
)
def test_half_way_in_is_not_in(ana: User, path: str) -> None:
    with_totp(ana)
    client = half_way(ana)
    assert client.get(f"/accounts/{path}")["Location"].startswith("/accounts/login/?next=")
    assert client.get("/admin/").status_code == 302


def test_who_is_switched_off_half_way_gets_no_session_for_later(ana: User) -> None:
    client = half_way(with_totp(ana))
    User.objects.update(is_active=False)
    assert prove(client, code())["Location"] == "/accounts/login/"
    assert "login.succeeded" not in verbs()

    User.objects.update(is_active=True)
    assert not is_signed_in(client)


def test_a_replaced_password_is_no_half_of_a_sign_in(ana: User) -> None:
    client = half_way(with_totp(ana))
    ana.set_password("seven otters under a bridge")
    ana.save()

    assert prove(client, code())["Location"] == "/accounts/login/"
    assert not is_signed_in(client)


def test_recovery_codes_open_once_each_and_are_renewed(ana: User) -> None:
    client = sign_in(ana)
    add_app(client)
    page = client.get("/accounts/second-factors/recovery-codes/")
    codes = re.findall(r"^(\d{10})$", page.content.decode().replace(">", ">\n"), re.MULTILINE)
    assert len(set(codes)) == 10
    assert "no-store" in page["Cache-Control"]

    assert prove(half_way(ana), codes[0]).status_code == 302
    assert prove(half_way(ana), codes[0]).status_code == 200
    with TestCase.captureOnCommitCallbacks(execute=True):
        post(client, "second-factors/recovery-codes/generate/")
    assert prove(half_way(ana), codes[1]).status_code == 200
    assert SecondFactorSecret.objects.count() == 2
    assert verbs().count("recovery_codes.renewed") == 1


def test_a_password_alone_removes_no_factor(ana: User) -> None:
    before = sign_in(ana)
    add_app(sign_in(ana))
    answer = post(before, "second-factors/totp/deactivate/")

    assert answer["Location"].startswith("/accounts/second-factors/reauthenticate/")
    assert Authenticator.objects.filter(type="totp").count() == 1


def test_who_proved_the_factor_may_remove_it(ana: User) -> None:
    client = sign_in(with_totp(ana))
    assert is_signed_in(client)
    post(client, "second-factors/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert not SecondFactorSecret.objects.exists()
    assert verbs()[-1] == "second_factor.removed"


@pytest.mark.parametrize(
    "path",
    [
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "recovery-codes/download/",
        "passkeys/add/",
    ],
)
def test_what_matters_asks_for_the_factor_again_after_a_while(
    ana: User, path: str, settings
) -> None:
    client = sign_in(with_totp(ana))
    client.get("/accounts/second-factors/recovery-codes/generate/")
    post(client, "second-factors/recovery-codes/generate/")
    assert client.get(f"/accounts/second-factors/{path}").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = -1

    answer = client.get(f"/accounts/second-factors/{path}")
    assert answer["Location"].startswith("/accounts/second-factors/reauthenticate/?next=")
    password = client.get(f"/accounts/reauthenticate/?next=/accounts/second-factors/{path}")
    assert password["Location"].startswith("/accounts/second-factors/reauthenticate/")


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_nothing_is_done_by_a_method_that_no_form_has(ana: User, method: str) -> None:
    client = sign_in(with_totp(ana))
    passkey = Authenticator.objects.create(user=ana, type="webauthn", data={"name": "a key"})
    path = f"/accounts/second-factors/passkeys/{passkey.pk}/remove/"
    answer = client.generic(method, path)

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_a_factor_is_not_added_to_an_address_that_nobody_proved(ana: User) -> None:
    client = sign_in(ana)
    ana.emailaddress_set.update(verified=False)

    assert client.get("/accounts/second-factors/totp/activate/").status_code == 302


def test_the_name_of_a_passkey_is_a_name(ana: User) -> None:
    client = sign_in(with_totp(ana))
    passkey = Authenticator.objects.create(user=ana, type="webauthn", data={"name": "a key"})
    path = f"second-factors/passkeys/{passkey.pk}/edit/"

    assert post(client, path, name="n" * 61).status_code == 200
    assert post(client, path, name="n" * 60).status_code == 302
    passkey.refresh_from_db()
    assert passkey.data["name"] == "n" * 60


@pytest.mark.parametrize("answer", ["[" * 100_000, "1" * 5_000, '{"id": "\\ud800"}', "{}", "x"])
def test_what_is_no_new_passkey_is_refused_and_no_500(ana: User, answer: str) -> None:
    client = sign_in(ana)
    client.get("/accounts/second-factors/passkeys/add/")

    assert post(client, "second-factors/passkeys/add/", credential=answer).status_code == 200
    assert not Authenticator.objects.exists()


def test_the_code_field_helps_people(ana: User) -> None:
    page = half_way(with_totp(ana)).get(ASKED).content.decode()
    field = re.search(r'<input[^>]*name="code"[^>]*>', page)[0]

    assert 'autocomplete="one-time-code"' in field and 'inputmode="numeric"' in field
    assert SECRET not in page

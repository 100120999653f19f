"""Keys that others have seen: ended or told of, only for who holds the whole key."""

from typing import Any

import pytest
from django.conf import settings

from apps.access.challenges import CredentialRefused
from apps.access.credential import COMMAND_LINE
from apps.apikeys.authentication import resolve
from apps.apikeys.key_format import ALPHABET, checksum, generate
from apps.apikeys.lifecycle import revoke
from apps.apikeys.models import ApiKey, Notice
from apps.audit.models import AuditEntry
from tests import world
from tests.api import Api, assert_problem

pytestmark = pytest.mark.django_db

HOME = "198.51.100.7"


def report(text: Any) -> Any:
    return Api().post("api-keys/report-leak", {"key": text})


def without(response: Any, *names: str) -> dict[str, str]:
    changing = {"X-Request-ID", "RateLimit", "X-RateLimit-Remaining", "X-RateLimit-Reset", *names}
    return {k: v for k, v in response.headers.items() if k not in changing}


def guessed(text: str) -> str:
    """The same public id, another secret, a good checksum."""
    other = ALPHABET[(ALPHABET.index(text[30]) + 1) % 62]
    body = text[:30] + other + text[31:-6]
    return body + checksum(body)


def test_a_reported_key_ends_at_once_and_its_owner_is_told() -> None:
    row, text = world.key_row(world.person())

    assert report(f" {text}\n").status_code == 202
    with pytest.raises(CredentialRefused):
        resolve(text, HOME)
    assert Notice.objects.values_list("key", "kind").get() == (row.pk, "leaked")
    entry = AuditEntry.objects.get(verb="api_key.leaked")
    assert (entry.object_id, entry.actor) == (str(row.pk), "anonymous")


def test_known_unknown_and_malformed_are_answered_alike() -> None:
    row, text = world.key_row(world.person())
    ended, dead = world.key_row(world.person())
    revoke(COMMAND_LINE, ended)
    answers = [
        report(one)
        for one in (
            text,
            guessed(text),
            dead,
            generate(settings.API_KEY_MODE).text,
            generate("live").text,
            text[:-1],
            "gh_",
            "nothing of ours",
            "\u0000",
        )
    ]

    assert {(a.status_code, a.content) for a in answers} == {(202, b"")}
    assert all(without(a) == without(answers[0]) for a in answers)
    assert list(Notice.objects.values_list("key", flat=True)) == [row.pk]


def test_a_guess_ends_nothing() -> None:
    text = world.key(world.person())
    report(guessed(text))
    report(text[:20])

    assert resolve(text, HOME)
    assert not AuditEntry.objects.filter(verb="api_key.leaked").exists()


def test_a_key_in_its_overlap_ends_now() -> None:
    from apps.apikeys.rotation import rotate

    row, text = world.key_row(world.person())
    _, successor = rotate(COMMAND_LINE, row)
    report(text)

    with pytest.raises(CredentialRefused):
        resolve(text, HOME)
    assert resolve(successor, HOME)


def test_reporting_twice_is_recorded_and_told_once() -> None:
    text = world.key(world.person())
    for _ in range(3):
        report(text)

    assert AuditEntry.objects.filter(verb="api_key.leaked").count() == 1
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"key": 1}, {"key": None}, {"key": ""}, {"key": "x" * 4097}])
def test_what_is_no_text_is_pointed_at(body: dict) -> None:
    response = Api().post("api-keys/report-leak", body)
    assert_problem(response, 400, "validation_failed", "/key")


def test_an_address_reports_ten_times_a_minute_with_a_credential_or_without() -> None:
    caller = Api(world.key(world.person()))
    for number in range(10):
        api = caller if number % 2 else Api()
        assert api.post("api-keys/report-leak", {"key": "x"}).status_code == 202

    for api in (caller, Api()):
        response = api.post("api-keys/report-leak", {"key": "x"})
        assert_problem(response, 429, "rate_limited")
        assert int(response["Retry-After"]) >= 1
    assert Api().get("listings").status_code == 200


URLS = [
    "offers?api_key={}",
    "offers?access_token={}",
    "listings?city={}",
    "listings?{}=1",
    "listings/{}",
    "nowhere?x={}",
    "nowhere/{}/there",
    "/api/v1/offers?api_key={}",
]


@pytest.mark.parametrize("url", URLS)
def test_a_key_in_a_url_is_refused_audited_with_its_name_and_its_owner_told(url: str) -> None:
    row, text = world.key_row(world.person())
    for _ in range(2):
        assert_problem(Api().get(url.format(text)), 400, "credential_exposed")

    entries = AuditEntry.objects.filter(verb="credential.exposed")
    assert [entry.object_id for entry in entries] == [str(row.pk)] * 2
    assert text[21:] not in str([entry.__dict__ for entry in entries])
    assert Notice.objects.values_list("key", "kind").get() == (row.pk, "exposed")
    assert resolve(text, HOME)


def test_a_url_with_a_made_up_key_tells_nobody() -> None:
    text = world.key(world.person())
    for one in (guessed(text), text[:-1], generate(settings.API_KEY_MODE).text):
        assert_problem(Api().get(f"offers?api_key={one}"), 400, "credential_exposed")

    assert not Notice.objects.exists()
    assert AuditEntry.objects.filter(verb="credential.exposed", object_id="").count() == 3


def test_the_owner_of_a_key_that_has_ended_needs_not_be_told() -> None:
    row, text = world.key_row(world.person())
    revoke(COMMAND_LINE, row)
    assert_problem(Api().get(f"offers?api_key={text}"), 400, "credential_exposed")

    assert not Notice.objects.exists()
    assert AuditEntry.objects.get(verb="credential.exposed").object_id == str(row.pk)


def test_two_keys_in_one_url_are_both_told() -> None:
    texts = [world.key(world.person()) for _ in range(2)]
    Api().get(f"offers?a={texts[0]}&b={texts[1]}")

    assert set(Notice.objects.values_list("key", flat=True)) == set(
        ApiKey.objects.values_list("pk", flat=True)
    )


def test_two_credentials_are_refused_and_audited() -> None:
    text = world.key(world.person())
    response = Api(text).get("me", x_api_key=text)

    assert_problem(response, 400, "malformed_credential", "#Authorization")
    entry = AuditEntry.objects.get(verb="credential.refused")
    assert (entry.reason, entry.actor) == ("malformed_credential", "anonymous")

"""Keys that sign ID tokens: one command rotates them, and the clock does the rest on every node."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from apps.audit.models import AuditEntry
from apps.oauth import checks, signing_keys
from apps.oauth.keeping import keep_signing_keys
from apps.oauth.models import SigningKey
from apps.oauth.signing_keys import JWKS_MAX_AGE, SLACK, NoSigningKey

pytestmark = pytest.mark.django_db
ID_TOKEN_LIFE = timedelta(minutes=5)


def command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("oauth_keys", *arguments, stdout=out)
    return out.getvalue()


def kids(at: datetime | None = None) -> list[str]:
    return [key.kid for key in signing_keys.published(at)]


def jwks() -> list[dict[str, Any]]:
    response = Client().get("/.well-known/jwks.json")
    assert response.status_code == 200
    return response.json()["keys"]


def test_the_first_key_is_made_once() -> None:
    SigningKey.objects.all().delete()
    assert command("ensure") == "Made the first key.\n"
    assert command("ensure") == "There is a key already.\n"
    key = SigningKey.objects.get()
    assert signing_keys.current() == key
    assert signing_keys.private_jwk(key).export_public(as_dict=True)["n"]
    assert AuditEntry.objects.get(verb="signing_key.made").reason == "first"


def test_without_a_key_nothing_is_ready_and_the_command_is_named() -> None:
    SigningKey.objects.all().delete()
    with pytest.raises(NoSigningKey):
        signing_keys.current()
    (warning,) = checks.a_key_signs(None, ["default"])
    assert (warning.id, "oauth_keys ensure" in warning.hint) == ("oauth.W001", True)
    assert Client().get("/readyz").json()["parts"]["signing"] == "failing"
    assert jwks() == []
    keep_signing_keys()  # the worker makes it, whoever forgot
    assert checks.a_key_signs(None, ["default"]) == []
    assert Client().get("/readyz").json()["parts"]["signing"] == "ok"


def test_the_next_key_is_published_at_once_and_signs_when_every_cache_knows_it() -> None:
    old = signing_keys.current()
    before = datetime.now(UTC)
    said = command("rotate")
    new = signing_keys.waiting()
    assert new.kid in said
    assert [one["kid"] for one in jwks()] == [old.kid, new.kid]
    assert before + JWKS_MAX_AGE + SLACK <= new.active_from
    start = new.active_from
    instant = timedelta(microseconds=1)
    assert signing_keys.current(start - instant) == old
    assert signing_keys.current(start) == new
    gone = start + ID_TOKEN_LIFE + SLACK
    assert kids(gone - instant) == [old.kid, new.kid]
    assert kids(gone) == [new.kid]


def test_a_second_rotation_waits_for_the_first() -> None:
    command("rotate")
    with pytest.raises(CommandError, match="waiting already"):
        command("rotate")
    assert SigningKey.objects.count() == 2


def test_a_compromised_key_is_worthless_at_once() -> None:
    command("rotate")
    before = set(kids())
    command("rotate", "--compromised")
    assert len(jwks()) == 1
    assert jwks()[0]["kid"] not in before
    assert signing_keys.current().kid == jwks()[0]["kid"]
    assert AuditEntry.objects.filter(verb="signing_key.made", reason="compromised").exists()


def test_each_key_says_what_it_does() -> None:
    command("rotate")
    assert [line.split()[-1] for line in command("list").splitlines()] == ["signing", "waiting"]
    command("rotate", "--compromised")
    states = [line.split()[-1] for line in command("list").splitlines()]
    assert sorted(states) == ["compromised", "compromised", "signing"]


def test_keys_of_tokens_that_are_over_are_deleted_and_no_other() -> None:
    old = signing_keys.current()
    command("rotate")
    keep_signing_keys()
    assert SigningKey.objects.count() == 2
    long_ago = datetime.now(UTC) - ID_TOKEN_LIFE - SLACK
    SigningKey.objects.exclude(pk=old.pk).update(active_from=long_ago)
    keep_signing_keys()
    assert not SigningKey.objects.filter(pk=old.pk).exists()
    assert SigningKey.objects.count() == 1


def test_what_is_published_is_public() -> None:
    (key,) = jwks()
    assert set(key) == {"kid", "use", "alg", "kty", "n", "e"}
    assert (key["use"], key["alg"], key["kty"]) == ("sig", "RS256", "RSA")


def test_a_private_key_is_encrypted_at_rest() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT private_key FROM oauth_signingkey")
        stored = bytes(cursor.fetchone()[0])
    assert b"PRIVATE KEY" not in stored
    key = signing_keys.current()
    assert "PRIVATE" not in repr(key) and str(key) == key.kid


def test_a_new_key_has_as_many_bits_as_the_house_wants() -> None:
    SigningKey.objects.all().delete()
    signing_keys.ensure()
    pem = signing_keys.current().private_key
    assert len(pem) > 2300  # 3072 bits; 2048 have 1704

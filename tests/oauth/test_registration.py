"""What a client may be registered as, by the domain and by the database alike."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.audit.models import AuditEntry
from apps.oauth import lifecycle
from apps.oauth.models import OAuthClient
from tests import tokens, world
from tests.tokens import Operator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"grant_types": "implicit"}, "grant_types"),
        ({"grant_types": "password"}, "grant_types"),
        ({"grant_types": "refresh_token"}, "grant_types"),
        ({"grant_types": "authorization_code implicit"}, "grant_types"),
        ({"grant_types": "urn:ietf:params:oauth:grant-type:device_code"}, "grant_types"),
        ({"grant_types": ""}, "grant_types"),
        ({"client_type": "public", "grant_types": "client_credentials"}, "grant_types"),
        ({"client_type": "public", "serves": "https://files.example"}, "serves"),
        ({"client_type": "nothing"}, "client_type"),
        ({"is_native": True}, "is_native"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"scopes": ["__all__"]}, "scopes"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uris": ["http://client.example/"]}, "redirect_uris"),
        ({"redirect_uris": ["http://127.0.0.1/"]}, "redirect_uris"),
        ({"redirect_uris": ["https://*.client.example/"]}, "redirect_uris"),
        ({"allowed_origins": ["https://app.example/"]}, "allowed_origins"),
        ({"allowed_origins": ["http://app.example"]}, "allowed_origins"),
        ({"allowed_origins": ["*"]}, "allowed_origins"),
        ({"allowed_origins": ["https://app.example:443"]}, "allowed_origins"),
        ({"resources": ["https://files.example?x=1"]}, "resources"),
        ({"resources": ["urn:files"]}, "resources"),
        ({"role": "root"}, "role"),
        ({"tier": "unlimited"}, "tier"),
        ({"name": ""}, "name"),
    ],
)
def test_what_contradicts_is_refused_by_field(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        tokens.client(**fields)
    assert field in refused.value.message_dict
    assert not OAuthClient.objects.exists()


def test_staff_has_an_agency() -> None:
    with pytest.raises(ValidationError):
        tokens.service(role="manager")
    tokens.service(role="manager", agency=world.agency())


@pytest.mark.parametrize(
    "change",
    [
        {"grant_types": "implicit"},
        {"grant_types": "password"},
        {"grant_types": "openid-hybrid"},
        {"client_secret": ""},
        {"client_type": "public"},
        {"is_native": True},
        {"role": "root"},
        {"role": "agent"},
        {"tier": "unlimited"},
    ],
)
def test_the_database_refuses_it_whoever_writes(change: dict[str, Any]) -> None:
    of, _ = tokens.client()
    with pytest.raises(IntegrityError), transaction.atomic():
        OAuthClient.objects.filter(pk=of.pk).update(**change)


def test_a_public_row_has_no_secret_and_no_rights_of_its_own() -> None:
    of = tokens.public()
    assert of.client_secret == ""
    for change in (
        {"client_secret": "x"},
        {"grant_types": "client_credentials"},
        {"serves": "https://files.example"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            OAuthClient.objects.filter(pk=of.pk).update(**change)


def test_a_secret_is_returned_once_and_kept_by_nobody() -> None:
    of, secret = tokens.client()
    row = OAuthClient.objects.values().get()
    assert len(secret) == 55
    assert secret not in str(row)
    entry = AuditEntry.objects.get(verb="client.created")
    assert entry.object_id == str(of.pk)
    assert secret not in str(entry.changes) and of.client_secret not in str(entry.changes)


def test_a_change_is_recorded_by_field_and_no_change_is_none() -> None:
    of, _ = tokens.client()
    lifecycle.edit(Operator(), of, name=of.name)
    assert not AuditEntry.objects.filter(verb="client.changed").exists()
    lifecycle.edit(Operator(), of, scopes=["read"], redirect_uris=["https://new.example/"])
    entry = AuditEntry.objects.get(verb="client.changed")
    assert entry.changes == {"fields": ["redirect_uris", "scopes"]}


def test_a_change_that_contradicts_changes_nothing() -> None:
    of, _ = tokens.client()
    with pytest.raises(ValidationError):
        lifecycle.edit(Operator(), of, scopes=["read"], redirect_uris=["http://evil.example/"])
    assert OAuthClient.objects.get().scopes == of.scopes


def test_a_client_id_is_a_name_and_no_count() -> None:
    first, second = tokens.client()[0].client_id, tokens.client()[0].client_id
    assert first != second and len(first) == 36 and first[14] == "7"

"""Registering clients, changing and switching them off. Every act is audited with its change."""

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from apps.audit.recording import Actor, record
from apps.audit.verbs import Verb

from . import families, token_format
from .models import OAuthClient
from .token_format import Kind

#: What is said of a client in the audit when it is made or changed: nothing personal or secret.
_SAID = ("name", "client_type", "grant_types", "scopes", "resources", "serves", "role", "tier")


def create(by: Actor, **fields: Any) -> tuple[OAuthClient, str | None]:
    """A new client, and the secret of a confidential one, which is returned this once.

    Raises ValidationError with every fault, by field.
    """
    client, secret = OAuthClient(**fields), None
    if client.is_confidential:
        secret = token_format.generate(Kind.CLIENT_SECRET)
        client.client_secret = token_format.hashed(secret)
    client.full_clean()
    with transaction.atomic():
        client.save(force_insert=True)
        record(Verb.CLIENT_CREATED, by, client, changes={k: getattr(client, k) for k in _SAID})
    return client, secret


@transaction.atomic
def edit(by: Actor, client: OAuthClient, **changes: Any) -> OAuthClient:
    """Change what is given; what is taken away is gone at the next token.

    Raises ValidationError with every fault, by field.
    """
    client = OAuthClient.objects.select_for_update().get(pk=client.pk)
    changed = [name for name, value in changes.items() if getattr(client, name) != value]
    for name in changed:
        setattr(client, name, changes[name])
    client.full_clean()
    if changed:
        client.save(update_fields=[*changed, "updated"])
        record(Verb.CLIENT_CHANGED, by, client, changes={"fields": sorted(changed)})
    return client


@transaction.atomic
def rotate_secret(by: Actor, client: OAuthClient) -> str:
    """A new secret, returned this once; the old one is dead at once. ValueError: it has none."""
    if not client.is_confidential:
        raise ValueError("A public client has no secret.")
    secret = token_format.generate(Kind.CLIENT_SECRET)
    client.client_secret = token_format.hashed(secret)
    client.save(update_fields=["client_secret", "updated"])
    record(Verb.CLIENT_SECRET_ROTATED, by, client)
    return secret


@transaction.atomic
def set_active(by: Actor, client: OAuthClient, active: bool) -> None:
    """Switch on, or off at once: what it holds ends for good, and does not come back with it."""
    if not OAuthClient.objects.filter(pk=client.pk, is_active=not active).update(
        is_active=active, updated=datetime.now(UTC)
    ):
        return
    if not active:
        families.end(client=client)
    record(Verb.CLIENT_ACTIVATED if active else Verb.CLIENT_DEACTIVATED, by, client)
    client.is_active = active

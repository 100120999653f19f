"""The rows and the questions of Gatehouse, and an agent's access token to ask them with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.conf import settings

from apps.access.credential import Tier
from apps.accounts.models import User
from apps.audit.actors import Operator
from apps.oauth import lifecycle, token_format
from apps.oauth.models import AccessToken, TokenFamily
from apps.oauth.token_format import Kind
from benchmarks.homes import Home
from benchmarks.ours.seed import seed as seed_ours
from benchmarks.target import Target

#: Longer than the ten minutes that a token lives in service: a run takes longer.
_LASTS = timedelta(days=1)


def seed(homes: list[Home]) -> Target:
    return replace(seed_ours(homes), authorization=f"Bearer {_agents_token()}")


def _agents_token() -> str:
    """The text of a token with the rights of the agent's key, of a client of the same tier."""
    now = datetime.now(UTC)
    client, _ = lifecycle.create(
        Operator(),
        name="Benchmark",
        client_type="confidential",
        grant_types="authorization_code",
        redirect_uris=["https://client.example/callback"],
        scopes=["write"],
        tier=Tier.INTERNAL,
    )
    family = TokenFamily.objects.create(
        client=client,
        user=User.objects.get(email="agent@example.com"),
        scopes=["write"],
        resources=[settings.OAUTH_RESOURCE],
        signed_in_at=now,
        methods=["password", "totp"],
        started_at=now,
    )
    text = token_format.generate(Kind.ACCESS_TOKEN)
    AccessToken.objects.create(
        token_checksum=token_format.hashed(text),
        family=family,
        scopes=family.scopes,
        audience=settings.OAUTH_RESOURCE,
        expires=now + _LASTS,
    )
    return text

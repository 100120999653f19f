"""Access tokens that should open nothing: ended, for elsewhere, of another kind, exposed (API2)."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.workshop.attempts import Attempt, judged, works
from apps.workshop.oauth_party import ALONE, dead, given, opens, scene, service
from apps.workshop.run import Run


def id_token(run: Run) -> Iterator[Attempt]:
    """Call the API with an ID token: every client that somebody signed in to has one."""
    with scene(run, {"scopes": ["openid", "read"]}) as (someone, client):
        from apps.oauth import signing_keys

        signing_keys.ensure()
        yield dead("of this provider", opens(run, client.pair(someone.id, "openid")["id_token"]))
        yield dead("signed by nobody", opens(run, _unsigned(someone.id)))


def switched_off(run: Run) -> Iterator[Attempt]:
    """Go on with a token after the account was switched off."""
    with scene(run) as (someone, client):
        token = client.pair(someone.id, "read")["access_token"]
        someone.deactivate()
        yield dead("its token", opens(run, token))


def switched_off_client(run: Run) -> Iterator[Attempt]:
    """Go on with a client's tokens after the client was switched off."""
    with scene(run, {}, service()) as (someone, client, alone):
        tokens = {
            "for a person": client.pair(someone.id, "read")["access_token"],
            "for itself": given(alone.ask("token", **ALONE))["access_token"],
        }
        rows = type(client.row).objects.filter(pk__in=[client.row.pk, alone.row.pk])
        rows.update(is_active=False)
        for what, token in tokens.items():
            yield dead(what, opens(run, token))


def other_audience(run: Run) -> Iterator[Attempt]:
    """As another resource server: use here the token that somebody presented there (RFC 8707)."""
    files = "https://files.attack.example"
    with scene(run, {"resources": [files]}) as (someone, client):
        code = client.code(someone.id, "read", resource=files)
        yield dead("its token", opens(run, given(client.trade(code))["access_token"]))


def old(run: Run) -> Iterator[Attempt]:
    """Use an access token after its ten minutes."""
    with scene(run) as (someone, client):
        from apps.oauth.models import AccessToken

        token = client.pair(someone.id, "read")["access_token"]
        past = datetime.now(UTC) - timedelta(seconds=1)
        AccessToken.objects.filter(family__client=client.row).update(expires=past)
        yield dead("an old one", opens(run, token))


def revoked(run: Run) -> Iterator[Attempt]:
    """Go on with a token whose pair was revoked by its client."""
    with scene(run) as (someone, client):
        for which in ("access_token", "refresh_token"):
            pair = client.pair(someone.id, "read")
            client.ask("revoke", token=pair[which])
            yield dead(f"revoked by its {which}", opens(run, pair["access_token"]))


def exposed(run: Run) -> Iterator[Attempt]:
    """Have a token travel in an address unnoticed, where logs and histories keep it."""
    with scene(run) as (someone, client):
        token = client.pair(someone.id, "read")["access_token"]
        for what, path in (
            ("as a value", f"/api/v2/listings?city={token}"),
            ("in the path", f"/api/v2/tokens/{token}"),
        ):
            answer = run.anonymous.get(path)
            noticed = (answer.status, answer.code) == (400, "credential_exposed")
            yield judged(what, stopped=noticed, succeeded=not noticed, evidence=answer.summary)


def in_a_header(run: Run) -> None:
    """A token in the header is let through, and so is a word in the address."""
    with scene(run) as (someone, client):
        token = client.pair(someone.id, "read")["access_token"]
        works(run.with_key(token).get("/api/v2/listings?city=Ghat"))


def many_tokens(run: Run) -> Iterator[Attempt]:
    """Escape the limit by taking a fresh token for each request."""
    with scene(run, service()) as (_, client):
        tokens = [given(client.ask("token", **ALONE))["access_token"] for _ in range(9)]
        left = [_remaining(run, token) for token in tokens]
        yield judged(
            "nine tokens of one client",
            stopped=left[-1] <= left[0] - 3,
            succeeded=left[-1] >= left[0],
            evidence=f"{left[0]} left at the first, {left[-1]} at the last",
        )


def at_rest(run: Run) -> Iterator[Attempt]:
    """Read the provider's tables, in a dump or by an injection, for something that opens a door."""
    with scene(run) as (someone, client):
        from django.apps import apps

        code, pair = client.code(someone.id, "read"), client.pair(someone.id, "read")
        stored = [
            str(value)
            for table in apps.get_app_config("oauth").get_models()
            for row in table.objects.values()
            for value in row.values()
        ]
        for what, text in (
            ("a code", code),
            ("an access token", pair["access_token"]),
            ("a refresh token", pair["refresh_token"]),
            ("a client's secret", client.secret),
        ):
            found = any(text in value for value in stored)
            yield judged(what, stopped=not found, succeeded=found, evidence=f"found: {found}")


def _remaining(run: Run, token: str) -> int:
    return int(works(run.with_key(token).get("/api/v2/me")).headers["x-ratelimit-remaining"])


def _unsigned(user_id: Any) -> str:
    def part(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part({'sub': str(user_id), 'scope': 'admin'})}."

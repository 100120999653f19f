"""Codes and refresh tokens: stolen, replayed, traded by others, stretched (API2)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from apps.workshop.attempts import Attempt, works
from apps.workshop.oauth_party import dead, denied, given, opens, scene
from apps.workshop.run import Run


def whole_flow(run: Run) -> None:
    """A code is traded, its token works, and is refreshed twice."""
    with scene(run) as (someone, client):
        pair = client.pair(someone.id, "read", "write:offers")
        for _ in range(2):
            works(opens(run, pair["access_token"]))
            pair = given(client.refresh(pair["refresh_token"]))
        works(opens(run, pair["access_token"]))


def code_twice(run: Run) -> Iterator[Attempt]:
    """Trade a code that was traded: it lay in a history, or in somebody's log."""
    with scene(run) as (someone, client):
        code = client.code(someone.id, "read")
        given(client.trade(code))
        yield denied("a second time", client.trade(code), 400, "invalid_grant")


def code_race(run: Run) -> Iterator[Attempt]:
    """Trade a stolen code first, and keep what it gave when the owner trades it."""
    with scene(run) as (someone, client):
        code = client.code(someone.id, "read")
        stolen = given(client.trade(code))
        client.trade(code)
        yield dead("the thief's access token", opens(run, stolen["access_token"]))
        late = client.refresh(stolen["refresh_token"])
        yield denied("the thief's refresh token", late, 400, "invalid_grant")


def foreign_trade(run: Run) -> Iterator[Attempt]:
    """With a client of one's own: trade what was issued to another."""
    with scene(run, {}, {}) as (someone, client, thief):
        code = client.code(someone.id, "read")
        yield denied("its code", thief.trade(code), 400, "invalid_grant")
        pair = client.pair(someone.id, "read")
        stolen = thief.refresh(pair["refresh_token"])
        yield denied("its refresh token", stolen, 400, "invalid_grant")


def code_without_verifier(run: Run) -> Iterator[Attempt]:
    """Inject a code that one saw, without the verifier of who asked for it (RFC 7636)."""
    with scene(run) as (someone, client):
        code = client.code(someone.id, "read")
        for what, verifier in (("another's", "w" * 43), ("one letter", "v" * 42 + "w")):
            answer = client.trade(code, code_verifier=verifier)
            yield denied(f"{what} verifier", answer, 400, "invalid_grant")


def code_elsewhere(run: Run) -> Iterator[Attempt]:
    """Trade a code that was sent to another redirect URI of the same client."""
    other = "https://client.attack.example/open-redirector"
    with scene(run) as (someone, client):
        code = client.code(someone.id, "read")
        yield denied("another", client.trade(code, redirect_uri=other), 400, "invalid_request")


def refresh_twice(run: Run) -> Iterator[Attempt]:
    """Use a refresh token that was used."""
    with scene(run) as (someone, client):
        pair = client.pair(someone.id, "read")
        given(client.refresh(pair["refresh_token"]))
        again = client.refresh(pair["refresh_token"])
        yield denied("a second time", again, 400, "invalid_grant")


def refresh_race(run: Run) -> Iterator[Attempt]:
    """Use a stolen refresh token first, and go on with what it gave when the owner uses it."""
    with scene(run) as (someone, client):
        pair = client.pair(someone.id, "read")
        stolen = given(client.refresh(pair["refresh_token"]))
        client.refresh(pair["refresh_token"])
        yield dead("the thief's access token", opens(run, stolen["access_token"]))
        late = client.refresh(stolen["refresh_token"])
        yield denied("the thief's refresh token", late, 400, "invalid_grant")


def forgotten_refresh(run: Run) -> Iterator[Attempt]:
    """Find a refresh token in a backup, fourteen days after it was last used."""
    with scene(run) as (someone, client):
        from apps.oauth.models import RefreshToken

        pair = client.pair(someone.id, "read")
        past = datetime.now(UTC) - timedelta(seconds=1)
        RefreshToken.objects.filter(family__client=client.row).update(expires=past)
        late = client.refresh(pair["refresh_token"])
        yield denied("an idle one", late, 400, "invalid_grant")


def endless_refresh(run: Run) -> Iterator[Attempt]:
    """Refresh on and on: once stolen, for ever in."""
    with scene(run) as (someone, client):
        from apps.oauth.models import RefreshToken, TokenFamily

        pair = client.pair(someone.id, "read")
        long_ago = datetime.now(UTC) - timedelta(days=91)
        TokenFamily.objects.filter(client=client.row).update(started_at=long_ago)
        soon = datetime.now(UTC) + timedelta(days=1)
        RefreshToken.objects.filter(family__client=client.row).update(expires=soon)
        late = client.refresh(pair["refresh_token"])
        yield denied("after ninety days", late, 400, "invalid_grant")


def growing_scope(run: Run) -> Iterator[Attempt]:
    """Ask for more at a refresh than was allowed at the consent page."""
    with scene(run, {"scopes": ["read", "write", "admin"]}) as (someone, client):
        pair = client.pair(someone.id, "read:listings")
        for scope in ("admin", "write:listings", "read"):
            wider = client.refresh(pair["refresh_token"], scope=scope)
            yield denied(scope, wider, 400, "invalid_scope")


def switched_off_refresh(run: Run) -> Iterator[Attempt]:
    """Refresh, and trade a code, after the account was switched off."""
    with scene(run) as (someone, client):
        pair, code = client.pair(someone.id, "read"), client.code(someone.id, "read")
        someone.deactivate()
        late = client.refresh(pair["refresh_token"])
        yield denied("a refresh token", late, 400, "invalid_grant")
        yield denied("a code", client.trade(code), 400, "invalid_grant")

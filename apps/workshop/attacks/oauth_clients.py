"""Clients that pose as others, ask for what is not theirs, or pry into others' tokens (API2)."""

from collections.abc import Iterator
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.oauth_party import (
    ALONE,
    BACK,
    basic,
    dead,
    denied,
    given,
    opens,
    said,
    scene,
    send,
    service,
)
from apps.workshop.run import Run

_FILES = "https://files.attack.example"


def own_token(run: Run) -> None:
    """A service gets a token for itself, and may use it."""
    with scene(run, service()) as (_, client):
        works(opens(run, given(client.ask("token", **ALONE))["access_token"]))


def made_up_secret(run: Run) -> Iterator[Attempt]:
    """Pose as a client whose name one knows: it stands in every authorization URL."""
    with scene(run, service()) as (_, client):
        name, secret = client.row.client_id, client.secret
        for what, tried in (
            ("no secret", None),
            ("an empty one", ""),
            ("a made-up one", "gh_cs_" + "A" * 49),
            ("one letter short", secret[:-1]),
        ):
            yield denied(what, send(run, "token", ALONE, name, tried), 401, "invalid_client")


def unassigned_scope(run: Run) -> Iterator[Attempt]:
    """As a client: ask for scopes that it was not registered for."""
    with scene(run, service(scopes=["read:listings"])) as (_, client):
        for scope in ("admin", "write:listings", "read", "read:listings admin:users"):
            answer = client.ask("token", **ALONE, scope=scope)
            yield denied(scope, answer, 400, "invalid_scope")


def omitted_scope(run: Run) -> Iterator[Attempt]:
    """As a client that says nothing of scopes: be given everything."""
    with scene(run, service(scopes=["read:listings", "admin"])) as (_, client):
        scope = given(client.ask("token", **ALONE))["scope"]
        yield judged(
            "no scope named",
            stopped=scope == "read:listings",
            succeeded="admin" in scope,
            evidence=f"it was given {scope}",
        )


def unassigned_grant(run: Run) -> Iterator[Attempt]:
    """As a client for people: act for oneself, with the rights of its role."""
    with scene(run) as (_, client):
        yield denied("client credentials", client.ask("token", **ALONE), 400, "unauthorized_client")


def own_pair(run: Run) -> None:
    """It still trades the codes that it is for."""
    with scene(run) as (someone, client):
        works(opens(run, client.pair(someone.id, "read")["access_token"]))


def unassigned_audience(run: Run) -> Iterator[Attempt]:
    """As a client: have a token made for a resource server that it has no business with."""
    with scene(run, service()) as (_, client):
        answer = client.ask("token", **ALONE, resource=_FILES)
        yield denied("another's audience", answer, 400, "invalid_target")


def strangers_question(run: Run) -> Iterator[Attempt]:
    """As any client: ask what others' tokens are, whose, and for what (RFC 7662)."""
    with scene(run, {}, service()) as (someone, client, nosy):
        token = client.pair(someone.id, "read")["access_token"]
        answer = nosy.ask("introspect", token=token)
        yield _told("another client's token", answer, 403)


def others_audience(run: Run) -> Iterator[Attempt]:
    """As one resource server: ask about the tokens of another."""
    with scene(run, {}, service(serves=_FILES)) as (someone, client, files):
        token = client.pair(someone.id, "read")["access_token"]
        yield _told("a token for this service", files.ask("introspect", token=token), 200)


def own_audience(run: Run) -> None:
    """A resource server is told of the tokens that are meant for it."""
    with scene(run, {"resources": [_FILES]}, service(serves=_FILES)) as (someone, client, files):
        code = client.code(someone.id, "read", resource=_FILES)
        token = given(client.trade(code))["access_token"]
        if not works(files.ask("introspect", token=token)).json["active"]:
            raise HonestUseBroken("its own token is called inactive")


def in_the_url(run: Run) -> Iterator[Attempt]:
    """Have secrets travel in an address, where logs and histories keep them."""
    with scene(run, service()) as (_, client):
        for query in (f"client_secret={client.secret}", "grant_type=client_credentials"):
            answer = client.ask(f"token?{query}", **ALONE)
            yield denied(query.partition("=")[0], answer, 400, "invalid_request")


def others_revoked(run: Run) -> Iterator[Attempt]:
    """As any client: end the tokens of others."""
    with scene(run, {}, {}) as (someone, client, vandal):
        pair = client.pair(someone.id, "read")
        vandal.ask("revoke", token=pair["refresh_token"])
        answer = opens(run, pair["access_token"])
        yield judged(
            "another client's pair",
            stopped=answer.status == 200,
            succeeded=answer.status == 401,
            evidence=answer.summary,
        )


def own_revoked(run: Run) -> None:
    """A client ends its own."""
    with scene(run) as (someone, client):
        pair = client.pair(someone.id, "read")
        works(client.ask("revoke", token=pair["refresh_token"]))
        works(opens(run, pair["access_token"]), 401)


def many_guesses(run: Run) -> Iterator[Attempt]:
    """Guess secrets, a few for each client, from one address."""
    run.needs_code()
    answers = [
        send(run, "token", ALONE, str(uuid4()), f"guess{number}", source=_elsewhere(run))
        for number in range(45)
    ]
    penalized = sum(answer.status == 429 for answer in answers)
    yield judged(
        "forty-five clients, one guess each",
        stopped=penalized > 0,
        succeeded=penalized == 0,
        evidence=f"{penalized} of 45 refused as too many",
    )


def used_up(run: Run) -> Iterator[Attempt]:
    """Use up the tries of a client whose name one knows, so that it gets no token itself."""
    with scene(run, service()) as (_, client):
        name, here = client.row.client_id, run.source.rpartition(".")[0]
        for number in range(125):
            send(run, "token", ALONE, name, "wrong", source=f"{here}.{100 + number % 5}")
        answer = client.ask("token", **ALONE)
        yield judged(
            "125 wrong secrets from five addresses",
            stopped=answer.status == 200,
            succeeded=answer.status == 429,
            evidence=said(answer),
        )


def many_addresses(run: Run) -> Iterator[Attempt]:
    """As a client with many addresses: ask for tokens without end."""
    with scene(run, service()) as (_, client):
        got = 0
        # Twice as many and some, because the window may end on the way.
        while got < 130:
            answer = client.ask("token", source=f"127.{200 + got % 40}.{got}.9", **ALONE)
            if answer.status != 200:
                break
            got += 1
        stopped = got < 130 and answer.status == 429
        yield judged(
            "130 at once", stopped=stopped, succeeded=got == 130, evidence=f"{got} were given"
        )


def foreign_page(run: Run) -> Iterator[Attempt]:
    """As a page of another origin: read the tokens that a browser fetched."""
    with scene(run, service(allowed_origins=["https://app.attack.example"])) as (_, client):
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": basic(client.row.client_id, client.secret),
        }
        for origin in ("https://evil.example", "null", "https://app.attack.example.evil.example"):
            caller = run.sending(headers | {"Origin": origin})
            answer = caller.send("POST", "/oauth/token", b"grant_type=client_credentials")
            readable = answer.headers.get("access-control-allow-origin")
            yield judged(
                origin,
                stopped=answer.status == 200 and readable is None,
                succeeded=readable is not None,
                evidence=f"{said(answer)}, allowed to {readable}",
            )


def persons_things(run: Run) -> Iterator[Attempt]:
    """As a service with the role of a buyer: reach for what a person has."""
    with scene(run, service(scopes=["admin"])) as (_, client):
        token = given(client.ask("token", **ALONE, scope="admin"))["access_token"]
        for path in ("api-keys", "me/activity"):
            answer = run.with_key(token).get(f"/api/v2/{path}")
            yield refused(path, answer, 403, "not_permitted")


def looser_redirect(run: Run) -> Iterator[Attempt]:
    """Have a code sent to an address that only looks like the registered one."""
    with scene(run) as (_, client):
        for uri in (
            f"{BACK}/../open-redirector",
            f"{BACK}?next=https://evil.example",
            f"{BACK}@evil.example",
            f"{BACK}.evil.example",
            f"{BACK}#",
        ):
            allowed = client.row.redirect_uri_allowed(uri)
            yield judged(uri, stopped=not allowed, succeeded=allowed, evidence=f"let: {allowed}")


def registered_redirect(run: Run) -> None:
    """The registered one is taken."""
    with scene(run) as (_, client):
        if not client.row.redirect_uri_allowed(BACK):
            raise HonestUseBroken("the registered URI is refused")


def open_registration(run: Run) -> Iterator[Attempt]:
    """Have a client registered whose codes travel in clear, or to whoever owns a subdomain."""
    run.needs_code()
    from django.core.exceptions import ValidationError

    for uri in ("http://client.attack.example/", "https://*.attack.example/", "http://localhost/"):
        try:
            with scene(run, {"redirect_uris": [uri]}):
                made = True
        except ValidationError:
            made = False
        yield judged(uri, stopped=not made, succeeded=made, evidence=f"registered: {made}")


def after_new_password(run: Run) -> Iterator[Attempt]:
    """Go on with tokens after the person set a new password, to be rid of the thief."""
    with scene(run) as (someone, client):
        from apps.accounts import receivers
        from apps.accounts.models import User

        pair = client.pair(someone.id, "read")
        receivers.reset(user=User.objects.get(pk=someone.id))
        yield dead("the access token", opens(run, pair["access_token"]))
        late = client.refresh(pair["refresh_token"])
        yield denied("the refresh token", late, 400, "invalid_grant")


def after_return(run: Run) -> Iterator[Attempt]:
    """Go on with tokens and keys when an account that was switched off is switched on again."""
    with scene(run) as (someone, client):
        from apps.accounts import administration
        from apps.accounts.models import User
        from apps.audit.actors import Operator

        pair, key = client.pair(someone.id, "read"), someone.key("read")
        for active in (False, True):
            administration.change(Operator(), User.objects.get(pk=someone.id), active=active)
        yield dead("the access token", opens(run, pair["access_token"]))
        yield dead("the key", opens(run, key))
        late = client.refresh(pair["refresh_token"])
        yield denied("the refresh token", late, 400, "invalid_grant")


def _told(what: str, answer: object, status: int) -> Attempt:
    """Was the caller told anything of the token?"""
    told = bool((answer.json or {}).get("active"))
    evidence = f"{said(answer)}, told: {told}"
    return judged(
        what, stopped=answer.status == status and not told, succeeded=told, evidence=evidence
    )


def _elsewhere(run: Run) -> str:
    """An address for what will be penalized."""
    return run.source.rpartition(".")[0] + ".77"

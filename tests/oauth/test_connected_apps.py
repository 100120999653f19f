"""Connected apps: everybody sees and ends their own, and ending one ends all that it holds."""

from uuid import uuid4

import pytest
from django.test import Client

from apps.apikeys.models import ApiKey
from apps.audit.models import AuditEntry
from apps.oauth.models import Consent
from tests import people, tokens, world
from tests.api import Api, assert_problem

from .asking import CALLBACK, allowed, ask, client, connected, is_consent

pytestmark = pytest.mark.django_db


def test_an_app_appears_when_it_is_allowed_and_goes_when_it_is_ended() -> None:
    of, secret = tokens.client(redirect_uris=[CALLBACK], name="Offer Desk")
    ana = people.verified()
    browser, api = people.sign_in(ana), Api(world.key(ana))
    assert api.get("me/connected-apps").json()["results"] == []
    code = allowed(browser, of, scope="openid read")["code"]
    held = tokens.trade(of, secret, code, redirect_uri=CALLBACK).json()

    (shown,) = api.get("me/connected-apps").json()["results"]
    assert set(shown) == {"id", "client_id", "name", "scopes", "granted_at"}
    assert (shown["name"], shown["client_id"]) == ("Offer Desk", of.client_id)
    assert shown["scopes"] == ["openid", "read"]

    assert Api(held["access_token"]).get("me").status_code == 200
    assert api.delete(f"me/connected-apps/{shown['id']}").status_code == 204
    assert Api(held["access_token"]).get("me").status_code == 401
    refused = tokens.refresh(of, secret, held["refresh_token"])
    assert refused.json()["error"] == "invalid_grant"
    assert api.get("me/connected-apps").json()["results"] == []
    assert is_consent(ask(browser, of))
    entry = AuditEntry.objects.get(verb="client.access_ended")
    assert entry.actor == f"user:{ana.pk}"


def test_what_another_allowed_is_not_there() -> None:
    ana, bob = people.verified(), people.verified()
    app = connected(bob)
    api = Api(world.key(ana))
    assert api.get("me/connected-apps").json()["results"] == []
    for which in (app.pk, uuid4()):
        assert_problem(api.delete(f"me/connected-apps/{which}"), 404, "not_found")
    browser = people.sign_in(ana)
    for which in (str(app.pk), str(uuid4()), "", "x", "\0"):
        assert browser.post("/accounts/connected-apps/", {"app": which}).status_code == 404
    assert Consent.objects.filter(pk=app.pk).exists()


def test_ending_one_leaves_the_others() -> None:
    ana, bob = people.verified(), people.verified()
    app, other = client(), client()
    mine, beside, of_bob = connected(ana, app), connected(ana, other), connected(bob, app)
    tokens_left = [tokens.token(ana, "read", of=other), tokens.token(bob, "read", of=app)]
    Api(world.key(ana)).delete(f"me/connected-apps/{mine.pk}")
    assert set(Consent.objects.all()) == {beside, of_bob}
    assert all(Api(text).get("me").status_code == 200 for text in tokens_left)


def test_the_page_is_for_who_is_signed_in_and_its_form_for_itself() -> None:
    assert Client().get("/accounts/connected-apps/").status_code == 302
    ana = people.verified()
    app = connected(ana)
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(ana)
    assert forged.post("/accounts/connected-apps/", {"app": str(app.pk)}).status_code == 403
    browser = people.sign_in(ana)
    page = browser.get("/accounts/connected-apps/")
    assert b"Offer Desk" in page.content and b"See everything here" in page.content
    assert browser.post("/accounts/connected-apps/", {"app": str(app.pk)}).status_code == 302
    assert b"no access any more" in browser.get("/accounts/connected-apps/").content
    assert b">None.<" in browser.get("/accounts/connected-apps/").content


def test_log_out_everywhere_ends_sessions_tokens_and_keys() -> None:
    ana = people.verified()
    here, there = people.sign_in(ana), people.sign_in(ana)
    token, key = tokens.token(ana, "read"), world.key(ana)
    sent = here.post("/accounts/sessions/", {"session": "everywhere"})
    assert sent["Location"] == "/accounts/login/"
    assert not people.is_signed_in(here) and not people.is_signed_in(there)
    assert Api(token).get("me").status_code == 401
    assert Api(key).get("me").status_code == 401
    assert AuditEntry.objects.filter(verb="account.ended_everywhere").count() == 1
    assert ApiKey.objects.filter(user=ana).exists()

"""The consent page: what is allowed is what was shown, to whom it was shown, and by them."""

import re
from datetime import UTC, datetime, timedelta
from unittest import mock
from urllib.parse import parse_qs, urlencode

import pytest
from django.core import signing
from django.http import QueryDict
from django.test import Client

from apps.audit.models import AuditEntry
from apps.oauth.models import AuthorizationCode, Consent, OAuthClient
from tests import people

from .asking import (
    CALLBACK,
    ISSUER,
    allowed,
    answer,
    ask,
    client,
    decide,
    is_consent,
    native,
    parameters,
    ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> OAuthClient:
    return client()


@pytest.fixture
def ana() -> Client:
    return people.sign_in(people.verified())


def nothing_was_given() -> bool:
    return not AuthorizationCode.objects.exists() and not Consent.objects.exists()


def test_it_says_who_asks_and_what_for(app, ana) -> None:
    page = ask(ana, app, scope="openid email write:offers").content.decode()
    for words in (
        'Allow <span class="app">Offer Desk</span>?',
        "app.example.com",
        "Know that it is you",
        "See your e-mail address",
        "See and change offers that you made or decide on",
        "/accounts/connected-apps/",
    ):
        assert words in page


def test_a_name_is_text_and_nothing_else(ana) -> None:
    page = ask(ana, client(name="<script>alert(1)</script>")).content
    assert b"<script>alert" not in page and b"&lt;script&gt;" in page


def test_no_sends_the_app_away_and_is_remembered_nowhere(app, ana) -> None:
    got = answer(decide(ana, ask(ana, app, state="s"), "deny"))
    assert (got["error"], got["state"], got["iss"]) == ("access_denied", "s", ISSUER)
    assert nothing_was_given()
    assert AuditEntry.objects.filter(verb="consent.refused", outcome="refused").count() == 1


@pytest.mark.parametrize("decision", ["", "yes", "Allow", "deny allow"])
def test_anything_but_allow_is_no(app, ana, decision) -> None:
    assert answer(decide(ana, ask(ana, app), decision))["error"] == "access_denied"


def test_yes_is_audited_with_its_scopes(app, ana) -> None:
    allowed(ana, app)
    entry = AuditEntry.objects.get(verb="consent.given")
    assert entry.changes == {"scopes": ["openid", "read"]}
    assert entry.object_id == str(app.pk)


def test_it_answers_with_a_redirect_that_repeats_no_body(app, ana) -> None:
    assert decide(ana, ask(ana, app)).status_code == 303


# --- Forgery --------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_a_form_from_elsewhere_is_not_taken(app, origin) -> None:
    browser = people.sign_in(people.verified(), client=Client(enforce_csrf_checks=False))
    page = ask(browser, app)
    browser.handler.enforce_csrf_checks = True
    headers = {"Origin": origin} if origin else {}
    form = {"ticket": ticket(page), "decision": "allow"}
    assert browser.post("/oauth/consent", form, headers=headers).status_code == 403
    assert nothing_was_given()


def test_a_page_that_was_shown_to_another_allows_nothing(app, ana) -> None:
    thief = people.sign_in(people.verified())
    form = {"ticket": ticket(ask(thief, app)), "decision": "allow"}
    assert ana.post("/oauth/consent", form).status_code == 400
    assert nothing_was_given()


def test_a_page_of_another_session_allows_nothing(app) -> None:
    user = people.verified()
    form = {"ticket": ticket(ask(people.sign_in(user), app)), "decision": "allow"}
    assert people.sign_in(user).post("/oauth/consent", form).status_code == 400
    assert Client().post("/oauth/consent", form).status_code == 400
    assert nothing_was_given()


def test_a_changed_ticket_is_none(app, ana) -> None:
    real = ticket(ask(ana, app))
    body, _, signature = real.partition(":")
    other = signing.dumps([urlencode(parameters(app, scope="read")), "x", "y"], salt="other")
    for forged in ("", "x", real[:-1], f"{body}x:{signature}", other, real * 2, "\0"):
        form = {"ticket": forged, "decision": "allow"}
        assert ana.post("/oauth/consent", form).status_code == 400
    assert nothing_was_given()


def test_fields_beside_the_ticket_change_nothing(app, ana) -> None:
    form = {
        "ticket": ticket(ask(ana, app, scope="read")),
        "decision": "allow",
        "scope": "read write:offers",
        "redirect_uri": "https://evil.example",
        "client_id": client().client_id,
    }
    assert ana.post("/oauth/consent", form)["Location"].startswith(f"{CALLBACK}?code=")
    assert AuthorizationCode.objects.get().family.scopes == ["read"]


def test_an_old_page_is_none(app, ana) -> None:
    page = ask(ana, app)
    later = datetime.now(UTC).timestamp() + timedelta(minutes=11).total_seconds()
    with mock.patch("django.core.signing.time.time", return_value=later):
        assert decide(ana, page).status_code == 400
    assert nothing_was_given()


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_a_form_decides(ana, method) -> None:
    assert getattr(ana, method)("/oauth/consent").status_code == 405


# --- What changes between page and answer ---------------------------------------------------------


def test_what_the_client_lost_meanwhile_is_not_given(app, ana) -> None:
    page = ask(ana, app, scope="openid write:offers")
    app.scopes = ["openid", "read"]
    app.save()
    assert answer(decide(ana, page))["error"] == "invalid_scope"
    app.redirect_uris = ["https://app.example.com/other"]
    app.save()
    assert decide(ana, page).status_code == 400
    app.is_active = False
    app.save()
    assert decide(ana, page).status_code == 400
    assert nothing_was_given()


def test_a_sign_in_that_grew_too_old_is_asked_for_again(app) -> None:
    browser = people.comes_in(Client(), people.verified(), minutes=9)
    page = ask(browser, app, max_age=600)
    session = browser.session
    session["account_authentication_methods"][0]["at"] -= 600
    session.save()
    sent = decide(browser, page)
    assert sent.status_code == 303 and sent["Location"].startswith("/oauth/authorize?")
    assert nothing_was_given()


# --- What is remembered ---------------------------------------------------------------------------


def test_consent_is_for_one_person_and_one_client(app, ana) -> None:
    allowed(ana, app)
    assert is_consent(ask(ana, client()))
    assert is_consent(ask(people.sign_in(people.verified()), app))


def test_a_public_client_is_asked_about_every_time(ana) -> None:
    app = native()
    allowed(ana, app)
    assert is_consent(ask(ana, app))


def test_no_parameter_skips_the_page(app, ana) -> None:
    for extra in (
        {"approval_prompt": "auto"},
        {"skip_authorization": "true"},
        {"allow": "true"},
        {"decision": "allow"},
        {"prompt": ""},
    ):
        assert is_consent(ask(ana, app, **extra)), extra
    assert nothing_was_given()


def test_what_was_taken_back_is_asked_about_again(app, ana) -> None:
    allowed(ana, app)
    row = Consent.objects.get()
    ana.post("/accounts/connected-apps/", {"app": str(row.pk)})
    assert is_consent(ask(ana, app))


# --- The page itself ------------------------------------------------------------------------------


def directives(page: object) -> dict[str, str]:
    parts = page["Content-Security-Policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


def test_nobody_frames_it_and_nothing_runs_in_it(app, ana) -> None:
    page = ask(ana, app)
    policy = directives(page)
    assert page["X-Frame-Options"] == "DENY"
    assert policy["frame-ancestors"] == "'none'"
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self'")
    assert not re.search(rb"<script|style=|\son\w+=", page.content)
    assert page["Referrer-Policy"] == "same-origin"


def test_its_form_leads_to_us_and_on_to_the_app(app, ana) -> None:
    assert directives(ask(ana, app))["form-action"] == "'self' https:"
    uri = "http://127.0.0.1:4000/callback"
    page = ask(ana, native(), redirect_uri=uri)
    assert directives(page)["form-action"] == "'self' https: http://127.0.0.1:4000"


def test_the_ticket_holds_the_request_as_it_was_asked(app, ana) -> None:
    text = signing.loads(ticket(ask(ana, app, nonce="n")), salt="oauth.consent")[0]
    asked = parse_qs(text)
    asked.pop("begun")
    assert asked == {name: [value] for name, value in parameters(app, nonce="n").items()}
    assert isinstance(QueryDict(text), QueryDict)

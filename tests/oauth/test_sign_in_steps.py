"""What somebody has to prove on the way, by what the client asks (OIDC Core 3.1.2.1, RFC 9470)."""

import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.utils import timezone

from apps.access.sessions import Proof
from apps.accounts.models import User
from apps.oauth import begun
from apps.oauth.models import OAuthClient, TokenFamily
from apps.oauth.steps import sign_in_since
from tests import people

from .asking import ISSUER, allowed, answer, ask, client, decide, is_consent, native, parameters

pytestmark = pytest.mark.django_db


@pytest.fixture
def app() -> OAuthClient:
    return client()


@pytest.fixture
def ana() -> User:
    return people.verified()


def back(response: HttpResponse) -> str:
    """Where the page of the account leads when it is done."""
    assert response.status_code == 302
    return parse_qs(urlsplit(response["Location"]).query)["next"][0]


def leads_to(response: HttpResponse) -> str:
    assert response.status_code == 302, response.content
    return urlsplit(response["Location"]).path


# --- Signing in -----------------------------------------------------------------------------------


def test_a_stranger_signs_in_and_comes_back_to_the_request(app, ana) -> None:
    browser = Client()
    asked = ask(browser, app, login_hint=ana.email)
    assert leads_to(asked) == "/accounts/login/"
    page = browser.get(asked["Location"])
    assert f'value="{ana.email}"' in page.content.decode()
    done = people.post(
        browser, "login/", login=ana.email, password=people.PASSWORD, next=back(asked)
    )
    assert is_consent(browser.get(done["Location"]))


def test_a_second_factor_on_the_way_loses_nothing(app, ana) -> None:
    people.with_totp(ana)
    browser = Client()
    asked = ask(browser, app, state="s" * 1500)
    people.post(browser, "login/", login=ana.email, password=people.PASSWORD, next=back(asked))
    done = people.post(browser, "second-factors/authenticate/", code=people.code())
    assert answer(decide(browser, browser.get(done["Location"])))["state"] == "s" * 1500


def test_a_request_that_fits_in_no_address_is_remembered_in_the_session(app, ana) -> None:
    browser = Client()
    asked = ask(browser, app, state="%&=" * 300)
    assert asked["Location"] == "/accounts/login/"
    done = people.post(browser, "login/", login=ana.email, password=people.PASSWORD)
    got = answer(decide(browser, browser.get(done["Location"])))
    assert got["state"] == "%&=" * 300


def test_what_was_remembered_ends_with_the_request(app, ana) -> None:
    browser = Client()
    asked = ask(browser, app)
    done = people.post(
        browser, "login/", login=ana.email, password=people.PASSWORD, next=back(asked)
    )
    browser.get(done["Location"])
    people.post(browser, "logout/")
    done = people.post(browser, "login/", login=ana.email, password=people.PASSWORD)
    assert done["Location"] == "/accounts/"


@pytest.mark.parametrize("hint", ["\0", "<script>", "a" * 900, "\r\nx: y", "😀"])
def test_a_hint_is_a_proposal_and_never_a_500(app, hint) -> None:
    browser = Client()
    asked = ask(browser, app, login_hint=hint)
    page = browser.get(asked["Location"])
    assert page.status_code == 200 and b"<script>" not in page.content


def test_after_a_sign_in_what_was_allowed_goes_on_by_a_page_of_ours(app, ana) -> None:
    """A redirect would be held to the form-action of the sign-in page."""
    allowed(people.sign_in(ana), app)
    browser = Client()
    asked = ask(browser, app)
    done = people.post(
        browser, "login/", login=ana.email, password=people.PASSWORD, next=back(asked)
    )
    page = browser.get(done["Location"])
    assert page.status_code == 200
    assert b'http-equiv="refresh" content="0; url=https://app.example.com/callback?code=' in (
        page.content
    )


def test_who_is_switched_off_is_nobody(app, ana) -> None:
    browser = people.sign_in(ana)
    allowed(browser, app)
    page = ask(browser, app, prompt="consent")
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert leads_to(ask(browser, app)) == "/accounts/login/"
    assert decide(browser, page).status_code == 400


# --- prompt ---------------------------------------------------------------------------------------


def test_prompt_none_shows_no_page(app, ana) -> None:
    assert answer(ask(Client(), app, prompt="none"))["error"] == "login_required"
    browser = people.sign_in(ana)
    assert answer(ask(browser, app, prompt="none"))["error"] == "consent_required"
    allowed(browser, app)
    assert set(answer(ask(browser, app, prompt="none"))) == {"code", "state", "iss"}
    wider = ask(browser, app, prompt="none", scope="openid read write:offers")
    assert answer(wider)["error"] == "consent_required"
    strong = ask(browser, app, prompt="none", acr_values="mfa")
    assert answer(strong)["error"] == "unmet_authentication_requirements"
    people.with_totp(ana)
    strong = ask(browser, app, prompt="none", acr_values="mfa")
    assert answer(strong)["error"] == "interaction_required"
    assert answer(strong)["iss"] == ISSUER


def test_prompt_none_does_not_open_a_native_app(ana) -> None:
    app, browser = native(), people.sign_in(ana)
    allowed(browser, app)
    assert answer(ask(browser, app, prompt="none"))["error"] == "consent_required"


def test_prompt_consent_asks_again(app, ana) -> None:
    browser = people.sign_in(ana)
    allowed(browser, app)
    assert is_consent(ask(browser, app, prompt="consent"))


def test_prompt_login_is_met_by_a_younger_proof_and_by_no_other(app, ana) -> None:
    browser = people.sign_in(ana)
    asked = ask(browser, app, prompt="login")
    assert leads_to(asked) == "/accounts/reauthenticate/"
    assert leads_to(browser.get(back(asked))) == "/accounts/reauthenticate/"
    done = people.post(browser, "reauthenticate/", password=people.PASSWORD, next=back(asked))
    assert is_consent(browser.get(done["Location"]))
    # The next request asks anew.
    assert leads_to(ask(browser, app, prompt="login")) == "/accounts/reauthenticate/"


def test_a_moment_of_another_request_counts_for_nothing(app, ana) -> None:
    old = back(ask(people.sign_in(ana), app, prompt="login", state="old"))
    mark = parse_qs(urlsplit(old).query)[begun.NAME][0]
    browser = people.sign_in(ana)
    for forged in (mark, mark[:-1] + "x", "0", ""):
        asked = ask(browser, app, prompt="login", begun=forged)
        assert leads_to(asked) == "/accounts/reauthenticate/"


# --- max_age and acr ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "seconds, minutes, fits", [(600, 9, True), (600, 11, False), (0, 1, False)]
)
def test_max_age_bounds_the_age_of_the_sign_in(app, ana, seconds, minutes, fits) -> None:
    browser = people.comes_in(Client(), ana, minutes=minutes)
    response = ask(browser, app, max_age=seconds)
    assert is_consent(response) is fits
    if not fits:
        assert leads_to(response) == "/accounts/reauthenticate/"
        assert (
            answer(ask(browser, app, max_age=seconds, prompt="none"))["error"] == "login_required"
        )


def test_max_age_zero_is_met_by_a_proof_for_this_request(app, ana) -> None:
    browser = people.sign_in(ana)
    asked = ask(browser, app, max_age=0)
    done = people.post(browser, "reauthenticate/", password=people.PASSWORD, next=back(asked))
    assert is_consent(browser.get(done["Location"]))


def test_a_second_factor_is_asked_for_where_one_is_set_up(app, ana) -> None:
    browser = people.sign_in(ana)
    people.with_totp(ana)
    asked = ask(browser, app, acr_values="gold mfa")
    assert leads_to(asked) == "/accounts/reauthenticate/"
    onward = browser.get(asked["Location"])
    assert leads_to(onward) == "/accounts/second-factors/reauthenticate/"
    done = people.post(
        browser, "second-factors/reauthenticate/", code=people.code(), next=back(onward)
    )
    decide(browser, browser.get(done["Location"]))
    assert TokenFamily.objects.get().methods == ["password", "totp"]


def test_who_has_no_second_factor_is_told_how_to_add_one(app, ana) -> None:
    page = ask(people.sign_in(ana), app, acr_values="mfa")
    assert page.status_code == 200
    assert b"/accounts/second-factors/" in page.content
    assert b"error=unmet_authentication_requirements" in page.content


def test_an_old_second_factor_is_not_young_enough(app, ana) -> None:
    people.with_totp(ana)
    browser = people.comes_in(Client(), ana, minutes=11)
    assert is_consent(ask(browser, app, acr_values="mfa"))
    assert leads_to(ask(browser, app, acr_values="mfa", max_age=600)) == "/accounts/reauthenticate/"


def test_what_was_proved_goes_on_to_the_tokens(app, ana) -> None:
    people.with_totp(ana)
    browser = people.sign_in(ana)
    allowed(browser, app)
    family = TokenFamily.objects.get()
    assert family.methods == ["password", "totp"]
    assert timezone.now() - family.signed_in_at < timedelta(minutes=1)


def test_a_session_that_proved_nothing_proves_it_now(app, ana) -> None:
    browser = Client()
    browser.force_login(ana)
    assert leads_to(ask(browser, app)) == "/accounts/reauthenticate/"


NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(hours=2), NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    "proofs, since, expected",
    [
        ([], None, None),
        ([("password", OLD)], None, (OLD, ("password",))),
        ([("password", OLD)], YOUNG, None),
        ([("password", OLD), ("totp", YOUNG)], None, (YOUNG, ("password", "totp"))),
        ([("password", OLD), ("totp", YOUNG)], YOUNG, (YOUNG, ("password", "totp"))),
        # An old factor is not lent to a young password.
        ([("totp", OLD), ("password", YOUNG)], YOUNG, (YOUNG, ("password",))),
        ([("totp", OLD), ("password", YOUNG)], None, (OLD, ("totp", "password"))),
    ],
)
def test_a_sign_in_is_as_strong_as_what_is_young_enough(proofs, since, expected) -> None:
    made = sign_in_since([Proof(*one) for one in proofs], since)
    assert (made and (made.at, made.methods)) == expected


def test_the_moment_of_a_request_is_good_for_a_quarter_of_an_hour(app, ana) -> None:
    asked = QueryDict(urlencode(parameters(app, prompt="login")))
    browser = people.sign_in(ana)  # after the moments below
    for minutes, fits in ((14, True), (16, False)):
        marked = begun.marked(asked, datetime.now(UTC) - timedelta(minutes=minutes))
        assert is_consent(browser.get(f"/oauth/authorize?{marked.urlencode()}")) is fits


def test_a_place_in_the_session_is_forgotten_after_an_hour(app, ana) -> None:
    browser = Client()
    ask(browser, app, state="%&=" * 300)
    session = browser.session
    session["destination"] = [session["destination"][0], time.time() - 3601]
    session.save()
    done = people.post(browser, "login/", login=ana.email, password=people.PASSWORD)
    assert done["Location"] == "/accounts/"

"""An app sends somebody to us: sign-in, second factor, consent, and back, in a real browser."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

import pytest

from apps.accounts.totp import code_at
from tests.concurrency.server import Server

from .app import App, serving
from .test_account import PASSWORD, Letter, Make, Sound, fresh, opened
from .visitor import Visitor

pytestmark = [pytest.mark.process, pytest.mark.slow]

CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
_REGISTER = """
import json, sys
from tests.oauth.asking import client, native
uri = {uri!r}
print(json.dumps([client(redirect_uris=[uri]).client_id, native(name="Pocket Offers").client_id]))
"""
Asks = Callable[..., str]


@dataclass
class Registered:
    """An app on a server of its own, and one on this device, with their ids here."""

    web: App
    native: App
    ids: list[str]

    def asks(self, which: int = 0, **changes: str) -> str:
        """The path by which one of them asks."""
        values = {
            "response_type": "code",
            "client_id": self.ids[which],
            "redirect_uri": [self.web, self.native][which].callback,
            "scope": "openid email read write:offers",
            "state": "s" * 900,  # some apps keep everything in there
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
        return f"/oauth/authorize?{urlencode(values | changes)}"


@pytest.fixture(scope="session")
def apps(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registered]:
    with serving(tmp_path_factory.mktemp("app")) as web, serving(None) as native:
        server.run("manage.py", "oauth_keys", "ensure")
        code = _REGISTER.format(uri=web.callback)
        printed = server.run("manage.py", "shell", "--no-imports", "-c", code)
        yield Registered(web, native, json.loads(printed.splitlines()[-1]))


@pytest.fixture
def app(apps: Registered) -> Asks:
    return apps.asks


@pytest.fixture
def someone(visitor: Make) -> Callable[[], Visitor]:
    """A browser that takes the app's certificate for good."""
    return partial(visitor, ignore_https_errors=True)


@pytest.fixture
def arrived(apps: Registered) -> Callable[..., dict[str, str]]:
    """What the app got, once its home stands."""

    def wait(one: Visitor, app: App = apps.web) -> dict[str, str]:
        one.page.wait_for_url(app.home)
        assert one.heading == "The app"
        return app.got[-1]

    return wait


def test_a_newcomer_is_led_through_sign_in_to_the_app_and_back(
    someone: Callable, app: Asks, arrived: Callable, letter: Letter, sound: Sound
) -> None:
    ana, email = someone(), fresh()
    ana.goes(app(login_hint=email))
    assert ana.heading == "Sign in"
    assert ana.page.get_by_label("Email").input_value() == email
    ana.follows("Open one").fills(Email=email, Password=PASSWORD).presses("Open account")
    ana.goes(letter(email, "confirm-email/")).presses("Yes, it is mine")
    ana.fills(Email=email, Password=PASSWORD).presses("Sign in")
    assert ana.heading == "Allow Offer Desk?"
    assert "localhost:" in ana.text and email in ana.text
    sound(ana, "consent")
    ana.presses("Allow")
    got = arrived(ana)
    assert set(got) == {"code", "state", "iss"} and got["state"] == "s" * 900

    # What was allowed is not asked again, and the way back from a sign-in is not blocked.
    again = someone()
    again.goes(app()).fills(Email=email, Password=PASSWORD).presses("Sign in")
    assert "code" in arrived(again)

    ana.goes("/accounts/").follows("Show")
    ana.goes("/accounts/connected-apps/")
    sound(ana, "connected-apps")
    ana.presses("Take access from Offer Desk")
    assert "Offer Desk has no access any more." in ana.text
    sound(ana, "connected-apps-none")
    ana.goes(app())
    assert ana.heading == "Allow Offer Desk?"


def test_who_says_no_sends_the_app_away_with_nothing(
    someone: Callable, app: Asks, arrived: Callable, letter: Letter
) -> None:
    ana = someone()
    opened(ana, letter, fresh())
    ana.goes(app()).presses("Do not allow")
    assert arrived(ana)["error"] == "access_denied"


def test_a_native_app_is_asked_about_every_time(
    someone: Callable, apps: Registered, arrived: Callable, letter: Letter, sound: Sound
) -> None:
    ana = someone()
    opened(ana, letter, fresh())
    for turn in ("first", "second"):
        ana.goes(apps.asks(1))
        assert ana.heading == "Allow Pocket Offers?", turn
        sound(ana, f"consent-native-{turn}")
        ana.presses("Allow")
        assert "code" in arrived(ana, apps.native)


def test_an_app_that_needs_a_second_factor_gets_one(
    someone: Callable, app: Asks, arrived: Callable, letter: Letter, sound: Sound
) -> None:
    ana, email = someone(), fresh()
    opened(ana, letter, email)
    ana.goes(app(acr_values="mfa"))
    assert ana.heading == "A second factor is needed"
    sound(ana, "second-factor-needed")
    here = ana.path
    ana.goes("/accounts/second-factors/totp/activate/")
    secret = ana.page.locator(".secret-text").inner_text()
    ana.fills(Code=code_at(secret, int(time.time()) // 30)).presses("Add")
    ana.goes(here)  # what was proved while it was added counts
    assert ana.heading == "Allow Offer Desk?"
    ana.presses("Allow")
    assert "code" in arrived(ana)


def test_prompt_login_asks_for_the_password_once(
    someone: Callable, app: Asks, arrived: Callable, letter: Letter, sound: Sound
) -> None:
    ana = someone()
    opened(ana, letter, fresh())
    ana.goes(app(prompt="login consent"))
    assert ana.heading == "Confirm that it is you"
    sound(ana, "prompt-login")
    ana.fills(Password=PASSWORD).presses("Confirm")
    assert ana.heading == "Allow Offer Desk?"
    ana.presses("Use another account")
    assert ana.heading == "Sign in" and not re.search("[?&]next=$", ana.path)


def test_a_request_that_cannot_be_answered_is_a_page(
    someone: Callable, app: Asks, sound: Sound
) -> None:
    ana = someone()
    ana.goes(app(redirect_uri="https://evil.example/"))
    assert ana.heading == "Request not taken"
    sound(ana, "request-not-taken")
    ana.complaints.clear()  # the browser's own word for a 400


def test_a_passkey_leads_back_to_the_app_too(
    someone: Callable, app: Asks, arrived: Callable, letter: Letter
) -> None:
    from .test_passkeys import adds_passkey, with_device

    ana = someone()
    with_device(ana)
    opened(ana, letter, fresh())
    adds_passkey(ana, alone=True)
    ana.goes("/accounts/").presses("Sign out")
    ana.goes(app(acr_values="mfa"))
    ana.presses("Sign in with a passkey")
    ana.page.wait_for_url("**/oauth/authorize?**")
    assert ana.heading == "Allow Offer Desk?"

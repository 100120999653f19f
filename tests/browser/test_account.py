"""The whole life of an account in a browser: from sign-up to the last session."""

import re
import time
from collections.abc import Callable
from uuid import uuid4

import pytest

from apps.accounts.totp import code_at

from .visitor import Visitor

pytestmark = [pytest.mark.process, pytest.mark.slow]

PASSWORD = "a heron over four canals"
NEW = "seven otters under a bridge"
Make = Callable[..., Visitor]
Letter = Callable[[str, str], str]
Sound = Callable[[Visitor, str], None]


def fresh() -> str:
    return f"{uuid4().hex[:12]}@example.com"


def opened(someone: Visitor, letter: Letter, email: str) -> None:
    """Open an account and prove the address; then sign in."""
    someone.goes("/accounts/signup/").fills(Email=email, Password=PASSWORD).presses("Open account")
    someone.goes(letter(email, "confirm-email/")).presses("Yes, it is mine")
    signs_in(someone, email)


def signs_in(someone: Visitor, email: str, password: str = PASSWORD) -> None:
    someone.goes("/accounts/login/").fills(Email=email, Password=password).presses("Sign in")


def test_a_newcomer_opens_an_account_and_proves_the_address(
    visitor: Make, letter: Letter, sound: Sound
) -> None:
    ana, email = visitor(), fresh()
    sound(ana.goes("/accounts/login/"), "login")
    sound(ana.follows("Open one"), "signup")
    ana.fills(Email=email, Password="password1234").presses("Open account")
    assert "too common" in ana.text
    sound(ana, "signup-faults")
    ana.fills(Password=PASSWORD).presses("Open account")
    assert ana.heading == "Look into your mail"
    sound(ana, "verification-sent")

    sound(ana.goes(letter(email, "confirm-email/")), "confirm-email")
    ana.presses("Yes, it is mine")
    assert ana.heading == "Sign in"
    sound(ana, "login-after-confirm")
    sound(ana.goes(letter(email, "confirm-email/")), "confirm-email-ended")
    ana.goes("/accounts/login/").fills(Email=email, Password="not my password")
    ana.presses("Sign in")
    assert "do not belong together" in ana.text
    sound(ana, "login-refused")
    ana.fills(Password=PASSWORD).presses("Sign in")
    assert ana.heading == "Account" and email in ana.text
    sound(ana, "home")


def test_an_authenticator_app_is_added_used_and_removed(
    visitor: Make, letter: Letter, sound: Sound
) -> None:
    ana, email = visitor(), fresh()
    opened(ana, letter, email)
    sound(ana.goes("/accounts/second-factors/"), "factors-none")
    ana.follows("Add").goes("/accounts/second-factors/totp/activate/")
    sound(ana, "totp-add")
    secret = ana.page.locator(".secret-text").inner_text()
    ana.fills(Code="000000").presses("Add")
    assert "not right" in ana.text
    secret = ana.page.locator(".secret-text").inner_text()
    ana.fills(Code=code_at(secret, int(time.time()) // 30)).presses("Add")
    assert ana.heading == "Recovery codes"
    sound(ana, "recovery-codes")
    codes = re.findall(r"\b\d{10}\b", ana.page.locator("pre").inner_text())
    assert len(codes) == 10
    sound(ana.goes("/accounts/second-factors/"), "factors-some")

    again = visitor()
    signs_in(again, email)
    assert again.heading == "Second factor"
    field = again.page.get_by_label("Code")
    assert field.get_attribute("autocomplete") == "one-time-code"
    sound(again, "second-factor")
    again.fills(Code="111111").presses("Sign in")
    sound(again, "second-factor-refused")
    again.fills(Code=code_at(secret, int(time.time()) // 30 + 1)).presses("Sign in")
    assert again.heading == "Account"

    third = visitor()
    signs_in(third, email)
    third.fills(Code=codes[0]).presses("Sign in")
    assert third.heading == "Account"
    sound(third.goes("/accounts/second-factors/recovery-codes/generate/"), "recovery-codes-new")
    sound(third.goes("/accounts/second-factors/totp/deactivate/"), "totp-remove")
    third.presses("Remove")
    assert "Off" in third.text
    sound(third, "factors-removed")
    fourth = visitor()
    signs_in(fourth, email)
    assert fourth.heading == "Account"


def test_a_password_is_changed_and_every_other_session_ends(
    visitor: Make, letter: Letter, sound: Sound
) -> None:
    here, elsewhere, email = visitor(), visitor(), fresh()
    opened(here, letter, email)
    signs_in(elsewhere, email)
    sound(here.goes("/accounts/sessions/"), "sessions")
    here.goes("/accounts/").follows("Change")
    sound(here, "password-change")
    here.fills(Current_Password=PASSWORD, New_Password=NEW)
    here.page.get_by_label("New Password (again)").fill(NEW)
    here.presses("Change password")

    assert here.heading == "Account"
    sound(here, "home-changed")
    assert not elsewhere.is_signed_in()
    signs_in(elsewhere, email, NEW)
    assert elsewhere.is_signed_in()
    here.goes("/accounts/sessions/").presses("Sign out everywhere else")
    assert here.is_signed_in() and not elsewhere.is_signed_in()
    here.presses("Sign out")
    assert here.heading == "Sign in" and not here.is_signed_in()


def test_a_forgotten_password_is_reset_by_the_printed_link(
    visitor: Make, letter: Letter, sound: Sound
) -> None:
    ana, email = visitor(), fresh()
    opened(ana, letter, email)
    lost = visitor()
    lost.goes("/accounts/login/").follows("Forgot your password?")
    sound(lost, "password-reset")
    lost.fills(Email=email).presses("Send the link")
    sound(lost, "password-reset-sent")
    link = letter(email, "password/reset/key/")
    sound(lost.goes(link), "password-reset-link")
    assert re.search(r"set-password/$", lost.path)
    lost.page.get_by_label("New Password", exact=True).fill(NEW)
    lost.page.get_by_label("New Password (again)").fill(NEW)
    lost.presses("Set password")
    sound(lost, "password-reset-done")

    assert not ana.is_signed_in()
    sound(ana.goes(link), "password-reset-ended")
    signs_in(ana, email, NEW)
    assert ana.is_signed_in()


def test_who_guesses_waits(visitor: Make, sound: Sound) -> None:
    thief, email = visitor(), fresh()
    for number in range(6):
        signs_in(thief, email, f"guess number {number}")
    assert thief.heading == "Please wait"
    sound(thief, "wait")
    thief.complaints.clear()  # the browser's own word for a 429


def test_all_of_it_works_without_scripts(visitor: Make, letter: Letter) -> None:
    ana, email = visitor(java_script_enabled=False), fresh()
    opened(ana, letter, email)
    assert ana.heading == "Account"
    ana.goes("/accounts/second-factors/totp/activate/")
    secret = ana.page.locator(".secret-text").inner_text()
    ana.fills(Code=code_at(secret, int(time.time()) // 30)).presses("Add")
    assert ana.heading == "Recovery codes"
    ana.goes("/accounts/login/")
    ana.presses("Sign out") if ana.heading == "Account" else None
    assert ana.page.get_by_role("button", name="Sign in with a passkey").count() == 0

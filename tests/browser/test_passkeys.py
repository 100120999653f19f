"""Passkeys, with the browser's own virtual authenticator: add, sign in by it, prove with it."""

from collections.abc import Callable
from typing import Any

import pytest

from .test_account import Letter, Make, Sound, fresh, opened, signs_in
from .visitor import Visitor

pytestmark = [pytest.mark.process, pytest.mark.slow]

_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(someone: Visitor) -> tuple[Any, str]:
    """Give the browser an authenticator; returns how to speak to it."""
    tools = someone.page.context.new_cdp_session(someone.page)
    tools.send("WebAuthn.enable")
    made = tools.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})
    return tools, made["authenticatorId"]


def adds_passkey(someone: Visitor, *, alone: bool) -> None:
    someone.goes("/accounts/second-factors/passkeys/add/").fills(Name="Blue laptop")
    box = someone.page.get_by_label("It may stand for the password")
    box.set_checked(alone)
    someone.presses("Add")
    someone.page.wait_for_url("**/recovery-codes/")


def until(someone: Visitor, act: Callable[[], object], where: str) -> None:
    act()
    someone.page.wait_for_url(where)


def test_a_passkey_signs_in_by_itself(visitor: Make, letter: Letter, sound: Sound) -> None:
    ana, email = visitor(), fresh()
    with_device(ana)
    opened(ana, letter, email)
    sound(ana.goes("/accounts/second-factors/passkeys/"), "passkeys-none")
    sound(ana.follows("Add a passkey"), "passkey-add")
    adds_passkey(ana, alone=True)
    sound(ana.goes("/accounts/second-factors/passkeys/"), "passkeys")
    sound(ana.follows("Rename Blue laptop"), "passkey-rename")
    ana.fills(Name="Red laptop").presses("Rename")
    ana.goes("/accounts/").presses("Sign out")

    ana.goes("/accounts/login/")
    until(ana, lambda: ana.presses("Sign in with a passkey"), "**/accounts/")
    assert ana.heading == "Account" and email in ana.text
    sound(
        ana.goes("/accounts/second-factors/passkeys/").follows("Remove Red laptop"),
        "passkey-remove",
    )
    ana.presses("Remove")
    assert "None yet" in ana.text


def test_a_passkey_is_a_second_factor(visitor: Make, letter: Letter, sound: Sound) -> None:
    ana, email = visitor(), fresh()
    with_device(ana)
    opened(ana, letter, email)
    adds_passkey(ana, alone=False)
    ana.goes("/accounts/").presses("Sign out")

    signs_in(ana, email)
    assert ana.heading == "Second factor"
    sound(ana, "second-factor-passkey")
    until(ana, lambda: ana.presses("Use a passkey"), "**/accounts/")
    assert ana.heading == "Account"


def test_without_the_device_nobody_comes_in(visitor: Make, letter: Letter) -> None:
    ana, email = visitor(), fresh()
    tools, device = with_device(ana)
    opened(ana, letter, email)
    adds_passkey(ana, alone=True)
    ana.goes("/accounts/").presses("Sign out")
    tools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    with_device(ana)  # another one, which knows nothing

    ana.goes("/accounts/login/").presses("Sign in with a passkey")
    ana.page.get_by_text("Your browser did not give a passkey").wait_for()
    assert not ana.is_signed_in()


def test_a_passkey_of_one_opens_no_account_of_another(visitor: Make, letter: Letter) -> None:
    thief, victim = visitor(), visitor()
    with_device(thief)
    opened(thief, letter, fresh())
    adds_passkey(thief, alone=True)
    email = fresh()
    with_device(victim)
    opened(victim, letter, email)
    adds_passkey(victim, alone=False)

    thief.goes("/accounts/").presses("Sign out")
    signs_in(thief, email)  # the password was stolen
    thief.presses("Use a passkey")
    thief.page.get_by_text("Your browser did not give a passkey").wait_for()
    assert not thief.is_signed_in()

"""Somebody with a browser and an authenticator app, who is sent to our pages by a client."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from apps.accounts.totp import PERIOD, code_at

_PATIENCE = 15_000  # milliseconds
#: Nobody answers there: the browser is stopped at the door, and what it carries is read.
BACK = "https://client.example/back"


class Person:
    """A page of their own. `complaints` are what the browser said about pages of `ours`."""

    def __init__(self, context: Any, user: dict[str, Any], ours: str) -> None:
        self.user, self.ours = user, ours
        self.page = context.new_page()
        self.page.set_default_timeout(_PATIENCE)
        self.complaints: list[str] = []
        self.page.on("console", self._note)

    def agrees(self, address: str) -> None:
        """Sign in with password and one-time code, read what is asked, and allow it."""
        self.page.goto(address)
        self.fills("Email", self.user["email"]).fills("Password", self.user["password"])
        self.presses("Sign in")
        self.fills("Code", code_at(self.user["totp_secret"], int(time.time()) // PERIOD))
        self.presses("Sign in")
        self.allows()

    def allows(self) -> None:
        assert "Allow" in self.page.get_by_role("heading", level=1).inner_text()
        self.presses("Allow")

    def comes_back(self, act: Callable[[], None]) -> str:
        """Do it; the address at BACK that the browser is sent to in the end."""
        with self.page.expect_request(lambda request: request.url.startswith(BACK)) as sent:
            act()
        with suppress(Exception):  # the browser may still be looking for who does not answer
            self.page.goto("about:blank")
        return sent.value.url

    def is_sent_on(self, address: str) -> None:
        """Go there, and on to where nobody answers."""
        with suppress(Exception):
            self.page.goto(address)

    def fills(self, label: str, text: str) -> "Person":
        self.page.get_by_label(label, exact=True).fill(text)
        return self

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def _note(self, message: Any) -> None:
        ours = message.location["url"].startswith(self.ours)
        if ours and message.type in ("error", "warning"):
            self.complaints.append(message.text)


def said(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

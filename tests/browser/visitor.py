"""Somebody at a browser: goes to pages, fills fields by their labels, presses buttons by names."""

import os
import re
from pathlib import Path
from typing import Any

from tests.concurrency.server import Server

#: Where every page that was looked at leaves its picture, for people; nowhere by default.
PICTURES = os.environ.get("SCREENSHOTS", "")
_PATIENCE = 8_000  # milliseconds
SIZES = {"desktop": (1280, 860), "phone": (390, 844)}


class Visitor:
    """One browser, with cookies of its own."""

    def __init__(self, context: Any, server: Server) -> None:
        self.server = server
        self.page = context.new_page()
        self.page.set_default_timeout(_PATIENCE)
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def goes(self, path: str) -> "Visitor":
        self.page.goto(f"http://localhost:{self.server.port}{path}")
        return self

    def fills(self, **fields: str) -> "Visitor":
        """`New_password="…"`: by label, with underscores for spaces."""
        for label, value in fields.items():
            name = label.replace("_", " ")
            self.page.get_by_label(name, exact=True).fill(value)
        return self

    def presses(self, name: str) -> "Visitor":
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()
        return self

    def follows(self, name: str) -> "Visitor":
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        return self

    @property
    def path(self) -> str:
        return re.sub(r"^http://[^/]+", "", self.page.url)

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self) -> str:
        return self.page.get_by_role("main").inner_text()

    def is_signed_in(self) -> bool:
        return self.goes("/accounts/").heading == "Account"

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


def pictured(page: Any, name: str) -> None:
    """Save it in both colour schemes and both sizes, where somebody wants to look."""
    if not PICTURES:
        return
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(PICTURES, f"{name}-{size}-{scheme}.png"), full_page=True)

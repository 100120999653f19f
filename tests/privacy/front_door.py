"""A visitor with a browser's cookies and a caller of the API, against a real server."""

import html
import re
import time
from typing import Any

import httpx

from apps.accounts import totp
from tests.concurrency.server import Server

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Goes to pages, sends their forms, and reads letters in the server's output."""

    def __init__(self, server: Server, email: str, password: str) -> None:
        self.server, self.email, self.password = server, email, password
        self.http = httpx.Client(
            base_url=server.url, follow_redirects=True, timeout=30, trust_env=False
        )
        self.secret = ""

    def sends(self, path: str, **fields: str) -> httpx.Response:
        """The form of this page, with its token."""
        page = self.http.get(path)
        token = _TOKEN.search(page.text)
        assert token, (path, page.status_code, page.url)
        headers = {"Referer": f"{self.server.url}{path}", "Origin": self.server.url}
        form = {"csrfmiddlewaretoken": token[1], **fields}
        return self.http.post(str(page.url), data=form, headers=headers)

    def letter_link(self, part: str) -> str:
        """The path of the newest link with `part` in it."""
        letters = self.server.log.read_text().replace("=\n", "")
        return re.findall(rf"http://\S+?(/accounts/{part}/\S+/)", letters)[-1]

    def opens_account(self) -> None:
        self.sends("/accounts/signup/", email=self.email, password1=self.password)
        self.sends(self.letter_link("confirm-email"))

    def signs_in(self) -> None:
        self.sends("/accounts/login/", login=self.email, password=self.password)

    def adds_app(self) -> None:
        page = self.http.get("/accounts/second-factors/totp/activate/").text
        self.secret = html.unescape(re.search(r'class="secret-text">([^<]+)<', page)[1]).strip()
        done = self.sends("/accounts/second-factors/totp/activate/", code=self.code())
        assert done.status_code == 200, done.status_code

    def recovery_codes(self) -> list[str]:
        self.sends("/accounts/second-factors/recovery-codes/generate/")
        text = self.http.get("/accounts/second-factors/recovery-codes/download/").text
        return text.split()

    def code(self) -> str:
        return totp.code_at(self.secret, int(time.time()) // totp.PERIOD)

    def api(self, key: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.request(
            method,
            f"{self.server.url}/api/v2/{path}",
            json=body,
            headers={"Authorization": f"Bearer {key}", **names},
            timeout=30,
            trust_env=False,
        )

"""How a credential comes (API2): in the URL, twice, in another scheme, from a browser."""

import base64
from collections.abc import Iterator

from apps.workshop.attempts import Attempt, refused, works
from apps.workshop.run import Run


def key_in_url(run: Run) -> Iterator[Attempt]:
    """Send a key where proxies, logs and browser histories keep it."""
    key, caller = run.key("buyer", "read"), run.caller("buyer", "read")
    for what, sender, path in (
        ("as access_token", run.anonymous, f"offers?access_token={key}"),
        ("as api_key", run.anonymous, f"offers?api_key={key}"),
        ("as X-API-Key", run.anonymous, f"offers?X-API-Key={key}"),
        ("in capitals", run.anonymous, f"offers?ACCESS_TOKEN={key}"),
        ("beside the same key in a header", caller, f"offers?access_token={key}"),
        ("in the value of another parameter", caller, f"listings?city={key}"),
        ("in a parameter that came before", caller, f"offers?limit=1&limit={key}"),
        ("as the name of a parameter", run.anonymous, f"offers?{key}=1"),
        ("in the path", run.anonymous, f"listings/{key}"),
    ):
        yield refused(what, sender.get(path), 400, "credential_exposed")


def two_credentials(run: Run) -> Iterator[Attempt]:
    """Send two credentials, so that two readers of one request see two callers."""
    mine, other = run.key("buyer", "read"), run.key("buyer", "read", agency=1)
    for what, second in (
        ("the same key twice", mine),
        ("the keys of two people", other),
        ("a good key and a bad one", "nonsense"),
    ):
        answer = run.with_key(mine).get("me", X_API_Key=second)
        yield refused(what, answer, 400, "malformed_credential")


def repeated_header(run: Run) -> Iterator[Attempt]:
    """Send one header twice: servers join the two with a comma."""
    mine, other = run.key("buyer", "read"), run.key("buyer", "read", agency=1)
    for what, headers in (
        ("Authorization, two keys", {"Authorization": f"Bearer {mine},{other}"}),
        ("Authorization, as servers join it", {"Authorization": f"Bearer {mine}, Bearer {other}"}),
        ("X-API-Key, two keys", {"X-API-Key": f"{mine},{other}"}),
        ("X-API-Key, the same twice", {"X-API-Key": f"{mine}, {mine}"}),
    ):
        answer = run.sending(headers).get("me")
        yield refused(what, answer, 400, "malformed_credential")


def other_scheme(run: Run) -> Iterator[Attempt]:
    """Send a key in another scheme than Bearer."""
    key = run.key("buyer", "read")
    basic = base64.b64encode(f"{key}:".encode()).decode()
    for what, header in (
        ("Basic, the key as user name", f"Basic {basic}"),
        ("Basic, the key itself", f"Basic {key}"),
        ("Token", f"Token {key}"),
        ("no scheme at all", key),
    ):
        answer = run.anonymous.get("me", Authorization=header)
        yield refused(what, answer, 400, "malformed_credential")


def one_credential(run: Run) -> None:
    """One key in one header works: in either, and whatever the case of the scheme."""
    key = run.key("buyer", "read")
    works(run.with_key(key).get("me"))
    works(run.anonymous.get("me", X_API_Key=key))
    works(run.anonymous.get("me", Authorization=f"bearer {key}"))


def key_in_browser(run: Run) -> Iterator[Attempt]:
    """Use a key that was built into a page, where every visitor can read it."""
    caller, key = run.caller("buyer", "read"), run.key("buyer", "read")
    for what, answer in (
        ("from an allowed page", caller.get("offers", Origin="https://app.example.com")),
        ("from any page", caller.get("offers", Origin="https://shop.example.net")),
        ("from a file or a sandbox", caller.get("offers", Origin="null")),
        ("to the same origin", caller.get("offers", Sec_Fetch_Site="same-origin")),
        ("where no key is needed", caller.get("listings", Sec_Fetch_Site="cross-site")),
        ("in X-API-Key", run.anonymous.get("me", X_API_Key=key, Origin="null")),
    ):
        yield refused(what, answer, 403, "browser_key")


def key_on_server(run: Run) -> None:
    """A key from a server works, and a browser without a key reads published listings."""
    works(run.caller("buyer", "read").get("offers"))
    works(run.anonymous.get("listings?limit=1", Origin="https://app.example.com"))

"""Redirect URIs: letter by letter, and loopback on any port."""

import pytest

from apps.oauth.redirect_uris import allows, fault

GOOD = [
    "https://client.example/callback",
    "https://client.example:8443/callback?keep=1",
    "https://client.example",
]
LOOPBACK = ["http://127.0.0.1/callback", "http://127.0.0.1:8000/callback", "http://[::1]/callback"]
BAD = [
    "",
    "/callback",
    "client.example/callback",
    "https:///callback",
    "https://*.client.example/callback",
    "https://client.example/*",
    "https://client.example/callback#part",
    "https://client.example/callback#",
    "https://user@client.example/callback",
    "https://user:word@client.example/callback",
    "http://client.example/callback",
    "http://localhost/callback",
    "http://127.0.0.1.evil.example/callback",
    "http://127.1/callback",
    "http://0.0.0.0/callback",
    "com.example.app:/callback",
    "javascript:alert(1)//https://x",
    "data:text/html,x",
    "https://client.example/call back",
    "https://client.example/\\evil",
    "https://client.example/callback\n",
    "https://client.example:port/callback",
    "https://clïent.example/callback",
    "https://client.example/" + "a" * 500,
]


@pytest.mark.parametrize("uri", GOOD)
def test_https_may_be_registered(uri: str) -> None:
    assert fault(uri, native=False) == fault(uri, native=True) == ""


@pytest.mark.parametrize("uri", LOOPBACK)
def test_loopback_is_for_native_clients(uri: str) -> None:
    assert fault(uri, native=True) == ""
    assert fault(uri, native=False)


@pytest.mark.parametrize("uri", BAD)
@pytest.mark.parametrize("native", [True, False])
def test_nothing_else_may(uri: str, native: bool) -> None:
    assert fault(uri, native=native)


@pytest.mark.parametrize(
    "asked",
    [
        "https://client.example/callback/",
        "https://client.example/callback?x=1",
        "https://client.example/Callback",
        "https://CLIENT.example/callback",
        "https://client.example:443/callback",
        "https://client.example/callback/../callback",
        "https://client.example/callback%2f",
        "https://client.example.evil.example/callback",
        "https://client.example@evil.example/callback",
        "http://client.example/callback",
    ],
)
def test_https_is_compared_letter_by_letter(asked: str) -> None:
    assert allows("https://client.example/callback", "https://client.example/callback")
    assert not allows("https://client.example/callback", asked)


@pytest.mark.parametrize("registered", ["http://127.0.0.1/callback", "http://127.0.0.1:1/callback"])
@pytest.mark.parametrize("port", ["", ":1", ":49152", ":65535"])
def test_loopback_takes_any_port(registered: str, port: str) -> None:
    assert allows(registered, f"http://127.0.0.1{port}/callback")
    assert allows("http://[::1]/callback", f"http://[::1]{port}/callback")


@pytest.mark.parametrize(
    "asked",
    [
        "http://127.0.0.1:8000/other",
        "http://127.0.0.1:8000/callback?x=1",
        "http://127.0.0.1:8000/callback#x",
        "http://[::1]:8000/callback",
        "http://localhost:8000/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:08000/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "http://evil.example@127.0.0.1:80/callback",
        "http://127.0.0.1:8000\\@evil.example/callback",
        "https://127.0.0.1:8000/callback",
        "HTTP://127.0.0.1:8000/callback",
        "http://127.0.0.1:8000/call\nback",
        "http://127.0.0.2:8000/callback",
    ],
)
def test_and_nothing_but_the_port(asked: str) -> None:
    assert not allows("http://127.0.0.1/callback", asked)

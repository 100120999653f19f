"""`var/demo.json`: the demo's passwords and keys, for people and programs that try things out.

Guarantees: readable by its owner alone from the first moment, replaced whole or not at all. It
holds secrets of a demo in clear, which is why the demo is never installed in production.
"""

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class DemoUser(BaseModel):
    """Somebody who can sign in. `api_keys`: the text of a key by its scope.

    `totp_secret`: what their authenticator app knows, in base32.
    """

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    email: str
    password: str = Field(repr=False)
    role: str
    agency: str
    totp_secret: str = Field(repr=False)
    api_keys: dict[str, str] = Field(repr=False)


class DemoClient(BaseModel):
    """An OAuth client; a public one has no secret."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    name: str
    client_id: str
    client_secret: str | None = Field(repr=False)
    redirect_uris: list[str]
    scopes: list[str]


class DemoFile(BaseModel):
    """The whole file; nothing in it where there is none. `listings`: how many were made."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    users: list[DemoUser] = []
    oauth_clients: list[DemoClient] = []
    listing_id: str = ""
    listings: int = 0


def path() -> Path:
    """Where the file is."""
    return Path(settings.VAR) / "demo.json"


def read() -> DemoFile:
    """What it says; an empty one where it is missing or broken, and then all is made anew."""
    try:
        return DemoFile.model_validate_json(path().read_bytes())
    except (OSError, ValidationError):
        return DemoFile()


def text(content: DemoFile) -> str:
    """As it stands in the file."""
    return content.model_dump_json(indent=2) + "\n"


def write(content: DemoFile) -> None:
    """Replace the file."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text(content))
    fresh.replace(file)


def forget() -> None:
    """Remove the file."""
    with suppress(FileNotFoundError):
        path().unlink()

"""Values that stand nowhere else go in through the front door of a real server, and are looked for.

Nowhere may they be found in clear: in no table, no file beside it, no log, no dump. What a model
justifies (`clear`) is allowed in that column and nowhere else: the address that letters go to.
"""

import base64
import json
import os
import re
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from apps.core.classification import declaration_of, stored_models
from config.environment import ROOT
from tests.concurrency.database import migrated_database
from tests.concurrency.server import node

from .front_door import Visitor

pytestmark = [pytest.mark.process, pytest.mark.slow]

EMAIL, PASSWORD = "xaviera.planted@example.com", "nine herons over planted canals"
PROFILE = {
    "legal_name": "Xaviera Quillfeather-Planted",
    "phone": "+15055557391",
    "national_id": "905-33-7741",
    "date_of_birth": "1971-11-23",
    "annual_income": {"amount": "735192.47", "currency": "USD"},
}
MESSAGE = "My planted landlord must not hear of this"
STREET = "77 Planted Heliotrope Passage"
REASON = "A planted copy for +15055557391 and xaviera.planted@example.com"
#: What the models allow: the columns of the address.
JUSTIFIED = {
    "e-mail address": {("accounts_user", "email"), ("account_emailaddress", "email")},
    "session cookie": {
        ("django_session", "session_key"),
        ("usersessions_usersession", "session_key"),
    },
}
_SCENE = """
import django; django.setup()
from apps.agencies.roles import Role
from tests import world
agency = world.agency("Planted Homes")
manager = world.person(Role.MANAGER, agency)
home = world.listing(agency, street_address={street!r})
print(home.pk, world.key(manager))
"""
_SESSIONS = """
import django; django.setup()
from django.contrib.sessions.models import Session
from apps.accounts.session_store import SessionStore
print([SessionStore(one.session_key).load() for one in Session.objects.all()])
"""


@dataclass
class Planted:
    """Where everything is that the service wrote, and what was planted, by its name."""

    folder: Path
    environment: dict[str, str]
    values: dict[str, str] = field(default_factory=dict)
    user: str = ""
    export: str = ""

    @property
    def url(self) -> str:
        return self.environment["DATABASE_URL"]

    def python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        return done.stdout if done.returncode == 0 else done.stdout + done.stderr

    def cells(self) -> Iterator[tuple[str, str, bytes]]:
        """Every cell: table, column, and its raw bytes."""
        connect = psycopg.connect
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        where: str | Path = self.url
        if self.url.startswith("sqlite"):
            connect, where = sqlite3.connect, self.folder / "db.sqlite3"
            tables = "SELECT name FROM sqlite_master WHERE type = 'table'"
        with connect(where) as connection:
            for (table,) in connection.execute(tables).fetchall():
                rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608
                names = [one[0] for one in rows.description]
                for row in rows.fetchall():
                    yield from ((table, n, _raw(v)) for n, v in zip(names, row, strict=True))

    def log(self) -> list[str]:
        """The lines of the log; what lies between them is letters, which go to a relay."""
        lines = (self.folder / "server.log").read_text().splitlines()
        return [line for line in lines if line.startswith('{"v":')]


def _raw(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return json.dumps(value, default=str, ensure_ascii=False).encode()


def _forms(value: str) -> set[bytes]:
    """As it may stand in a dump: as it is, in hexadecimal, in base64 at each offset."""
    plain = value.encode()
    shifted = {base64.b64encode(b"x" * n + plain)[4 * (n > 0) : -4] for n in range(3)}
    return {plain, plain.hex().encode(), *(one for one in shifted if len(one) > 8)}


def _unsigned(raw: bytes) -> bytes:
    """What whoever reads the table gets out of Django's own form of a session."""
    text = raw.strip(b'"').removeprefix(b".").split(b":")[0]
    try:
        return zlib.decompress(base64.urlsafe_b64decode(text + b"=="))
    except (ValueError, zlib.error):
        return text


def found(value: str, text: bytes) -> bool:
    return any(form in text for form in _forms(value))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    folder = tmp_path_factory.mktemp("planted")
    with migrated_database(folder) as url:
        house = Planted(
            folder,
            os.environ
            | {
                "DATABASE_URL": url,
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "TRUSTED_PROXIES": "10.0.0.1/32",
                "LOG_LEVEL": "DEBUG",
                "ERASURE_LIST": str(folder / "erasures.txt"),
                "AUDIT_CHECKPOINTS": str(folder / "checkpoints.txt"),
            },
        )
        with node(house.environment, folder / "server.log") as server:
            _live(house, Visitor(server, EMAIL, PASSWORD))
            house.python("manage.py", "tick")
            yield house


def _live(house: Planted, visitor: Visitor) -> None:
    """Everything that a person does here, right and wrong."""
    home, manager = house.python("-c", _SCENE.format(street=STREET)).split()
    visitor.opens_account()
    visitor.signs_in()
    visitor.adds_app()
    codes = visitor.recovery_codes()
    made = house.python(
        "manage.py", "apikey", "create", "--user", EMAIL, "--scope", "admin", "--name", "planted"
    )
    key = made.split()[-1]
    api, amount = visitor.api, {"amount": "410000.00", "currency": "USD"}
    assert api(key, "PUT", "buyer-profile", PROFILE).status_code == 201
    for wrong in ({**PROFILE, "phone": "x"}, {**PROFILE, "more": MESSAGE}, [PROFILE], MESSAGE):
        assert api(key, "PUT", "buyer-profile", wrong, If_Match='"1"').status_code == 400
    assert api(f"{key}x", "PUT", "buyer-profile", PROFILE).status_code == 401
    api(key, "GET", f"listings?city={PROFILE['legal_name']}&phone={PROFILE['phone']}")
    assert api(key, "GET", "buyer-profile").status_code == 200
    revealed = api(key, "POST", "buyer-profile/reveal", {"reason": REASON})
    assert revealed.json()["national_id"] == PROFILE["national_id"]
    for one in ("planted-key-one", "planted-key-one", "planted-key-two"):
        bid = {"listing": home, "amount": amount, "message": MESSAGE}
        sent = api(key, "POST", "offers", bid, Idempotency_Key=one)
    assert sent.status_code == 409
    (offer,) = api(manager, "GET", "offers").json()["results"]
    api(manager, "POST", f"offers/{offer['id']}/reveal", {"reason": REASON})
    api(manager, "POST", "buyers/lookup", {"phone": PROFILE["phone"]})
    api(manager, "POST", "buyers/lookup", {"national_id": f"{PROFILE['national_id']}x"})
    second = api(key, "POST", "api-keys", {"name": "planted", "scopes": ["read"]}).json()["key"]
    Visitor(visitor.server, EMAIL, f"{PASSWORD}!").signs_in()
    visitor.http.get(f"/accounts/login/?email={EMAIL}&password={PASSWORD}")
    house.user = api(key, "GET", "me").json()["id"]
    house.export = visitor.sends("/accounts/data/").text
    visitor.http.post("/accounts/signup/", data={"email": EMAIL, "password1": PASSWORD})
    house.values = {
        "e-mail address": EMAIL,
        "password": PASSWORD,
        "legal name": PROFILE["legal_name"],
        "phone": PROFILE["phone"],
        "phone's digits": PROFILE["phone"][1:],
        "national id": PROFILE["national_id"],
        "digits of the national id": PROFILE["national_id"].replace("-", ""),
        "date of birth": PROFILE["date_of_birth"],
        "income": PROFILE["annual_income"]["amount"],
        "message": MESSAGE,
        "street": STREET,
        "secret of the app": visitor.secret,
        "a recovery code": codes[0],
        "a key": key[21:53],
        "another key": second[21:53],
        "session cookie": visitor.http.cookies["session"],
    }


def test_they_went_in_and_their_person_gets_them_out(planted: Planted) -> None:
    document = json.loads(planted.export)

    assert document["complete"] is True
    exported = {"e-mail address", "legal name", "phone", "national id", "date of birth", "income"}
    assert [n for n in exported | {"message"} if planted.values[n] not in planted.export] == []
    secret = {"password", "secret of the app", "a recovery code", "a key", "session cookie"}
    assert [n for n in secret if planted.values[n] in planted.export] == []


def test_the_justified_columns_are_those_that_the_models_name() -> None:
    named = {
        (model._meta.db_table, name)
        for model in stored_models()
        for name in declaration_of(model).clear
    }
    assert set().union(*JUSTIFIED.values()) <= named


def test_no_table_holds_one_in_clear(planted: Planted) -> None:
    cells = list(planted.cells())
    places = {
        (what, table, column)
        for table, column, raw in cells
        for what, value in planted.values.items()
        if found(value, raw)
    }

    assert len({table for table, _, _ in cells}) > 15
    assert places == {(what, *place) for what, allowed in JUSTIFIED.items() for place in allowed}


def test_what_a_library_keeps_in_a_session_is_sealed(planted: Planted) -> None:
    """Opened, it holds the address of the sign-in: that is why it is."""
    inside = planted.python("-c", _SESSIONS)
    cells = [raw for table, _, raw in planted.cells() if table == "django_session"]

    assert planted.user in inside and EMAIL in inside
    assert len(cells) >= 3 and not [raw for raw in cells if planted.user.encode() in raw]
    assert not [raw for raw in cells if EMAIL.encode() in _unsigned(raw)]


def test_no_file_that_the_service_wrote_holds_one(planted: Planted) -> None:
    files = {one.name: one.read_bytes() for one in planted.folder.iterdir()}
    del files["server.log"]  # its lines are below; between them are letters
    hits = {
        (what, name)
        for name, content in files.items()
        for what, value in planted.values.items()
        if found(value, content) and what not in JUSTIFIED
    }

    assert "checkpoints.txt" in files
    assert hits == set()


def test_no_line_of_the_log_holds_one(planted: Planted) -> None:
    lines = planted.log()
    text = "\n".join(lines).encode()

    assert len(lines) > 30
    assert all(isinstance(json.loads(line), dict) for line in lines)
    assert [what for what, value in planted.values.items() if found(value, text)] == []


def test_no_dump_holds_one(planted: Planted) -> None:
    """`dumpdata` refuses encrypted fields; pg_dump, or SQLite's own, writes ciphertext."""
    dumped = planted.python("manage.py", "dumpdata")
    for label in ("accounts.user", "account", "mfa", "sessions", "apikeys", "audit", "privacy"):
        dumped += planted.python("manage.py", "dumpdata", label)
    if planted.url.startswith("sqlite"):
        with sqlite3.connect(planted.folder / "db.sqlite3") as connection:
            dumped += "\n".join(connection.iterdump())
    else:
        dump = ["pg_dump", "--inserts", planted.url]
        dumped += subprocess.run(dump, check=True, capture_output=True, text=True).stdout

    assert planted.user in dumped
    hits = {what for what, value in planted.values.items() if found(value, dumped.encode())}
    assert hits == set(JUSTIFIED)


def test_no_audit_entry_holds_one_not_even_as_a_reason(planted: Planted) -> None:
    entries = [raw for table, _, raw in planted.cells() if table == "audit_entry"]
    reasons = [raw for raw in entries if b"A planted copy for" in raw]

    assert len(reasons) == 2
    assert all(b"[redacted] and [redacted]" in raw for raw in reasons)
    assert not [w for w, v in planted.values.items() for raw in entries if found(v, raw)]


def test_once_erased_the_address_is_nowhere_either(planted: Planted) -> None:
    """The last test: it takes the person away."""
    told = planted.python("manage.py", "erasures", "erase", planted.user)
    assert "Erased" in told
    text = b"\n".join(raw for _, _, raw in planted.cells())

    assert planted.user.encode() in text or planted.user.replace("-", "").encode() in text
    assert [w for w, v in planted.values.items() if found(v, text) and w != "street"] == []
    assert re.fullmatch(rf"\S+Z {planted.user}\n", (planted.folder / "erasures.txt").read_text())

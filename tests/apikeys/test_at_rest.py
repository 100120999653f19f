"""A dump of the whole database holds no usable key."""

import base64
import hashlib

import pytest
from django.db import connection

from apps.apikeys.models import ApiKey
from tests import world
from tests.api import Api

pytestmark = pytest.mark.django_db


def dump() -> bytes:
    """Every column of every row of every table, as bytes."""
    parts: list[bytes] = []
    for name in connection.introspection.table_names():
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(name)
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 (a table's own name)
            for row in cursor.fetchall():
                parts += [
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                ]
    return b"\n".join(parts)


def test_no_form_of_a_key_is_stored() -> None:
    text = world.key(world.person())
    assert Api(text).get("me").status_code == 200
    stored = dump()

    secret = text.rpartition("_")[2]
    assert text.encode() not in stored
    assert secret.encode() not in stored and secret[:32].encode() not in stored
    for whole in (text, secret, secret[:32]):
        plain = hashlib.sha256(whole.encode())
        assert plain.digest() not in stored
        assert plain.hexdigest().encode() not in stored
        assert base64.b64encode(whole.encode()) not in stored
    # The dump does hold what is meant to be there, so it was a dump.
    assert text[8:20].encode() in stored
    assert bytes(ApiKey.objects.get().digest) in stored


def test_what_is_stored_opens_nothing() -> None:
    row = world.key_row(world.person())[0]
    digest = bytes(row.digest)

    for guess in (row.prefix, digest.hex(), base64.urlsafe_b64encode(digest).decode()):
        assert Api(guess).get("me").status_code == 401


def test_a_key_shows_no_secret_of_itself() -> None:
    row, text = world.key_row(world.person())

    for shown in (str(row), repr(row), row.prefix):
        assert text[21:] not in shown
    assert text.startswith(row.prefix)

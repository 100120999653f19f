"""Keys at rest (API2): what a stolen database, or a second look, gives away."""

from collections.abc import Iterator

from apps.apikeys.key_format import ALPHABET, checksum
from apps.workshop.attempts import Attempt, judged, works
from apps.workshop.run import Run

from .fresh import key_of


def dumped_keys(run: Run) -> Iterator[Attempt]:
    """Steal the whole database and use whatever could be a key; ask the service for it again."""
    run.needs_code()
    owner = run.caller("manager")
    key = key_of(owner, "read")
    secret, path = key["key"][21:53], f"api-keys/{key['id']}"
    found = sorted(_tables_with(secret.encode()))
    yield judged(
        "search every table for the secret of a key",
        stopped=not found,
        succeeded=bool(found),
        evidence=" ".join(found) or "no table has it",
    )
    for what, text in _stolen(key["id"], key["prefix"]):
        answer = run.with_key(text).get("me")
        yield judged(
            what,
            stopped=answer.status == 401,
            succeeded=answer.status == 200,
            evidence=answer.summary,
        )
    for what, answer in (
        ("read the key again", owner.get(path)),
        ("list the keys again", owner.get("api-keys?limit=100")),
    ):
        yield judged(
            what,
            stopped=answer.status == 200 and secret.encode() not in answer.body,
            succeeded=secret.encode() in answer.body,
            evidence=answer.summary,
        )
    owner.delete(path)


def fresh_key(run: Run) -> None:
    """A key works from the answer that made it."""
    owner = run.caller("manager")
    key = key_of(owner, "read")
    works(run.with_key(key["key"]).get("me"))
    works(owner.delete(f"api-keys/{key['id']}"), 204)


def _tables_with(secret: bytes) -> set[str]:
    from django.db import connection

    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            if any(secret in _bytes(value) for row in cursor.fetchall() for value in row):
                found.add(table)
    return found


def _stolen(key_id: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Texts that a thief makes of one row."""
    from apps.apikeys.models import ApiKey

    stored = bytes(ApiKey.objects.get(pk=key_id).digest)
    plain = "".join(c for c in stored.decode("latin-1") if c in f"{ALPHABET}_")
    yield "use the stored value as it is", plain or "-"
    yield "use the stored value in hex", stored.hex()
    body = f"{prefix}_{stored.hex()[:32]}"
    yield "put it behind the key's id", body + checksum(body)


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return str(value).encode()

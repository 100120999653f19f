"""Keys that change: rotated, retired, delivered by file, and gone.

The demo is rotated to a key that nobody else holds, and everything is taken back.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from secrets import token_bytes
from threading import Thread
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from apps.encryption.errors import DecryptionRefused
from apps.encryption.keys import KeyRing
from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Run

from .cells import overwrite
from .data import PROFILE

_NEW = 40_000  # an id that no ring here holds
_RACE = 1.5  # seconds that a writer gets in the middle of a batch
_RENAMED = "Renamed Meanwhile"
_SECRET = "JBSWY3DP"  # noqa: S105 (planted)


def left_behind(run: Run) -> Iterator[Attempt]:
    """Keep the old key, and open with it whatever a rotation forgot."""
    run.needs_code()
    with undone():
        _profile(run)
        model("accounts.SecondFactorSecret")(user=new_buyer(), secret=_SECRET).save()
        _rotated(_ring_with_new())
        for column, values in _columns():
            under = sum(value[:3] == b"%c\0\1" % value[0] for value in values)
            yield judged(
                f"open {column} with the old key",
                stopped=not under,
                succeeded=bool(under),
                evidence=f"{under} of {len(values)} values are under it",
            )


def written_meanwhile(run: Run) -> Iterator[Attempt]:
    """Change a value between its reading and its writing by the rotation."""
    from apps.encryption.resealing import Resealing

    run.needs_code()
    row, store = _profile(run), Resealing._store
    writer = Thread(target=_rename, args=[row.pk])

    def raced(resealing: Resealing, anew: list) -> int:
        if not writer.ident:
            writer.start()
            writer.join(_RACE)
        return store(resealing, anew)

    try:
        with patch.object(Resealing, "_store", raced):
            _walked(row, _ring_with_new())
        writer.join()
        _walked(row, _ring_with_new(active=settings.FIELD_KEY_ACTIVE))
        name = type(row).objects.get(pk=row.pk).legal_name
    finally:
        row.user.delete()
    yield judged(
        "have the rotation overwrite a new name",
        stopped=name == _RENAMED,
        succeeded=name == PROFILE["legal_name"],
        evidence="the new name stands" if name == _RENAMED else "the old name is back",
    )


def made_up_key(run: Run) -> Iterator[Attempt]:
    """Rotate to a key that nobody gave, and see whether one is made up."""
    run.needs_code()
    with undone(), _settings(FIELD_KEY_ACTIVE=_NEW):
        try:
            call_command("rotate_keys", stdout=StringIO(), stderr=StringIO())
            said = "it rotated"
        except (ValueError, CommandError) as refused:
            said = str(refused)
        values = [value for _, column in _columns() for value in column]
        under = sum(value[1:3] == _NEW.to_bytes(2, "big") for value in values)
    yield judged(
        f"rotate to key {_NEW}, which is not in the ring",
        stopped=not under and f"active key {_NEW}" in said,
        succeeded=under > 0,
        evidence=f"{under} values are under it" if under else said[:80],
    )


def key_that_is_gone(run: Run) -> Iterator[Attempt]:
    """Have a value under a key that the ring does not hold read all the same."""
    from apps.encryption.envelope import column_cipher

    run.needs_code()
    with undone():
        row = _profile(run)
        for what, key in (("a key that is gone", token_bytes(32)), ("no key at all", bytes(32))):
            cipher = column_cipher(KeyRing({_NEW: key}, _NEW), row._meta.db_table, "legal_name")
            overwrite(row, "legal_name", cipher.seal(row.pk.bytes, b"Forged Name"))
            try:
                evidence = type(row).objects.get(pk=row.pk).legal_name
                opened = True
            except DecryptionRefused as refused:
                evidence, opened = type(refused).__name__, False
            stopped = evidence == "UnknownKey"
            yield judged(
                f"sealed under {what}", stopped=stopped, succeeded=opened, evidence=evidence
            )


def retired_in_use(run: Run) -> Iterator[Attempt]:
    """Take a key that rows rest on out of the file of a running service."""
    run.needs_code()
    yield _offered("leave out the old key", {_NEW: token_bytes(32)}, _NEW)


def another_key(run: Run) -> Iterator[Attempt]:
    """Give the id of a key that rows rest on to another key."""
    run.needs_code()
    keys = dict.fromkeys(settings.FIELD_KEYS, token_bytes(32))
    yield _offered("put another key under its id", keys | {_NEW: token_bytes(32)}, _NEW)


def cut_file(run: Run) -> Iterator[Attempt]:
    """Have a file of keys taken that was cut short, so that half of the rows cannot be read."""
    from config.generate_env import fresh_key
    from config.rings import parse_ring_file

    run.needs_code()
    whole = f"1:{fresh_key()}\n2:{fresh_key()}\nactive:2\n"
    first, second, _ = whole.splitlines(keepends=True)
    for what, text in (
        ("after the first key", first),
        ("after the last key", first + second),
        ("in a key", whole[:70]),
        ("in the last line", whole[:-3]),
    ):
        try:
            evidence, taken = repr(parse_ring_file(text, range(32, 33))), True
        except ValueError as refused:
            evidence, taken = str(refused)[:60], False
        yield judged(f"cut {what}", stopped=not taken, succeeded=taken, evidence=evidence)


def missing_key(run: Run) -> Iterator[Attempt]:
    """Have a node taken for ready that lacks a key that rows rest on."""
    run.needs_code()
    with _settings(FIELD_KEYS={_NEW: token_bytes(32)}, FIELD_KEY_ACTIVE=_NEW):
        answer = run.anonymous.get("/readyz")
    said = answer.json["parts"]["keys"]  # other parts may lack something of their own
    yield judged(
        "start without the key",
        stopped=answer.status == 503 and said == "failing",
        succeeded=said == "ok",
        evidence=f"keys: {said}",
    )


def honest_rotation(run: Run) -> None:
    """A rotation there and back leaves every value as it was; a good file is taken."""
    run.needs_code()
    with undone():
        key = new_key(new_buyer(), "write")
        buyer = run.with_key(key)
        works(buyer.put("/api/v2/buyer-profile", PROFILE), 201)
        _rotated(_ring_with_new())
        _rotated(_ring_with_new(active=settings.FIELD_KEY_ACTIVE))
        reason = {"reason": "To see it once"}
        shown = works(buyer.post("/api/v2/buyer-profile/reveal", reason)).json
        if {name: shown[name] for name in PROFILE} != PROFILE:
            raise HonestUseBroken("a value came back changed")
    keys = {**settings.FIELD_KEYS, _NEW: token_bytes(32)}
    if _successor(keys, _NEW) is None:
        raise HonestUseBroken("a good file is not taken")
    if run.anonymous.get("/readyz").json["parts"]["keys"] != "ok":
        raise HonestUseBroken("a node that has every key is not ready")


def _profile(run: Run) -> Any:
    buyer = run.with_key(new_key(new_buyer(), "write"))
    works(buyer.put("/api/v2/buyer-profile", PROFILE), 201)
    return model("buyers.BuyerProfile").objects.latest("created_at")


def _ring_with_new(active: int = _NEW) -> KeyRing:
    return KeyRing({**settings.FIELD_KEYS, _NEW: b"the key of an attack, 32 bytes. "}, active)


def _rotated(ring: KeyRing) -> None:
    from apps.encryption.rotation import rotate
    from apps.encryption.stored import values_by_key

    rotation = rotate(ring, values_by_key(), 500)
    if rotation.unreadable:
        raise HonestUseBroken(f"{len(rotation.unreadable)} values do not open")


def _walked(row: Any, ring: KeyRing) -> None:
    """Rotate the row's table alone."""
    from apps.encryption.resealing import Resealing
    from apps.encryption.stored import sealed_tables

    (table,) = (table for table in sealed_tables() if table.model is type(row))
    list(Resealing(table, ring, 500, lambda _: None).write())


def _columns() -> Iterator[tuple[str, list[bytes]]]:
    """Every column that a key is named in, found by other means than the rotation's."""
    for one in apps.get_models():
        for field in one._meta.local_concrete_fields:
            if type(field).__name__.startswith(("Encrypted", "BlindIndex")):
                held = one._base_manager.values_list(field.attname, flat=True)
                cells = [getattr(v, "envelope", None) or v.index for v in held if v is not None]
                if cells:
                    yield f"{one._meta.db_table}.{field.column}", cells


def _rename(pk: object) -> None:
    try:
        row = model("buyers.BuyerProfile").objects.get(pk=pk)
        row.legal_name = _RENAMED
        row.save(update_fields=["legal_name"])
    finally:
        connection.close()  # of this thread


class _File:
    """A file of keys, as a running service reads it."""

    def __init__(self, keys: Mapping[int, bytes], active: int) -> None:
        self.held = keys, active

    def read(self) -> tuple[Mapping[int, bytes], int]:
        return self.held


def _successor(keys: Mapping[int, bytes], active: int) -> KeyRing | None:
    from apps.encryption.key_change import successor
    from apps.encryption.ring import key_ring

    return successor(key_ring(), _File(keys, active))


def _offered(what: str, keys: Mapping[int, bytes], active: int) -> Attempt:
    taken = _successor(keys, active)
    return judged(
        what,
        stopped=taken is None,
        succeeded=taken is not None,
        evidence="the old ring stays" if taken is None else f"taken: {taken!r}",
    )


@contextmanager
def _settings(**changed: object) -> Iterator[None]:
    """Another ring for this process, for a while."""
    from apps.encryption.ring import key_ring

    before = {name: getattr(settings, name) for name in changed}
    try:
        for name, value in changed.items():
            setattr(settings, name, value)
        key_ring.cache_clear()
        yield
    finally:
        for name, value in before.items():
            setattr(settings, name, value)
        key_ring.cache_clear()

"""Blind indexes: what a stolen table tells of the values, and what is left behind of them."""

import hmac
from collections.abc import Callable, Iterator
from hashlib import md5, sha1, sha256, sha512
from typing import Any

from django.core.exceptions import FieldError

from apps.encryption.blind_index import blind_index
from apps.encryption.normal_forms import Normaliser
from apps.encryption.ring import key_ring
from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Run

from .cells import cells, stored
from .data import PROFILE

_PHONE, _SPELLING = PROFILE["phone"], "+1 (505) 555-0177"
#: Public, or lying in the code: what somebody without the ring may try as a key.
_GUESSED_KEYS = (b"", bytes(32), b"phone_index", b"gatehouse field keys 1", b"blind-index")


def numbers_tried_out(run: Run) -> Iterator[Attempt]:
    """Steal the table and hash numbers until one stands in it, as for any unkeyed index."""
    run.needs_code()
    with undone():
        profile = _profile(run)
        held = {cell for place, cell in cells() if place.startswith(f"{profile._meta.db_table}.")}
        index = stored(profile, "phone_index")
        for what, digest in _digests():
            guesses = [digest(text) for text in _texts()]
            hit = any(guess[:16] in cell for guess in guesses for cell in held)
            yield judged(
                f"the number through {what}",
                stopped=index in held and not hit,
                succeeded=hit,
                evidence="it stands in the table" if hit else "it does not stand in the table",
            )


def joined_columns(run: Run) -> Iterator[Attempt]:
    """Compare indexes of one value in several columns, to follow a person from table to table."""
    run.needs_code()
    with undone():
        profile = _profile(run)
        table, index = profile._meta.db_table, stored(profile, "phone_index")
        for what, place in (
            ("another column", (table, "mobile_index")),
            ("another table", ("agencies_contact", "phone_index")),
        ):
            other = blind_index(key_ring(), *place, Normaliser.PHONE).of(_PHONE)
            yield judged(
                f"the same number in {what}",
                stopped=other[:3] == index[:3] and other != index,
                succeeded=other == index,
                evidence="the indexes are equal" if other == index else "they differ",
            )


def left_behind(run: Run) -> Iterator[Attempt]:
    """Erase or change a value and keep its index, which goes on telling who has it."""
    run.needs_code()
    for what, write in (
        ("erase the value alone", lambda rows, row: rows.update(national_id=None)),
        ("change the value alone", _change_alone),
        ("plant an index", lambda rows, row: rows.update(phone_index=b"planted")),
    ):
        with undone():
            profile = _profile(run)
            rows = type(profile).objects.filter(pk=profile.pk)
            try:
                write(rows, profile)
                kept = "written"
            except FieldError:
                kept = ""
            yield judged(what, stopped=not kept, succeeded=bool(kept), evidence=kept or "refused")


def found_and_forgotten(run: Run) -> None:
    """A number is found by any spelling, and no longer once it is changed or erased."""
    run.needs_code()
    with undone():
        profile = _profile(run)
        rows = type(profile).objects.filter(pk=profile.pk)
        if not rows.filter(phone_index=_SPELLING).exists():
            raise HonestUseBroken("a number is not found by another spelling")
        profile.phone = "+15055550178"
        profile.save()
        rows.update(national_id=None, national_id_index=None)
        if rows.filter(phone_index=_PHONE).exists():
            raise HonestUseBroken("a number is found that is no longer there")
        if rows.filter(national_id_index=PROFILE["national_id"]).exists():
            raise HonestUseBroken("an erased national id is found")


def _change_alone(rows: Any, row: Any) -> None:
    row.phone = "+15055550178"
    row.save(update_fields=["phone"])


def _profile(run: Run) -> Any:
    buyer = new_buyer()
    works(run.with_key(new_key(buyer, "write")).put("/api/v2/buyer-profile", PROFILE), 201)
    return model("buyers.BuyerProfile").objects.get(user=buyer)


def _texts() -> list[bytes]:
    """The number as it may have been hashed: bare, and as the code frames it."""
    from apps.encryption.keys import framed

    return [_PHONE.encode(), _PHONE[1:].encode(), framed(b"e164", _PHONE.encode())]


def _digests() -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    for plain in (md5, sha1, sha256, sha512):
        yield plain.__name__.removeprefix("openssl_"), lambda text, h=plain: h(text).digest()
    for key in _GUESSED_KEYS:
        what = f"HMAC under {key[:12] or 'no key'!r}"
        yield what, lambda text, key=key: hmac.digest(key, text, "sha256")

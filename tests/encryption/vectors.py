"""The vectors in docs/encryption-vectors.json, made by the code itself.

`python -m tests.encryption.vectors` writes them anew; a test compares. Keys and randomness are
fixed here, so that every run makes the same; none of them is or was anybody's.
"""

import json
from datetime import date
from decimal import Decimal
from hashlib import shake_128
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from apps.encryption import envelope, errors
from apps.encryption.blind_index import BlindIndex
from apps.encryption.envelope import ColumnCipher
from apps.encryption.keys import KeyRing, Purpose
from apps.encryption.normal_forms import NoNormalForm, Normaliser

PATH = Path("docs/encryption-vectors.json")
RING_KEYS = {n: shake_128(b"vector key %d" % n).digest(32) for n in (1, 2, 0x0102)}
ROW = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
PLACE = ("buyers_buyerprofile", "phone")
ABOUT = (
    "Known answers for docs/encryption.md; bytes are in hex. verify_vectors.mjs checks them with"
    " nothing but Node's own cryptography."
)


def vectors() -> dict[str, Any]:
    """Everything, as it stands in the file."""
    return {
        "about": ABOUT,
        "ring": {str(key_id): key.hex() for key_id, key in RING_KEYS.items()},
        "derived_keys": [
            _derived(purpose, table, column, key_id)
            for purpose, table, column, key_id in (
                (Purpose.ENCRYPT, *PLACE, 1),
                (Purpose.ENCRYPT, *PLACE, 2),
                (Purpose.BLIND_INDEX, *PLACE, 1),
                (Purpose.MAC, *PLACE, 1),
                (Purpose.ENCRYPT, "buyers_buyer", "profilephone", 1),
                (Purpose.ENCRYPT, "b\u00fccher", "\u6771", 0x0102),
                (Purpose.ENCRYPT, "", "", 1),
            )
        ],
        "envelopes": [
            _envelope(plaintext, row_id, table, column, key_id)
            for plaintext, row_id, table, column, key_id in (
                (b"+15055550123", ROW.bytes, *PLACE, 1),
                (b"", ROW.bytes, *PLACE, 1),
                ("Ana Mar\u00eda O'Neil \u674e\u4f1f \U0001f3e1".encode(), b"7", "t", "c", 2),
                (bytes(range(256)), b"row", "b\u00fccher", "\u6771", 0x0102),
            )
        ],
        "refused_envelopes": _refused_envelopes(),
        "row_ids": [
            {"key": "uuid", "value": str(ROW), "bytes": ROW.bytes.hex()},
            {"key": "number", "value": "7", "bytes": b"7".hex()},
            {"key": "text", "value": "caf\u00e9", "bytes": "caf\u00e9".encode().hex()},
        ],
        "values": _values(),
        "normal_forms": [
            {"kind": kind.value, "text": text, "form": kind.of(text)} for kind, text in _SPELLINGS
        ],
        "without_normal_form": [_formless(kind, text) for kind, text in _FORMLESS],
        "blind_indexes": [
            _index("+1 (505) 555-0123", Normaliser.PHONE, 256, 1),
            _index("+15055550123", Normaliser.PHONE, 256, 2),
            _index("123-45-6789", Normaliser.NATIONAL_ID, 256, 1),
            _index("Ana@Example.COM", Normaliser.EMAIL, 12, 1),
            _index("Ana@Example.COM", Normaliser.EMAIL, 17, 0x0102),
            _index("Ana@Example.COM", Normaliser.EMAIL, 8, 1),
        ],
    }


def as_text() -> str:
    """The file's text."""
    return json.dumps(vectors(), indent=1, ensure_ascii=True) + "\n"


def _derived(purpose: Purpose, table: str, column: str, key_id: int) -> dict[str, Any]:
    key = KeyRing(RING_KEYS, 1).derive(purpose, table, column, key_id)
    place = {"purpose": purpose.value, "table": table, "column": column, "key_id": key_id}
    return {**place, "key": key.hex()}


def _sealed(plaintext: bytes, row_id: bytes, table: str, column: str, key_id: int) -> bytes:
    # Fixed "randomness": the selector and the nonces that a process would draw.
    with patch.object(envelope, "urandom", lambda size: shake_128(b"drawn").digest(size)):
        return ColumnCipher(KeyRing(RING_KEYS, key_id), table, column).seal(row_id, plaintext)


def _envelope(
    plaintext: bytes, row_id: bytes, table: str, column: str, key_id: int
) -> dict[str, Any]:
    sealed = _sealed(plaintext, row_id, table, column, key_id)
    return {
        "table": table,
        "column": column,
        "row_id": row_id.hex(),
        "key_id": key_id,
        "selector": sealed[3:11].hex(),
        "nonce": sealed[11:23].hex(),
        "plaintext": plaintext.hex(),
        "envelope": sealed.hex(),
    }


def _refused_envelopes() -> list[dict[str, Any]]:
    good = _sealed(b"+15055550123", ROW.bytes, *PLACE, 1)
    cases = {
        "empty": b"",
        "in clear": b"+15055550123",
        "shorter than any": good[:38],
        "version 1": b"\x01" + good[1:],
        "version 3": b"\x03" + good[1:],
        "a key that is not in the ring": good[:1] + b"\x00\x09" + good[3:],
        "another key of the ring": good[:1] + b"\x00\x02" + good[3:],
        "tag truncated by a byte": good[:-1],
        "tag truncated to four bytes": good[:-12],
        "a byte behind the tag": good + b"\x00",
        "of another row": _sealed(b"+15055550123", b"7", *PLACE, 1),
        "of another column": _sealed(b"+15055550123", ROW.bytes, PLACE[0], "national_id", 1),
        "of another table": _sealed(b"+15055550123", ROW.bytes, "offers_offer", "phone", 1),
        "of a table and column with the boundary moved": _sealed(
            b"+15055550123", ROW.bytes, PLACE[0] + "p", "hone", 1
        ),
    }
    for place, byte in enumerate(good):
        flipped = bytes([*good[:place], byte ^ 1, *good[place + 1 :]])
        cases[f"byte {place} flipped"] = flipped
    return [_refusal(what, sealed) for what, sealed in cases.items()]


def _refusal(what: str, sealed: bytes) -> dict[str, Any]:
    cipher = ColumnCipher(KeyRing(RING_KEYS, 1), *PLACE)
    try:
        cipher.unseal(ROW.bytes, sealed)
    except errors.DecryptionRefused as refused:
        place = {"table": PLACE[0], "column": PLACE[1], "row_id": ROW.bytes.hex()}
        return {"what": what, **place, "envelope": sealed.hex(), "refusal": type(refused).__name__}
    raise AssertionError(f"{what} was opened")


def _values() -> list[dict[str, Any]]:
    from apps.encryption.fields import (
        EncryptedBytesField,
        EncryptedDateField,
        EncryptedDecimalField,
        EncryptedTextField,
    )
    from apps.encryption.json_field import EncryptedJSONField

    text, scan = EncryptedTextField(max_length=40), EncryptedBytesField(max_length=40)
    amount = EncryptedDecimalField(max_digits=11, decimal_places=2)
    document = EncryptedJSONField(max_length=200)
    made: list[tuple[str, Any, Any, Any]] = [
        ("text", value, value, text)
        for value in ("", "e\u0301\u00e9 \ufb03", "\U0001f3e1 \x00 \u202e", "a\r\n ")
    ]
    made += [("bytes", value.hex(), value, scan) for value in (b"", bytes(range(40)))]
    made += [
        ("date", str(day), day, EncryptedDateField())
        for day in (date(1, 1, 1), date(1984, 2, 29), date(9999, 12, 31))
    ]
    made += [
        ("decimal", number, Decimal(number), amount)
        for number in ("0", "-0.00", "85000", "-1.5", "999999999.99", "-999999999.99", "1E2")
    ]
    made += [
        ("json", value, value, document)
        for value in (
            {},
            [],
            {"b": [1, True, None, "\u00e9\u2028"], "a": {"": -(2**53) + 1}},
            [0.5, -3],
        )
    ]
    return [
        {"type": kind, "value": shown, "plaintext": field.to_bytes(value).hex()}
        for kind, shown, value, field in made
    ]


_SPELLINGS = [
    *((Normaliser.PHONE, text) for text in ("+15055550123", "+1 (505) 555-0123")),
    (Normaliser.PHONE, "\u202a+44\u00a0(0)20\u20117946 0958\u202c"),
    (Normaliser.PHONE, "\uff0b\uff11 505.555.0123"),
    *((Normaliser.NATIONAL_ID, text) for text in ("123-45-6789", "12 345 678-z", "123.456.789/09")),
    (Normaliser.EMAIL, " Ana.Mar\u00eda@Example.COM"),
    (Normaliser.EMAIL, "ana.mari\u0301a@example.com"),
    (Normaliser.EMAIL, "Stra\u00dfe@example.com"),
]
_FORMLESS = [
    *((Normaliser.PHONE, text) for text in ("", "5055550123", "+0123456789", "+12345678901234567")),
    *((Normaliser.NATIONAL_ID, text) for text in ("1", "12_34", "12345678\u0131")),
    *((Normaliser.EMAIL, text) for text in ("ana", "a@b@c", "a b@c")),
]


def _formless(kind: Normaliser, text: str) -> dict[str, str]:
    try:
        kind.of(text)
    except NoNormalForm:
        return {"kind": kind.value, "text": text}
    raise AssertionError(f"{text!r} has a form")


def _index(text: str, kind: Normaliser, bits: int, key_id: int) -> dict[str, Any]:
    table, column = "buyers_buyerprofile", "phone_index"
    made = BlindIndex(KeyRing(RING_KEYS, key_id), table, column, kind, bits).of(text)
    return {
        "table": table,
        "column": column,
        "key_id": key_id,
        "kind": kind.value,
        "bits": bits,
        "text": text,
        "index": made.hex(),
    }


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PATH.write_text(as_text())

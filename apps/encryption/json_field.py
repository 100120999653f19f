"""An encrypted JSON document as a model field.

Guarantees: what comes back equals what was given, in every language that reads JSON: only objects,
arrays, texts, true, false, null and the numbers that all of them keep exactly (RFC 7493); anything
else is refused before it is written, not turned into something like it. Does not guarantee: the
length of a document can be seen from its ciphertext. Every read opens a document of its own, so
what is changed in it is written only when it is assigned again.
"""

import json
from math import isfinite
from typing import Any

from django.core.exceptions import ValidationError

from apps.encryption.fields import BoundedField

DEEPEST = 20
_EXACT = 2**53 - 1  # RFC 7493, 2.2


class EncryptedJSONField(BoundedField):
    """A JSON object or array of at most `max_length` bytes in UTF-8. NULL, never JSON's null."""

    description = "Encrypted JSON"
    python_types = (dict, list)

    def to_bytes(self, value: dict | list) -> bytes:
        if not _is_json(value, DEEPEST):
            raise ValidationError(
                f"JSON as every language reads it, at most {DEEPEST} levels deep.", code="invalid"
            )
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        try:
            plaintext = text.encode()
        except UnicodeEncodeError:
            plaintext = None  # raised below, outside of the error that holds the document
        if plaintext is None:
            raise ValidationError("A text in it holds half a surrogate pair.", code="invalid")
        if len(plaintext) > self.max_length:
            raise ValidationError(f"At most {self.max_length} bytes.", code="max_length")
        return plaintext

    def from_bytes(self, plaintext: bytes) -> dict | list:
        value = json.loads(plaintext)
        if type(value) not in self.python_types:
            raise ValueError("neither an object nor an array")
        return value


def _is_json(value: Any, levels: int) -> bool:
    """Is it made of JSON's own types, with numbers that no reader rounds?"""
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return True
    if kind is int:
        return -_EXACT <= value <= _EXACT
    if kind is float:
        return isfinite(value)
    if levels == 0:
        return False
    if kind is list:
        return all(_is_json(item, levels - 1) for item in value)
    if kind is dict:
        return all(type(name) is str for name in value) and all(
            _is_json(item, levels - 1) for item in value.values()
        )
    return False

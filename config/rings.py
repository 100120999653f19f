"""Key material as text: strict base64 keys and numbered rings of them.

Guarantees: a key that leaves here is canonical URL-safe base64 of the demanded size, is no
placeholder and shows no obvious pattern; a ring has unique ids and unique keys, and its repr shows
ids only. No message repeats the text that it refuses.
Does not prove randomness: a key from a bad generator passes.
"""

import base64
import itertools
import re
from collections.abc import Callable, Iterable
from typing import TypeVar

Parsed = TypeVar("Parsed")

PLACEHOLDERS = ("change-me", "changeme", "example", "placeholder", "insecure")
WHOLE_PLACEHOLDERS = frozenset({"secret", "password"})
FEWEST_STEPS = 8
LARGEST_ID = 65535  # the envelope of an encrypted value gives the key id two bytes
MEMBER = re.compile(r"([1-9][0-9]{0,4}):(.+)", re.ASCII)
ACTIVE = re.compile(r"active:([1-9][0-9]{0,4})", re.ASCII)


class KeyRing(dict[int, bytes]):
    """Keys by id. The repr names the ids and never the keys.

    `active` is the id that a file names beside its keys; None where a variable of its own does.
    """

    active: int | None = None

    def __repr__(self) -> str:
        return f"KeyRing(ids={sorted(self)})"


def parse_list(text: str, parse: Callable[[str], Parsed]) -> tuple[Parsed, ...]:
    """Parse each entry of a comma list; blank entries are skipped.

    Raises ValueError that says what is wrong with every bad entry, by position: the entry itself
    may carry a secret, or a password inside a URL.
    """
    parsed, problems = [], []
    entries = (entry.strip() for entry in text.split(","))
    for position, entry in enumerate(filter(None, entries), start=1):
        try:
            parsed.append(parse(entry))
        except ValueError as problem:
            problems.append(f"entry {position} {problem}")
    if problems:
        raise ValueError("; ".join(problems))
    return tuple(parsed)


def refuse_placeholder(text: str) -> None:
    """Raise ValueError for a value that was meant to be replaced before use."""
    plain = text.lower().replace("_", "-")
    if plain in WHOLE_PLACEHOLDERS or any(word in plain for word in PLACEHOLDERS):
        raise ValueError("is a placeholder, not a secret")


def refuse_pattern(material: bytes) -> None:
    """Raise ValueError for a repeated byte, a short cycle or a count (0, 1, 2…)."""
    steps = {(after - before) % 256 for before, after in itertools.pairwise(material)}
    if len(steps) < FEWEST_STEPS:
        raise ValueError("is a pattern, not random")


def parse_key(text: str, sizes: range) -> bytes:
    """Decode one URL-safe base64 key (RFC 4648 section 5; padding optional), `sizes` in bytes."""
    refuse_placeholder(text)
    body = text.rstrip("=")
    try:
        key = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError:
        raise ValueError("is not URL-safe base64") from None
    # The decoder skips foreign characters: only a text that encodes back to itself was base64.
    if base64.urlsafe_b64encode(key).rstrip(b"=") != body.encode():
        raise ValueError("is not URL-safe base64")
    if len(key) not in sizes:
        wanted = f"{sizes.start} bytes" + ("" if len(sizes) == 1 else " or more")
        raise ValueError(f"decodes to {len(key)} bytes where {wanted} are needed")
    refuse_pattern(key)
    return key


def parse_ring(text: str, sizes: range) -> KeyRing:
    """Parse `1:<key>,2:<key>` into keys by id (1 to 65535), each key as `parse_key` takes it.

    Raises ValueError naming every bad entry, an id or a key given twice, or an empty ring.
    """

    def member(entry: str) -> tuple[int, bytes]:
        refuse_placeholder(entry)
        match = MEMBER.fullmatch(entry)
        if match is None or int(match[1]) > LARGEST_ID:
            raise ValueError(f"is not id:key with an id of 1 to {LARGEST_ID}")
        return int(match[1]), parse_key(match[2], sizes)

    members = parse_list(text, member)
    if not members:
        raise ValueError("has no entry")
    if _repeats(number for number, _ in members):
        raise ValueError("gives one id twice")
    if _repeats(key for _, key in members):
        raise ValueError("gives two ids the same key")
    return KeyRing(members)


def parse_ring_file(text: str, sizes: range) -> KeyRing:
    """Parse a file that holds a ring: an `id:key` a line, and `active:id` as the last.

    The last line is demanded so that a file that was cut short is never taken for a smaller ring.
    Raises ValueError as `parse_ring`, and where that line is missing or names no id of the ring.
    """
    *members, last = text.split() or [""]
    match = ACTIVE.fullmatch(last)
    if match is None:
        raise ValueError("does not end with a line active:id, so it may have been cut short")
    ring = parse_ring(",".join(members), sizes)
    ring.active = int(match[1])
    if ring.active not in ring:
        raise ValueError("ends with active:id for an id that it does not hold")
    return ring


def _repeats(values: Iterable[object]) -> bool:
    seen = list(values)
    return len(set(seen)) < len(seen)

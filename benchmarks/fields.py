"""What an encrypted field costs: `python -m benchmarks.fields [--rounds 200]`.

One short text, sealed and opened again: through a field of a model, against the same library's
AES-256-GCM alone (a fresh nonce and two calls), against the least that has to be written by hand
around those to store a text and bind it to its row, and against Fernet, which most packages for
encrypted fields use. Beside them the same field with a key for every message, as a nonce of 192
bits would have it (C2SP XAES-256-GCM), and the making of a blind index. No database.

All are measured in turn, many times; the fastest turn of each counts, because everything else on
the machine only ever adds to it.
"""

import argparse
import os
import sys
from collections.abc import Callable
from timeit import timeit
from unittest.mock import patch

from benchmarks.ours.environment import environment

TEXT = "12 O'Connell Street, Springfield"
TURN = 1000
#: Nothing is asked of either.
NOWHERE = "postgres://nobody@127.0.0.1:1/nothing", "redis://127.0.0.1:1/0"
Work = Callable[[], object]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fields", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="turns of each")
    options = parser.parse_args()
    os.environ.update(environment("config.settings", *NOWHERE, 1))
    import django

    django.setup()
    from apps.encryption import envelope

    measured = works()
    best = fastest(measured, options.rounds)
    with patch.object(envelope, "MESSAGES", 1), patch.object(envelope, "DRAWN", 1):
        alone = {"a key for each message": measured["field: seal and unseal"]}
        best |= fastest(alone, options.rounds)
    raw = best["AES-256-GCM alone"]
    for name, took in best.items():
        sys.stdout.write(f"{name:34} {took:6.2f} µs  {took / raw:5.2f}\n")


def fastest(work: dict[str, Work], rounds: int) -> dict[str, float]:
    """Microseconds of the fastest turn of each, measured in turn."""
    best = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for name, one in work.items():
            best[name] = min(best[name], timeit(one, number=TURN) / TURN * 1e6)
    return best


def works() -> dict[str, Work]:
    """What is measured, by its name."""
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from apps.buyers.models import BuyerProfile
    from apps.listings.models import Listing

    fernet, aes = Fernet(Fernet.generate_key()), AESGCM(os.urandom(32))
    plaintext, bound, place = TEXT.encode(), bytes(64), bytes(48)
    listing = Listing(street_address=TEXT)
    field = Listing._meta.get_field("street_address")
    index = BuyerProfile._meta.get_field("phone_index").index()

    def alone() -> bytes:
        nonce = os.urandom(12)
        return aes.decrypt(nonce, aes.encrypt(nonce, plaintext, bound), bound)

    def by_hand() -> str:
        nonce = os.urandom(12)
        sealed = nonce + aes.encrypt(nonce, TEXT.encode(), place + listing.pk.bytes)
        return aes.decrypt(sealed[:12], sealed[12:], place + listing.pk.bytes).decode()

    def through_field() -> str:
        return field.unseal(listing, field.seal(listing, TEXT))

    def through_instance() -> str:
        listing.street_address = TEXT
        field.pre_save(listing, add=True)
        return listing.street_address

    return {
        "AES-256-GCM alone": alone,
        "by hand, bound to a row": by_hand,
        "field: seal and unseal": through_field,
        "field: assign, save and read": through_instance,
        "Fernet": lambda: fernet.decrypt(fernet.encrypt(plaintext)).decode(),
        "a blind index": lambda: index.of("+1 (505) 555-0123"),
    }


if __name__ == "__main__":
    main()

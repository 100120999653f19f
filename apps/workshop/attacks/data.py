"""Data at rest: what whoever can read or write the database gets out of it, or into it."""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from apps.encryption.envelope import MESSAGES, column_cipher
from apps.encryption.errors import DecryptionRefused
from apps.encryption.ring import key_ring
from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Caller, Run
from apps.workshop.versions import Version

from .cells import cells, overwrite, stored
from .fresh import MONEY, NEW_LISTING, published_of

#: Values that stand nowhere else, so that to find one is to have found it here.
PROFILE = {
    "legal_name": "Quillon Vexworth",
    "phone": "+15055550177",
    "national_id": "000-97-3186",
    "date_of_birth": "1961-07-23",
    "annual_income": {"amount": "917364.55", "currency": "USD"},
}
STREET = "7913 Quillon Vexworth Passage"
MESSAGE = "Our offer stands until the jacarandas bloom."
_COLUMNS = tuple(PROFILE)
_SELECTOR, _NONCE, _SEALED = 3, 11, 23  # where they begin in an envelope


def moved_between_rows(run: Run) -> Iterator[Attempt]:
    """Write another buyer's ciphertext into one's own row, and have it shown."""
    run.needs_code()
    with undone():
        mine, theirs = _profile(run), _profile(run)
        for column in _COLUMNS:
            overwrite(mine, column, stored(theirs, column))
            yield _opened(f"{column} of another buyer", mine, column)
        draft, other = (_row("listings.Listing", _listing(run)) for _ in range(2))
        overwrite(draft, "street_address", stored(other, "street_address"))
        yield _opened("street address of another listing", draft, "street_address")


def moved_between_columns(run: Run) -> Iterator[Attempt]:
    """Write a masked column's ciphertext into one that is shown, in the same row."""
    run.needs_code()
    with undone():
        mine = _profile(run)
        sealed = {column: stored(mine, column) for column in _COLUMNS}
        for source, target in (
            ("national_id", "legal_name"),
            ("phone", "legal_name"),
            ("annual_income", "phone"),
        ):
            overwrite(mine, target, sealed[source])
            yield _opened(f"{source} written into {target}", mine, target)
        overwrite(mine, "legal_name", sealed["legal_name"])


def moved_between_tables(run: Run) -> Iterator[Attempt]:
    """Write the ciphertext of one table into another, in a row of the same id."""
    run.needs_code()
    with undone():
        mine = _profile(run)
        listing = _row("listings.Listing", _listing(run))
        offer = model("offers.Offer").objects.create(
            id=mine.pk, listing=listing, buyer=mine.user, amount=1, message=MESSAGE
        )
        of_offer, of_profile = stored(offer, "message"), stored(mine, "national_id")
        overwrite(mine, "legal_name", of_offer)
        yield _opened("an offer's message as a legal name", mine, "legal_name")
        overwrite(offer, "message", of_profile)
        yield _opened("a national id as an offer's message", offer, "message")


def one_key_for_everything(run: Run) -> Iterator[Attempt]:
    """Have so much sealed that one key passes its bound, and its random nonces begin to meet."""
    run.needs_code()
    cipher = column_cipher(key_ring(), "attack", uuid4().hex)
    sealed = Counter(cipher.seal(b"row", b"")[:_NONCE] for _ in range(MESSAGES + 1))
    most = max(sealed.values())
    yield judged(
        f"{MESSAGES + 1:,} values of one column in one process",
        stopped=most == MESSAGES and len(sealed) == 2,
        succeeded=most > MESSAGES,
        evidence=f"{len(sealed)} keys, of which one sealed {most:,}",
    )


def nonces_of_a_parent(run: Run) -> Iterator[Attempt]:
    """Fork a server that has sealed something, and look for one nonce used twice."""
    run.needs_code()
    cipher = column_cipher(key_ring(), "attack", uuid4().hex)
    cipher.seal(b"row", b"")
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, cipher.seal(b"row", b""))
        os._exit(0)
    os.waitpid(child, 0)
    theirs, ours = os.read(read, 1000), cipher.seal(b"row", b"")
    os.close(read)
    os.close(write)
    same = theirs[:_SEALED] == ours[:_SEALED]
    yield judged(
        "the first value of the child, and the next of the parent",
        stopped=len(theirs) == len(ours) and not same,
        succeeded=same,
        evidence="one key, one nonce, two values" if same else "nothing in common",
    )


def altered(run: Run) -> Iterator[Attempt]:
    """Change a stored value without the key, by turning bits of its ciphertext."""
    run.needs_code()
    with undone():
        mine = _profile(run)
        sealed = stored(mine, "annual_income")
        for what, at in (
            ("a digit of the income", _SEALED),
            ("a bit of the tag", len(sealed) - 1),
            ("a bit of the nonce", _NONCE),
            ("a bit of the selector", _SELECTOR),
            ("the version", 0),
            ("the key's id", 2),
        ):
            turned = bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]])
            overwrite(mine, "annual_income", turned)
            yield _opened(what, mine, "annual_income")
        for what, text in (
            ("with one byte of the tag cut off", sealed[:-1]),
            ("without its tag", sealed[:-16]),
            ("in clear", b"999999.99"),
            ("in clear behind a true beginning", sealed[:_SEALED] + b"0000999999.99" + bytes(16)),
            ("empty", b""),
        ):
            overwrite(mine, "annual_income", text)
            yield _opened(f"the income {what}", mine, "annual_income")


def planted_values(run: Run) -> Iterator[Attempt]:
    """Steal the database: look into every column of every table for what was just sent."""
    run.needs_code()
    with undone():
        key, buyer = _buyer(run)
        works(buyer.put("buyer-profile", PROFILE), 201)
        if run.version.has("reveal"):
            works(buyer.post("buyer-profile/reveal", {"reason": "To see it once"}))
        manager = run.caller("manager")
        works(manager.post("listings", {**NEW_LISTING, "street_address": STREET}), 201)
        listing = published_of(manager)["id"]
        offer = {"listing": listing, "amount": MONEY, "message": MESSAGE}
        works(buyer.post("offers", offer, Idempotency_Key=uuid4().hex), 201)
        planted = {
            **sent_profile(run.version),
            "street address": STREET,
            "message of an offer": MESSAGE,
            "key": key,
            "secret of the key": key.rpartition("_")[2],
        }
        found = list(cells())
        for what, value in planted.items():
            places = sorted({place for place, cell in found if value.encode() in cell})
            yield judged(
                f"find the {what}",
                stopped=bool(found) and not places,
                succeeded=bool(places),
                evidence=", ".join(places) or f"in none of {len(found)} cells",
            )


def sent_profile(version: Version) -> dict[str, str]:
    """What a profile holds that was put on this version, as it would stand in a cell."""
    texts = {**PROFILE, "annual_income": PROFILE["annual_income"]["amount"]}
    return {name: text for name, text in texts.items() if version.has(name)}


def read_back(run: Run) -> None:
    """The owner reads what was written: masked, and on request in clear."""
    run.needs_code()
    with undone():
        _, buyer = _buyer(run)
        works(buyer.put("buyer-profile", PROFILE), 201)
        if PROFILE["legal_name"] in works(buyer.get("buyer-profile")).body.decode():
            raise HonestUseBroken("the profile is shown in clear")
        shown = works(buyer.post("/api/v2/buyer-profile/reveal", {"reason": "To check it"})).json
        sent = {name: value for name, value in PROFILE.items() if run.version.has(name)}
        if {name: shown[name] for name in sent} != sent:
            raise HonestUseBroken("a value came back changed")


def _buyer(run: Run) -> tuple[str, Caller]:
    key = new_key(new_buyer(), "write")
    return key, run.with_key(key)


def _profile(run: Run) -> Any:
    """A fresh buyer's profile, as a row."""
    _, buyer = _buyer(run)
    works(buyer.put("buyer-profile", PROFILE), 201)
    return model("buyers.BuyerProfile").objects.latest("created_at")


def _listing(run: Run) -> str:
    return works(run.caller("manager").post("listings", NEW_LISTING), 201).json["id"]


def _row(label: str, row_id: str) -> Any:
    return model(label).objects.get(pk=row_id)


def _opened(what: str, row: Any, column: str) -> Attempt:
    """Read the column of the row as the application does."""
    try:
        getattr(type(row).objects.get(pk=row.pk), column)
    except DecryptionRefused as refused:
        return judged(what, stopped=True, succeeded=False, evidence=type(refused).__name__)
    return judged(what, stopped=False, succeeded=True, evidence="opened")

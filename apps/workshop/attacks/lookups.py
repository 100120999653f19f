"""Looking buyers up as an oracle: is this person a customer, and whose is this national id?"""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Caller, Run

from .data import PROFILE
from .fresh import MONEY, published_of

_PATH = "/api/v2/buyers/lookup"
_PHONE, _NATIONAL_ID = {"phone": PROFILE["phone"]}, {"national_id": PROFILE["national_id"]}
_NOBODY = {"phone": "+15055550199"}


def foreign_buyers(run: Run) -> Iterator[Attempt]:
    """As a manager: find out whether a person deals with another agency, or with nobody yet."""
    run.needs_code()
    with undone():
        _bidding_on(run, agency=1)
        manager = run.with_key(_manager_key())
        nobody = manager.post(_PATH, _NOBODY)
        for what, asked in (("telephone number", _PHONE), ("national id", _NATIONAL_ID)):
            answer = manager.post(_PATH, asked)
            yield judged(
                f"the {what} of a rival's buyer",
                stopped=answer.status == 200 and answer.body == nobody.body,
                succeeded=answer.status == 200 and answer.body != nobody.body,
                evidence=answer.summary,
            )


def guessed_identifiers(run: Run) -> Iterator[Attempt]:
    """As a manager: go through national ids, with one key after the other."""
    run.needs_code()
    with undone():
        keys = [run.with_key(key) for key in _keys_of_a_manager(4)]
        answers = [
            keys[n % 4].send("POST", _PATH, {"national_id": f"000-97-{3000 + n}"}, patient=False)
            for n in range(20)
        ]
        passed = sum(answer.status == 200 for answer in answers)
        yield judged(
            "twenty national ids with four keys",
            stopped=passed <= 12 and answers[-1].code == "rate_limited",
            succeeded=passed == 20,
            evidence=f"{passed} of 20 were answered",
        )


def without_the_right(run: Run) -> Iterator[Attempt]:
    """Look buyers up in a role that may not, or with a key of another scope."""
    for who in ("agent", "buyer", "auditor"):
        answer = run.caller(who).post(_PATH, _PHONE)
        yield refused(f"as {who}", answer, 403, "not_permitted")
    yield refused("as nobody", run.anonymous.post(_PATH, _PHONE), 401, "credentials_missing")


def untraced(run: Run) -> Iterator[Attempt]:
    """Look a buyer up so that nobody ever learns of it; or so that the audit tells the number."""
    run.needs_code()
    entries = model("audit.AuditEntry").objects
    for what, asked in (("telephone number", _PHONE), ("national id", _NATIONAL_ID)):
        with undone():
            _bidding_on(run)
            before = set(entries.values_list("pk", flat=True))
            works(run.with_key(_manager_key(run)).post(_PATH, asked))
            told = [
                str(entry)
                for entry in entries.exclude(pk__in=before).values("verb", "actor", "changes")
                if entry["verb"] == "buyer.looked_up"
            ]
            (value,) = asked.values()
            leaks = any(value in entry for entry in told)
            yield judged(
                f"by {what}",
                stopped=len(told) == 1 and not leaks,
                succeeded=not told or leaks,
                evidence=" ".join(told) or "no entry",
            )


def own_buyer(run: Run) -> None:
    """A manager finds a buyer with an offer on the own listings, in any spelling, masked."""
    run.needs_code()
    with undone():
        buyer = _bidding_on(run)
        manager = run.with_key(_manager_key(run))
        for asked in (_PHONE, {"phone": "+1 (505) 555-0177"}, {"national_id": "000973186"}):
            found = works(manager.post(_PATH, asked)).json["results"]
            if [one["id"] for one in found] != [str(buyer.pk)]:
                raise HonestUseBroken("a buyer of the own agency is not found")
            if PROFILE["legal_name"] in str(found):
                raise HonestUseBroken("a buyer is shown in clear")


def _bidding_on(run: Run, agency: int = 0) -> Any:
    """A fresh buyer with a profile, and an offer on a fresh listing of this agency."""
    listing = published_of(run.caller("manager", agency=agency))["id"]
    buyer = new_buyer()
    caller: Caller = run.with_key(new_key(buyer, "write"))
    works(caller.put("/api/v2/buyer-profile", PROFILE), 201)
    offer = {"listing": listing, "amount": MONEY, "message": ""}
    works(caller.post("/api/v2/offers", offer, Idempotency_Key=uuid4().hex), 201)
    return buyer


def _manager_key(run: Run | None = None) -> str:
    """A key of a fresh manager: of the demo's first agency, or of one that is new."""
    return _keys_of_a_manager(1, run)[0]


def _keys_of_a_manager(how_many: int, run: Run | None = None) -> list[str]:
    from apps.agencies.roles import Role

    if run is None:
        agency = model("agencies.Agency").objects.create(name=f"Agency {uuid4().hex}")
    else:
        email = run.user("manager")["email"]
        agency = model("agencies.Membership").objects.get(user__email=email).agency
    manager = model("accounts.User").objects.create_user(
        f"{uuid4().hex}@attack.example.com", role=Role.MANAGER, agency=agency
    )
    return [new_key(manager, "read:profile") for _ in range(how_many)]

"""Slow attacks on people (API2, API6): passwords of one account, and offers by machine."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

from apps.workshop.attempts import Attempt, judged, refused, works
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .fresh import MONEY, published_of

_PER_DAY, _PER_LISTING = 20, 5
_SPELLINGS = (str, str.upper, str.title, " {}".format, "{}\t".format, str.swapcase)
#: The login form composes compatibly (NFKC), so that each of these signs in to one account.
_LETTERS = tuple(lambda email, letter=letter: email.replace("m", letter) for letter in "ｍⓜ𝐦𝑚𝗆𝚖")


def guessed_passwords(run: Run) -> Iterator[Attempt]:
    """Try one password after the other on one account's login page."""
    run.needs_code()
    network = run.source.rpartition(".")[0]
    for what, spellings, places in (
        ("from an address of its own each time", [str] * 6, range(60, 66)),
        ("spelled another way each time", _SPELLINGS, range(70, 76)),
        ("in letters that become the same", _LETTERS, range(80, 86)),
    ):
        email = f"m{uuid4().hex}@attack.example.com"
        for number, (spell, place) in enumerate(zip(spellings, places, strict=True), start=1):
            caller = run.sending({}, f"{network}.{place}")
            answer = _login(caller, spell(email), f"guess {number}")
        yield _limited_login(f"guess {number} {what}", answer)


def patient_guesses(run: Run) -> Iterator[Attempt]:
    """Guess four times in a quarter of an hour, rest, and go on, below the first limit for ever."""
    run.needs_code()
    from apps.ratelimits.guards import Flow, failed

    email = f"m{uuid4().hex}@attack.example.com"
    network = run.source.rpartition(".")[0]
    for number in range(10):
        failed(Flow.LOGIN, f"{network}.{90 + number}", email)
    answer = _login(run.sending({}, f"{network}.101"), email, "guess 11")
    yield _limited_login("guess 11 within an hour", answer)


def right_password(run: Run) -> None:
    """Who knows the password signs in."""
    run.needs_code()
    admin = run.user("platform_admin")
    with undone():
        works(_login(run.anonymous, admin["email"], admin["password"]), 302)


def offers_by_machine(run: Run) -> Iterator[Attempt]:
    """Make more offers in a day than a person reads."""
    run.needs_code()
    with undone():
        manager, user = run.caller("manager"), new_buyer()
        buyer, second = (run.with_key(new_key(user, "write")) for _ in range(2))
        for _ in range(_PER_DAY):
            works(_offer(buyer, published_of(manager)["id"]), 201)
        for what, caller in (("offer 21", buyer), ("offer 22 with another key", second)):
            answer = _offer(caller, published_of(manager)["id"])
            yield refused(what, answer, 429, "rate_limited")


def offers_around_midnight(run: Run) -> Iterator[Attempt]:
    """Make a day's offers just before midnight, and another day's just after."""
    run.needs_code()
    with undone():
        manager, user = run.caller("manager"), new_buyer()
        buyer = run.with_key(new_key(user, "write"))
        for _ in range(_PER_DAY):
            works(_offer(buyer, published_of(manager)["id"]), 201)
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        model("offers.Offer").objects.filter(buyer=user).update(
            created_at=midnight - timedelta(seconds=1)
        )
        answer = _offer(buyer, published_of(manager)["id"])
        yield refused("offer 21, of a new day", answer, 429, "rate_limited")


def harassed_agency(run: Run) -> Iterator[Attempt]:
    """Offer and withdraw in turns, so that an agency does nothing but read."""
    run.needs_code()
    with undone():
        listing = published_of(run.caller("manager"))["id"]
        buyer = run.with_key(new_key(new_buyer(), "write"))
        for _ in range(_PER_LISTING):
            made = works(_offer(buyer, listing), 201).json
            works(buyer.post(f"offers/{made['id']}/withdraw"))
        yield refused("offer 6 on one listing", _offer(buyer, listing), 429, "rate_limited")


def crowd_of_one(run: Run) -> Iterator[Attempt]:
    """Look like many buyers: bid on one house twice, so that it seems sought after."""
    run.needs_code()
    with undone():
        listing = published_of(run.caller("manager"))["id"]
        user = new_buyer()
        buyer, second = (run.with_key(new_key(user, "write")) for _ in range(2))
        works(_offer(buyer, listing), 201)
        for what, caller in (("a second offer", buyer), ("with another key", second)):
            yield refused(what, _offer(caller, listing), 409, "conflict")


def one_offer(run: Run) -> None:
    """A buyer makes an offer."""
    run.needs_code()
    with undone():
        listing = published_of(run.caller("manager"))["id"]
        works(_offer(run.with_key(new_key(new_buyer(), "write")), listing), 201)


def _login(caller: Caller, email: str, password: str) -> Answer:
    form = urlencode({"login": email, "password": password}).encode()
    media_type = "application/x-www-form-urlencoded"
    return caller.send("POST", "/accounts/login/", form, patient=False, Content_Type=media_type)


def _limited_login(what: str, answer: Answer) -> Attempt:
    wait = answer.headers.get("retry-after", "")
    return judged(
        what,
        stopped=answer.code == "rate_limited" and wait.isdigit() and int(wait) >= 1,
        succeeded=answer.status == 200,  # the form again: the password was looked at
        evidence=answer.summary,
    )


def _offer(buyer: Caller, listing: str) -> Answer:
    body = {"listing": listing, "amount": MONEY}
    return buyer.send("POST", "offers", body, patient=False, Idempotency_Key=uuid4().hex)

"""Persistence (API2, API4, API6): go on after being refused, and see whether it gets dearer."""

import time
from collections.abc import Callable, Iterator
from itertools import count
from urllib.parse import urlencode
from uuid import uuid4

from apps.apikeys.key_format import generate
from apps.workshop.attempts import Attempt, HonestUseBroken, judged, works
from apps.workshop.inside import model, undone
from apps.workshop.run import Caller, Run
from apps.workshop.target import Answer

from .flood import Bucket, flood, placed
from .fresh import key_of

#: Refusals before a penalty by the contract, and as many again: by then the attacker has won.
_MOST = 400
_ACCOUNTS = 33
_FORM = "application/x-www-form-urlencoded"


def ignored_refusals(run: Run) -> Iterator[Attempt]:
    """Go on asking at full speed, whatever the answer."""
    owner = run.caller("manager")
    mine = key_of(owner, "read")
    keyed = run.with_key(mine["key"])
    for what, ask, caller in (
        ("with a good key", _me, keyed),
        ("without one", _search, placed(run, 0)),
        ("with guessed keys", _guess, placed(run, 1)),
        ("for paths that are not there", _lost, placed(run, 2)),
    ):
        yield _penalized(what, *_insist(ask, caller))
    owner.delete(f"api-keys/{mine['id']}")


def patient_offender(run: Run) -> Iterator[Attempt]:
    """Wait out each penalty and begin again, hoping that the next is no longer."""
    caller = placed(run, 0)
    waits = []
    for _ in range(2):
        last, _ = _insist(_guess, caller)
        waits.append(int(last.headers.get("retry-after", "0")) if last.code == "penalized" else 0)
        time.sleep(waits[-1])
    yield judged(
        "the second penalty",
        stopped=0 < waits[0] < waits[1],
        succeeded=waits[0] > 0 and waits[1] <= waits[0],
        evidence=f"waits of {waits[0]} and {waits[1]} s",
    )


def stuffed_accounts(run: Run) -> Iterator[Attempt]:
    """Try one leaked password on account after account, from one place."""
    run.needs_code()
    caller = placed(run, 0)
    # Each that is looked at costs a password's hash, so few more than the limit.
    answers = [_log_in(caller, f"browser {number}") for number in range(_ACCOUNTS)]
    served = sum(answer.status == 200 for answer in answers)
    yield judged(
        f"{_ACCOUNTS} accounts, each by another browser",
        stopped=served == 30 and answers[30].code == "rate_limited",
        succeeded=served == _ACCOUNTS,
        evidence=f"{served} passwords looked at, then {answers[-1].summary}",
    )


def stubborn_stuffer(run: Run) -> Iterator[Attempt]:
    """Go on trying accounts after the address was refused."""
    run.needs_code()
    caller = placed(run, 0)
    answers = [_log_in(caller, "a") for _ in range(60)]
    codes = {answer.code for answer in answers}
    yield judged(
        "60 accounts from one place",
        stopped="penalized" in codes,
        succeeded="penalized" not in codes and answers[-1].code == "rate_limited",
        evidence=f"at the end {answers[-1].summary}",
    )


def dear_requests(run: Run) -> Iterator[Attempt]:
    """Read personal data in clear as fast as anything else."""
    owner = run.caller("buyer")
    mine = key_of(owner, "read:profile")
    keyed = run.with_key(mine["key"])

    def reveal(_: int) -> Answer:
        body = {"reason": "To read it all"}
        return keyed.send("POST", "buyer-profile/reveal", body, patient=False)

    tried = flood(Bucket(24, 2), reveal)
    yield judged(
        "reveal after reveal",
        stopped=tried.last.code == "rate_limited",
        succeeded=tried.endless and tried.last.status == 200,
        evidence=tried.summary,
    )
    owner.delete(f"api-keys/{mine['id']}")


def unrecorded_penalty(run: Run) -> Iterator[Attempt]:
    """Be penalized, and find that nobody was told."""
    run.needs_code()
    rows = model("audit.AuditEntry").objects
    with undone():
        before = rows.count()
        last, _ = _insist(_search, placed(run, 0))
        told = set(rows.order_by("-at")[: rows.count() - before].values_list("verb", flat=True))
        yield judged(
            "a penalty",
            stopped=last.code == "penalized" and {"penalty.begun", "limit.reached"} <= told,
            succeeded=last.code == "penalized" and "penalty.begun" not in told,
            evidence=f"{last.summary}: {', '.join(sorted(told)) or 'no row'}",
        )


def lifted_by_staff(run: Run) -> Iterator[Attempt]:
    """Lift one's own penalty, with a foot in the admin site and another role than its admin."""
    run.needs_code()
    with undone():
        for role, agency in (("manager", 0), ("agent", 0), ("auditor", 0)):
            ending = _lift(run.user(role, agency)["email"])
            yield judged(
                f"as {role}",
                stopped=ending == "PermissionDenied",
                succeeded=ending == "lifted",
                evidence=ending,
            )


def lifted_by_an_admin(run: Run) -> None:
    """A platform admin lifts a penalty."""
    run.needs_code()
    with undone():
        if (ending := _lift(run.user("platform_admin")["email"])) != "lifted":
            raise HonestUseBroken(f"an admin could not lift a penalty: {ending}")


def _lift(email: str) -> str:
    """What comes of lifting the penalty of an address, as this user at the page itself."""
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.test import RequestFactory

    from apps.access.penalty_page import penalty_page

    request = RequestFactory().post("/admin/penalties/", {"subject": "198.51.100.9"})
    request.user = model("accounts.User").objects.get(email=email)
    request._messages = CookieStorage(request)
    before = model("audit.AuditEntry").objects.count()
    try:
        penalty_page(request, {})
    except Exception as refused:  # whatever it is, its name is the evidence
        return type(refused).__name__
    return "lifted" if model("audit.AuditEntry").objects.count() > before else "nothing"


def still_served(run: Run) -> None:
    """Who is refused once and waits is served, and so is everybody else in the same place."""
    caller = placed(run, 40)
    works(caller.get("listings?limit=1"))
    offender = placed(run, 41)
    last, _ = _insist(_guess, offender)
    good = run.sending(run.caller("buyer").headers, offender.source)
    works(good.get("me"))
    works(offender.get("/docs/"))
    time.sleep(int(last.headers.get("retry-after", "0")))
    works(offender.send("GET", "listings?limit=1", patient=False))


def _insist(ask: Callable[[Caller], Answer], caller: Caller) -> tuple[Answer, int]:
    """Ask until penalized, or until refused far more often than a penalty takes."""
    for number in count(1):
        answer = ask(caller)
        if answer.code == "penalized" or number == _MOST:
            return answer, number
    raise AssertionError  # a count does not end


def _penalized(what: str, last: Answer, asked: int) -> Attempt:
    wait = last.headers.get("retry-after", "")
    return judged(
        what,
        stopped=last.code == "penalized" and wait.isdigit() and int(wait) >= 1,
        succeeded=asked == _MOST and last.code != "penalized",
        evidence=f"{last.summary} at request {asked}",
    )


def _me(caller: Caller) -> Answer:
    return caller.send("GET", "me", patient=False)


def _search(caller: Caller) -> Answer:
    return caller.send("GET", "listings", patient=False)


def _guess(caller: Caller) -> Answer:
    key = f"Bearer {generate('test').text}"
    return caller.send("GET", "me", patient=False, Authorization=key)


def _lost(caller: Caller) -> Answer:
    return caller.send("GET", f"nowhere-{uuid4().hex}", patient=False)


def _log_in(caller: Caller, agent: str) -> Answer:
    account = f"{uuid4().hex}@attack.example.com"
    form = urlencode({"login": account, "password": "leaked elsewhere"}).encode()
    headers = {"Content_Type": _FORM, "User_Agent": agent}
    return caller.send("POST", "/accounts/login/", form, patient=False, **headers)

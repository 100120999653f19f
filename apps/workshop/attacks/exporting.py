"""Export: everything about somebody in one request, which is what a thief wants as well."""

import json
from collections.abc import Iterator
from typing import Any

from apps.workshop.attempts import Attempt, HonestUseBroken, judged
from apps.workshop.inside import model, new_buyer, new_key, undone
from apps.workshop.run import Run

from .data import MESSAGE, PROFILE
from .pages import browser, code, sign_in, somebody
from .strong import token_of, tokens

_HERE = "/api/v2/me/export"


def without_second_factor(run: Run) -> Iterator[Attempt]:
    """Export somebody with what can be stolen: a key, an old token, one of a password alone."""
    run.needs_code()
    with somebody() as user, tokens() as client:
        for what, headers, status in (
            ("with a key", {"Authorization": f"Bearer {new_key(user, 'admin')}"}, 403),
            ("with a token of ten minutes ago", token_of(user, minutes=10), 401),
            ("with a token of a password", token_of(user, methods=("password",)), 401),
        ):
            answer = client.get(_HERE, headers=headers)
            shown = user.email.encode() in answer.getvalue()
            yield judged(
                what,
                stopped=answer.status_code == status and not shown,
                succeeded=shown,
                evidence=str(answer.status_code),
            )


def others(run: Run) -> Iterator[Attempt]:
    """Look in the own export for a buyer on whose offer one decides."""
    run.needs_code()
    with undone(), tokens() as client:
        buyer, manager = new_buyer(), _user(run.user("manager")["email"])
        run.with_key(new_key(buyer, "write")).put("/api/v2/buyer-profile", PROFILE)
        home = model("listings.Listing").objects.filter(agency=manager.membership.agency).first()
        model("offers.Offer").objects.create(listing=home, buyer=buyer, amount=1, message=MESSAGE)
        answer = client.get(_HERE, headers=token_of(manager))
        text = answer.getvalue().decode()
        own = answer.status_code == 200 and manager.email in text
        for what, value in (
            ("name", PROFILE["legal_name"]),
            ("message", MESSAGE),
            ("address", buyer.email),
            ("id", str(buyer.pk)),
        ):
            yield judged(
                f"find the buyer's {what}",
                stopped=own and value not in text,
                succeeded=value in text,
                evidence=str(answer.status_code),
            )


def again_and_again(run: Run) -> Iterator[Attempt]:
    """Export the same person without end, with a new token each time."""
    run.needs_code()
    with somebody() as user, tokens() as client:
        answers = [client.get(_HERE, headers=token_of(user)) for _ in range(6)]
        codes = [answer.status_code for answer in answers]
        yield judged(
            "the sixth export of an hour",
            stopped=codes == [200] * 5 + [429],
            succeeded=codes[-1] == 200,
            evidence=" ".join(map(str, codes)),
        )


def own(run: Run) -> None:
    """Who has just proved a second factor exports the own data, with a token and at the page."""
    run.needs_code()
    with somebody(factor=True) as user, tokens() as client:
        visitor = browser(run)
        sign_in(visitor, user)
        visitor.post("/accounts/second-factors/authenticate/", {"code": code()})
        for answer in (
            client.get(_HERE, headers=token_of(user)),
            visitor.post("/accounts/data/"),
        ):
            document = json.loads(answer.getvalue() or b"{}")
            if not document.get("complete") or user.email not in json.dumps(document):
                raise HonestUseBroken("the own export lacks its person")


def _user(email: str) -> Any:
    return model("accounts.User").objects.select_related("membership__agency").get(email=email)

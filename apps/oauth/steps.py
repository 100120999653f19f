"""What has to happen before a client gets its code: one list of early exits, asked on every visit.

Nothing is remembered between two visits but what the session and the database know anyway, so no
step can be skipped by calling pages in another order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from allauth.mfa.utils import is_mfa_enabled

from apps.access.credential import SECOND_FACTORS
from apps.access.sessions import Proof
from apps.accounts.models import User

from .answers import Error, Refused
from .asked import Asked, Prompt
from .hints import names
from .sign_in import SignIn


class Step(StrEnum):
    """What comes next."""

    SIGN_IN = "sign_in"
    PROVE_AGAIN = "prove_again"
    PROVE_SECOND_FACTOR = "prove_second_factor"
    ADD_SECOND_FACTOR = "add_second_factor"
    CONSENT = "consent"
    GRANT = "grant"


#: What a client is told that allows no page (OpenID Connect Core 3.1.2.6, RFC 9470 section 5).
_SILENT = {
    Step.SIGN_IN: Error.LOGIN_REQUIRED,
    Step.PROVE_AGAIN: Error.LOGIN_REQUIRED,
    Step.PROVE_SECOND_FACTOR: Error.INTERACTION_REQUIRED,
    Step.ADD_SECOND_FACTOR: Error.UNMET_AUTHENTICATION_REQUIREMENTS,
    Step.CONSENT: Error.CONSENT_REQUIRED,
}


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is at the page (None: nobody yet), what they proved, and when the request began."""

    user: User | None
    proofs: Sequence[Proof]
    begun: datetime | None

    def sign_in(self, asked: Asked) -> SignIn | None:
        """How they signed in, as young as was asked; None where they have to prove it again."""
        return sign_in_since(self.proofs, _since(asked, self.begun))


def next_step(asked: Asked, visit: Visit, *, consented: bool) -> Step:
    """Raises Refused where a page would be needed and none may be shown."""
    step = _step(asked, visit, consented)
    if step is not Step.GRANT and asked.is_silent:
        raise Refused(asked.back, _SILENT[step], "prompt=none, and a page would be needed")
    return step


def _step(asked: Asked, visit: Visit, consented: bool) -> Step:
    if visit.user is None:
        return Step.SIGN_IN
    if asked.id_token_hint and not names(asked.id_token_hint, visit.user, asked.client):
        raise Refused(asked.back, Error.LOGIN_REQUIRED, "Somebody else is signed in")
    sign_in = visit.sign_in(asked)
    if asked.second_factor and not _is_strong(sign_in):
        has_one = is_mfa_enabled(visit.user)
        return Step.PROVE_SECOND_FACTOR if has_one else Step.ADD_SECOND_FACTOR
    if sign_in is None:
        return Step.PROVE_AGAIN
    if not consented:
        return Step.CONSENT
    return Step.GRANT


def sign_in_since(proofs: Sequence[Proof], since: datetime | None) -> SignIn | None:
    """The sign-in that these proofs make, none of which may be older than `since`.

    A second factor that is young enough counts with all that was proved before it. Where only a
    weaker proof is young enough, the sign-in is that one alone: it does not borrow the old factor.
    """
    young = [one for one in proofs if since is None or one.at >= since]
    strong = [one for one in young if one.method in SECOND_FACTORS]
    counted = proofs if strong else young
    if not young:
        return None
    methods = tuple(dict.fromkeys(one.method for one in counted))
    return SignIn(at=max(one.at for one in strong or young), methods=methods)


def _since(asked: Asked, begun: datetime | None) -> datetime | None:
    now = datetime.now(UTC)
    bounds = []
    if Prompt.LOGIN in asked.prompts:
        bounds.append(begun or now)
    if asked.max_age is not None:
        # What was proved for this very request is young enough, even for max_age=0.
        bounds.append(min(now - asked.max_age, begun or now))
    return max(bounds, default=None)


def _is_strong(sign_in: SignIn | None) -> bool:
    return sign_in is not None and not SECOND_FACTORS.isdisjoint(sign_in.methods)

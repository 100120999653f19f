"""Which buckets one request is charged to, and who answers for it.

Every request is charged to somebody: a good credential to itself and to its address's ceiling, so
that a thousand keys from one place are still one place; everything else, failed credentials
included, to its address, so that guessing is limited like asking.
"""

from apps.ratelimits.charges import LONGEST_KEY
from apps.ratelimits.limiter import Charge, Subject, address_bucket
from apps.ratelimits.policies import POLICIES, Policy, PolicyName

from .credential import Credential
from .operation import Limit

#: Limits that the domain counts itself, where the row that is counted is written: exact with it,
#: whatever becomes of Redis (apps/offers/lifecycle.py).
COUNTED_WITH_THE_ROW: dict[Limit, tuple[Policy, ...]] = {
    Limit.OFFERS: (POLICIES[PolicyName.OFFERS], POLICIES[PolicyName.LISTING_OFFERS]),
}

#: Limits of a person, over all of their credentials.
_OF_THE_PERSON: dict[Limit, Policy] = {
    Limit.BUYER_LOOKUP: POLICIES[PolicyName.BUYER_LOOKUP],
    Limit.EXPORT: POLICIES[PolicyName.EXPORT],
    Limit.REVEAL: POLICIES[PolicyName.REVEAL],
}


def charges(credential: Credential, limit: Limit, address: str, cost: int = 1) -> list[Charge]:
    """The buckets for a request of this credential to a route with this limit and cost."""
    bucket = address_bucket(address)
    if credential.is_anonymous:
        own = [Charge(POLICIES[PolicyName.ANONYMOUS], bucket, cost)]
        if limit is Limit.SEARCH:
            own.insert(0, Charge(POLICIES[PolicyName.SEARCH], bucket))
    else:
        own = [
            Charge(POLICIES[credential.tier], credential.name, cost),
            Charge(POLICIES[PolicyName.ADDRESS], bucket, cost),
        ]
    if limit is Limit.LEAK_REPORT:
        # With a credential or without: a report is about somebody else's.
        own.insert(0, Charge(POLICIES[PolicyName.LEAK_REPORT], bucket))
    if limit in _OF_THE_PERSON and not credential.is_anonymous:
        # Not of the key: who takes another one, or the page, does not begin anew.
        own.insert(0, Charge(_OF_THE_PERSON[limit], credential.actor[:LONGEST_KEY]))
    return own


def subject(credential: Credential, address: str, strikes: int = 0) -> Subject:
    """Who is penalized: a good credential, else the address, never both."""
    if not credential.is_anonymous:
        return Subject(credential.name, strikes)
    return Subject(address_bucket(address), strikes)

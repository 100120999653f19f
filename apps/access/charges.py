"""Which buckets one request is charged to.

Every request is charged to somebody: a good credential to itself and to its address's ceiling, so
that a thousand keys from one place are still one place; everything else, failed credentials
included, to its address, so that guessing is limited like asking.
"""

from apps.ratelimits.limiter import Charge, address_bucket
from apps.ratelimits.policies import POLICIES

from .credential import Credential
from .operation import Limit


def charges(credential: Credential, limit: Limit, address: str) -> list[Charge]:
    """The buckets for a request of this credential to a route with this limit."""
    bucket = address_bucket(address)
    if credential.is_anonymous:
        own = [Charge(POLICIES["anonymous"], bucket)]
        if limit is Limit.SEARCH:
            own.insert(0, Charge(POLICIES["search"], bucket))
    else:
        own = [
            Charge(POLICIES[credential.tier], credential.name),
            Charge(POLICIES["address"], bucket),
        ]
    if limit is Limit.LEAK_REPORT:
        # With a credential or without: a report is about somebody else's.
        own.insert(0, Charge(POLICIES["leak-report-address"], bucket))
    return own

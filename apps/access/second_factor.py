"""Has the caller just proved a second factor? Asked where the first one is not enough.

Decided on the Credential alone: how it was come by, and when. A key never has a second factor,
however it was made: it is one secret, and whoever copied it has all of it.
"""

from datetime import datetime, timedelta

from .credential import Credential, Kind

#: How long a second factor speaks for what follows it (ASVS 7.5.3).
FRESH_FOR = timedelta(minutes=10)
#: Methods that are one: the names of RFC 8176 (section 2), and those that django-allauth records.
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "swk", "totp", "webauthn", "recovery_codes"})
_OF_PEOPLE = frozenset({Kind.TOKEN, Kind.SESSION})


def is_fresh(credential: Credential, now: datetime) -> bool:
    """Did a person prove a second factor in the last ten minutes? False where it is not known."""
    proved = credential.authenticated_at
    return (
        credential.kind in _OF_PEOPLE
        and bool(SECOND_FACTORS & set(credential.methods))
        and proved is not None
        and timedelta(0) <= now - proved < FRESH_FOR
    )

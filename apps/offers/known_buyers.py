"""Finding a buyer by a telephone number or a national id, in any spelling.

Who may be found: a manager finds buyers who have made an offer on a listing of the own agency,
whatever has become of it, for their offers are visible there anyway; a platform admin finds every
buyer. Anyone else is answered exactly like nobody, in one query that is the same for both, so that
a look-up does not tell whether a person is a customer of a rival.
"""

from enum import StrEnum

from apps.access.credential import Credential
from apps.agencies.roles import Role
from apps.audit.recording import record
from apps.audit.verbs import Verb
from apps.buyers.models import BuyerProfile, BuyerProfiles

from .models import Offer

#: Families share a telephone number; a firm's switchboard is no identifier.
MOST = 100


class Identifier(StrEnum):
    """What a buyer may be looked up by: the columns that have a blind index."""

    PHONE = "phone"
    NATIONAL_ID = "national_id"


def look_up(by: Credential, identifier: Identifier, text: str) -> list[BuyerProfile]:
    """The buyers with this value whom the caller may find, recorded before they leave.

    The record says by which kind of identifier and how many were found, never the value. Raises
    NoNormalForm for a text that is no such identifier.
    """
    found = BuyerProfile.objects.filter(**{f"{identifier}_index": text})
    found = list(_known_to(by, found).only("user_id", "legal_name").order_by("pk")[:MOST])
    record(Verb.BUYER_LOOKED_UP, by, changes={"by": str(identifier), "found": len(found)})
    return found


def _known_to(by: Credential, buyers: BuyerProfiles) -> BuyerProfiles:
    if by.role is Role.PLATFORM_ADMIN:
        return buyers
    return buyers.filter(user__in=Offer.objects.visible_to(by).values("buyer"))

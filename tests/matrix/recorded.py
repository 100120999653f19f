"""What each row of the table leaves in the audit when it succeeds: these verbs, each once.

A row that is missing here leaves nothing: successful reads of the domain are not events.
"""

from apps.audit.models import AuditEntry

RECORDED: dict[tuple[str, str], tuple[str, ...]] = {
    ("POST", "listings"): ("listing.created",),
    ("PATCH", "listings/{listing_id}"): ("listing.changed",),
    ("DELETE", "listings/{listing_id}"): ("listing.deleted",),
    ("POST", "listings/{listing_id}/publish"): ("listing.published",),
    ("POST", "listings/{listing_id}/withdraw"): ("listing.withdrawn",),
    ("PUT", "buyer-profile"): ("profile.changed",),
    ("PATCH", "buyer-profile"): ("profile.changed",),
    ("DELETE", "buyer-profile"): ("profile.deleted",),
    ("POST", "buyer-profile/reveal"): ("profile.revealed",),
    ("POST", "buyers/lookup"): ("buyer.looked_up",),
    ("POST", "offers"): ("offer.submitted",),
    ("POST", "offers/{offer_id}/accept"): ("offer.accepted", "listing.sold"),
    ("POST", "offers/{offer_id}/reject"): ("offer.rejected",),
    ("POST", "offers/{offer_id}/withdraw"): ("offer.withdrawn",),
    ("POST", "offers/{offer_id}/reveal"): ("offer.revealed",),
    ("POST", "api-keys"): ("api_key.created",),
    ("PATCH", "api-keys/{key_id}"): ("api_key.changed",),
    ("DELETE", "api-keys/{key_id}"): ("api_key.revoked",),
    ("POST", "api-keys/{key_id}/rotate"): ("api_key.rotated",),
    ("GET", "me/export"): ("account.exported",),
    ("DELETE", "me"): ("account.erased",),
    ("DELETE", "me/connected-apps/{app_id}"): ("client.access_ended",),
    ("POST", "accounts"): ("account.registered",),
    # They are switched off, and their keys end with them: `buyer`, `b.read`, `b.w:o`.
    ("PATCH", "users/{user_id}"): ("user.changed", *["api_key.revoked"] * 3),
    ("GET", "audit/entries"): ("audit.read",),
    ("GET", "audit/entries/{entry_id}"): ("audit.read",),
    ("GET", "audit/entries/{entry_id}/proof"): ("audit.read",),
    ("GET", "audit/checkpoints"): ("audit.read",),
}
#: What a refusal leaves, by the cell's expectation.
REFUSED = {
    "401": ("credential.refused",),
    "403": ("access.refused",),
    "403s": ("access.refused",),
    "403f": ("access.refused",),
    "404": (),
}


def expected_of(row: tuple[str, str, str], column: str, cell: str) -> list[str]:
    """The verbs that this request must leave, sorted."""
    if cell == "401" and column == "anon":
        return []  # no credential is no attempt on anything
    if row == ("PUT", "buyer-profile", "none yet") and cell == "201":
        return ["profile.created"]
    return sorted(REFUSED.get(cell, RECORDED.get(row[:2], ())))


class Noted:
    """The entries that are added from here on."""

    def __init__(self) -> None:
        self.before = AuditEntry.objects.count()

    def verbs(self) -> list[str]:
        added = AuditEntry.objects.count() - self.before
        newest = AuditEntry.objects.order_by("-id").values_list("verb", flat=True)[:added]
        return sorted(newest)

"""Offers: what a buyer bids on a listing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.access.credential import Credential
from apps.agencies.roles import Role
from apps.buyers.models import BuyerProfile
from apps.core.classification import Classified
from apps.core.ids import uuid7
from apps.encryption.fields import EncryptedTextField
from apps.listings.models import Listing


class Status(models.TextChoices):
    """submitted, then exactly one of the others."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Offers(models.QuerySet):
    """Offers, cut to what a caller may see."""

    def visible_to(self, credential: Credential) -> "Offers":
        """A buyer's own; for agency staff those on the agency's listings; nothing else."""
        if credential.staff_of is not None:
            return self.filter(listing__agency_id=credential.staff_of)
        if credential.role is Role.BUYER and credential.user_id is not None:
            return self.filter(buyer_id=credential.user_id)
        return self.none()

    def with_buyer(self) -> "Offers":
        """Each with its buyer's profile, in the same query."""
        return self.select_related("buyer__buyer_profile")


class Offer(models.Model):
    """One bid. The message is between the buyer and the agency, and encrypted at rest."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="offers")
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="offers"
    )
    amount = models.DecimalField(max_digits=11, decimal_places=2)
    # NULL where the buyer was erased.
    message = EncryptedTextField(max_length=2000, null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SUBMITTED)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)

    objects = Offers.as_manager()

    classified = Classified(
        internal="id listing buyer amount status created_at decided_at",
        personal="message",
        person="buyer",
        kept="an offer is in the agency's books; its message is not",
    )

    class Meta:
        indexes = [
            models.Index(fields=["buyer", "created_at"], name="offer_of_buyer"),
            models.Index(fields=["listing", "created_at"], name="offer_on_listing"),
        ]
        constraints = [
            # The lock in lifecycle.accept is the first belt, this one holds without it.
            models.UniqueConstraint(
                fields=["listing"],
                condition=Q(status=Status.ACCEPTED),
                name="offer_one_accepted_per_listing",
            ),
            # Likewise for lifecycle.submit.
            models.UniqueConstraint(
                fields=["listing", "buyer"],
                condition=Q(status=Status.SUBMITTED),
                name="offer_one_open_per_buyer",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="offer_amount_positive"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="offer_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"offer {self.pk} ({self.status})"

    @property
    def buyer_profile(self) -> BuyerProfile | None:
        """The buyer's profile, if there is one. Free of queries on rows `with_buyer`."""
        return getattr(self.buyer, "buyer_profile", None)

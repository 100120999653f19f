"""Listings: what is for sale, and who may see it."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from apps.access.credential import Credential
from apps.agencies.models import Agency
from apps.core.classification import Classified
from apps.core.compiled import Slot
from apps.core.ids import uuid7
from apps.core.places import StateCode, city_key
from apps.encryption.fields import EncryptedTextField


class Status(models.TextChoices):
    """Where a listing stands: draft → published → sold, and withdrawn in between."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SOLD = "sold"
    WITHDRAWN = "withdrawn"


class Listings(models.QuerySet):
    """Listings, always cut to what a caller may see before anything else is asked."""

    def visible_to(self, credential: Credential) -> "Listings":
        """Published ones, and every one of the caller's own agency."""
        return self.visible_from(credential.staff_of)

    def visible_from(self, agency_id: UUID | Slot | None) -> "Listings":
        """Published ones, and every one of this agency: what its staff sees."""
        public = Q(status=Status.PUBLISHED)
        if agency_id is None:
            return self.filter(public)
        return self.filter(public | Q(agency_id=agency_id))


class CityKeyField(models.CharField):
    """What a search compares with: the city beside it, folded anew whenever the row is written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = city_key(model_instance.city)
        setattr(model_instance, self.attname, folded)
        return folded


class Listing(models.Model):
    """One property on offer. The street address is known to the own agency only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="listings")
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)
    city = models.CharField(max_length=100)
    # Folding case makes up to three characters of one.
    city_key = CityKeyField(max_length=300, editable=False)
    state_code = models.CharField(max_length=2, choices=[(c, c) for c in StateCode])
    street_address = EncryptedTextField(max_length=200)
    price = models.DecimalField(max_digits=11, decimal_places=2)
    reserve_price = models.DecimalField(max_digits=11, decimal_places=2, null=True, blank=True)
    bedrooms = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = Listings.as_manager()

    classified = Classified(
        public="id agency title description city city_key state_code price bedrooms status"
        " created_at updated_at",
        internal="reserve_price street_address version",
    )

    class Meta:
        # One for each order of a page, and two for a search of one place, each ending in the id
        # as a page's order does: a page is then read off its index at any depth.
        indexes = [
            models.Index(fields=["created_at", "id"], name="listing_newest"),
            models.Index(fields=["price", "id"], name="listing_price"),
            models.Index(fields=["bedrooms", "id"], name="listing_bedrooms"),
            models.Index(fields=["state_code", "city_key", "price", "id"], name="listing_search"),
            models.Index(
                fields=["state_code", "city_key", "created_at", "id"], name="listing_place_newest"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="listing_price_not_negative"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="listing_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(reserve_price__isnull=True) | Q(reserve_price__lte=F("price")),
                name="listing_reserve_within_price",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_own_of(self, credential: Credential) -> bool:
        """Does the caller act for the listing's agency?"""
        staff_of = credential.staff_of
        return staff_of is not None and staff_of == self.agency_id


def is_own(credential: Credential, listing: Listing) -> bool:
    """The object policy of every change to a listing."""
    return listing.is_own_of(credential)

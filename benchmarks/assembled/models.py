"""The resource with an encrypted address, audited, and keys that belong to an agency."""

import uuid

from auditlog.registry import auditlog
from django.db import models
from encrypted_fields.fields import EncryptedCharField
from rest_framework_api_key.models import AbstractAPIKey


class Agency(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)


class AgencyKey(AbstractAPIKey):
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="api_keys")


class Listing(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft"
        PUBLISHED = "published"
        SOLD = "sold"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT)
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True, max_length=4000)
    city = models.CharField(max_length=100)
    state_code = models.CharField(max_length=2)
    street_address = EncryptedCharField(max_length=200)
    price = models.DecimalField(max_digits=11, decimal_places=2)
    bedrooms = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    reserve_price = models.DecimalField(max_digits=11, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


# Without the exclusion the package would write the address in clear into its log.
auditlog.register(Listing, exclude_fields=["street_address"])

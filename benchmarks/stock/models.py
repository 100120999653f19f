"""The resource as a plain model: no encryption, no constraint beyond types."""

import uuid

from django.db import models


class Agency(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)


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
    street_address = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=11, decimal_places=2)
    bedrooms = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    reserve_price = models.DecimalField(max_digits=11, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    updated_at = models.DateTimeField(auto_now=True)

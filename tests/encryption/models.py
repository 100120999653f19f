"""A table that exists only in these tests: three encrypted columns, two of them of one type."""

import uuid

from django.db import models

from apps.encryption.fields import (
    EncryptedDateField,
    EncryptedDecimalField,
    EncryptedTextField,
)


class Letter(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=50, default="", unique=True)
    body = EncryptedTextField(max_length=100)
    note = EncryptedTextField(max_length=100, null=True)
    sent_on = EncryptedDateField(null=True)
    postage = EncryptedDecimalField(max_digits=7, decimal_places=2, null=True)

    class Meta:
        app_label = "encryption"
        managed = False


class Parcel(models.Model):
    """Another key type, and a table whose ciphertexts must not open in the first one."""

    number = models.IntegerField(primary_key=True)
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, null=True)
    body = EncryptedTextField(max_length=100)

    class Meta:
        app_label = "encryption"
        managed = False

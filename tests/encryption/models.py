"""Tables that exist only in these tests."""

import uuid

from django.db import models

from apps.encryption.blind_index_field import BlindIndexField
from apps.encryption.fields import (
    EncryptedBytesField,
    EncryptedDateField,
    EncryptedDecimalField,
    EncryptedTextField,
)
from apps.encryption.json_field import EncryptedJSONField
from apps.encryption.normal_forms import Normaliser


class Letter(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=50, default="", unique=True)
    body = EncryptedTextField(max_length=100)
    note = EncryptedTextField(max_length=100, null=True)
    sent_on = EncryptedDateField(null=True)
    postage = EncryptedDecimalField(max_digits=7, decimal_places=2, null=True)
    scan = EncryptedBytesField(max_length=100, null=True)
    marks = EncryptedJSONField(max_length=1000, null=True)

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


class _Label:
    """What a field makes of a text, as one for ULIDs would; a driver does not know it."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text

    def __eq__(self, other):
        return isinstance(other, _Label) and self.text == other.text

    def __hash__(self):
        return hash(self.text)


class Shown(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(hidden=False)


class LabelField(models.CharField):
    def from_db_value(self, value, expression, connection):
        return None if value is None else _Label(value)

    def to_python(self, value):
        return value if value is None or isinstance(value, _Label) else _Label(str(value))

    def get_prep_value(self, value):
        return None if value is None else str(value)


class Quoted(models.Model):
    """Names that have to be quoted, or that a statement of ours uses itself; a key of a class."""

    key = LabelField(primary_key=True, max_length=40, db_column="Order")
    start = models.IntegerField(default=0)
    n = models.IntegerField(default=0)
    hidden = models.BooleanField(default=False)
    body = EncryptedTextField(max_length=100, db_column="Select {pk}")
    note = EncryptedTextField(max_length=100, null=True, db_column="anew")

    objects = Shown()

    class Meta:
        app_label = "encryption"
        managed = False
        db_table = "User Table {rows}"
        base_manager_name = "objects"


class Contact(models.Model):
    """Values that can be found: one that must be unique, one whose index is cut short."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    phone = EncryptedTextField(max_length=40)
    phone_index = BlindIndexField("phone", Normaliser.PHONE)
    national_id = EncryptedTextField(max_length=40, null=True)
    national_id_index = BlindIndexField(
        "national_id", Normaliser.NATIONAL_ID, unique=True, null=True
    )
    email = EncryptedTextField(max_length=100, null=True)
    email_index = BlindIndexField("email", Normaliser.EMAIL, bits=12, null=True)
    body = EncryptedTextField(max_length=100, null=True)

    class Meta:
        app_label = "encryption"
        managed = False

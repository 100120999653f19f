"""An encrypted field refuses options it cannot honour, and travels through migrations."""

import uuid

import pytest
from django.core import checks
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from apps.encryption.fields import (
    EncryptedBytesField,
    EncryptedDateField,
    EncryptedDecimalField,
    EncryptedTextField,
)
from apps.encryption.json_field import EncryptedJSONField
from tests.encryption.models import Contact, Letter, Parcel


def found(field, pk=None, **meta):
    """The ids of what `check()` reports for this field in a model of its own."""
    with isolate_apps("apps.encryption"):
        model = type(
            "Declared",
            (models.Model,),
            {
                "__module__": __name__,
                "Meta": type("Meta", (), {"app_label": "encryption", **meta}),
                "id": pk or models.UUIDField(primary_key=True, default=uuid.uuid4),
                "secret": field,
            },
        )
        return [error.id for error in model._meta.get_field("secret").check(databases=["default"])]


def text(**options):
    return EncryptedTextField(**{"max_length": 10} | options)


def test_a_plain_declaration_is_accepted():
    assert found(text()) == []
    assert found(text(null=True, blank=True)) == []
    assert found(EncryptedDateField()) == []
    assert found(EncryptedDecimalField(max_digits=2, decimal_places=2)) == []
    assert [
        error for model in (Letter, Parcel, Contact) for error in model.check(databases=[])
    ] == []


@pytest.mark.parametrize(
    ("field", "error"),
    [
        (text(unique=True), "E001"),
        (text(db_index=True), "E002"),
        (text(default=""), "E003"),
        (text(default=list), "E003"),
        (text(db_default=""), "E003"),
        (text(choices=[("a", "A")]), "E004"),
        (EncryptedTextField(), "E007"),
        (text(max_length=0), "E007"),
        (text(max_length="9"), "E007"),
        (EncryptedBytesField(), "E007"),
        (EncryptedJSONField(), "E007"),
        (EncryptedDecimalField(max_digits=2, decimal_places=3), "E008"),
        (EncryptedDecimalField(max_digits=0, decimal_places=0), "E008"),
        (EncryptedDecimalField(max_digits=2, decimal_places=-1), "E008"),
    ],
)
def test_a_contradictory_option_is_an_error(field, error):
    assert f"encryption.{error}" in found(field)


def test_an_encrypted_primary_key_is_an_error():
    with isolate_apps("apps.encryption"):

        class Declared(models.Model):
            secret = EncryptedTextField(max_length=10, primary_key=True)

            class Meta:
                app_label = "encryption"

        reported = Declared._meta.get_field("secret").check(databases=["default"])
    assert {"encryption.E001", "encryption.E005"} <= {error.id for error in reported}


@pytest.mark.parametrize(
    ("pk", "errors"),
    [
        (models.CharField(primary_key=True, max_length=9), []),
        (models.IntegerField(primary_key=True), []),
        (models.OneToOneField(Parcel, on_delete=models.CASCADE, primary_key=True), []),
        (models.BigAutoField(primary_key=True), ["encryption.E005"]),
        (models.UUIDField(primary_key=True, db_default="x"), ["encryption.E005"]),
        (models.BinaryField(primary_key=True), ["encryption.E005"]),
        (models.DateTimeField(primary_key=True), ["encryption.E005"]),
    ],
)
def test_the_primary_key_must_be_one_that_can_be_bound(pk, errors):
    assert found(text(), pk=pk) == errors


@pytest.mark.parametrize(
    ("key", "errors"),
    [
        (models.UUIDField(primary_key=True), []),
        (
            models.DecimalField(primary_key=True, max_digits=5, decimal_places=2),
            ["encryption.E005"],
        ),
    ],
)
def test_a_key_that_is_a_relation_is_as_good_as_the_key_at_its_end(key, errors):
    with isolate_apps("apps.encryption"):

        class Far(models.Model):
            id = key

            class Meta:
                app_label = "encryption"

        class Near(models.Model):
            far = models.OneToOneField(Far, models.CASCADE, primary_key=True)

            class Meta:
                app_label = "encryption"

        class Declared(models.Model):
            near = models.OneToOneField(Near, models.CASCADE, primary_key=True)
            secret = text()

            class Meta:
                app_label = "encryption"

        reported = Declared._meta.get_field("secret").check(databases=["default"])
    assert [error.id for error in reported] == errors


@pytest.mark.parametrize("name", ["l" * 64, "é" * 32, 'other"."table'])
def test_a_name_of_a_table_that_the_database_would_take_for_another_is_an_error(name):
    assert found(text(), db_table=name) == ["encryption.E014"]
    assert found(text(), db_table="l" * 63) == []


@pytest.mark.parametrize(
    "meta",
    [
        {"unique_together": [("id", "secret")]},
        {"constraints": [models.UniqueConstraint(fields=["secret"], name="u")]},
        {"indexes": [models.Index(fields=["secret"], name="i")]},
        {"indexes": [models.Index(fields=["-secret"], name="i")]},
        {"ordering": ["secret"]},
        {"ordering": ["-secret"]},
    ],
)
def test_a_use_in_meta_that_cannot_work_is_an_error(meta):
    assert found(text(), **meta) == ["encryption.E006"]


def test_every_error_says_what_to_do():
    with isolate_apps("apps.encryption"):

        class Declared(models.Model):
            secret = EncryptedTextField(
                max_length=9, unique=True, default="x", choices=[("a", "A")], db_index=True
            )

            class Meta:
                app_label = "encryption"
                ordering = ("secret",)

        reported = Declared._meta.get_field("secret").check(databases=["default"])
    ours = [error for error in reported if error.id.startswith("encryption.")]
    assert len(ours) == 6
    assert all(error.hint and isinstance(error, checks.Error) for error in ours)


@pytest.mark.parametrize(
    ("field", "options"),
    [
        (text(null=True), {"max_length": 10, "null": True}),
        (EncryptedDateField(), {}),
        (
            EncryptedDecimalField(max_digits=7, decimal_places=2, db_column="d"),
            {"max_digits": 7, "decimal_places": 2, "db_column": "d"},
        ),
    ],
)
def test_a_migration_names_the_field_and_all_its_options(field, options):
    _, path, arguments, keywords = field.deconstruct()
    assert path == f"apps.encryption.fields.{type(field).__name__}"
    assert (arguments, keywords) == ([], options)
    assert type(field)(**keywords).deconstruct() == field.deconstruct()
    written, imports = MigrationWriter.serialize(field)
    assert written.startswith(path)
    assert imports == {"import apps.encryption.fields"}

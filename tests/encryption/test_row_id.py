"""A row has one name, however its key was spelled before it was saved."""

import enum
import uuid

import pytest
from django.db import models
from django.test.utils import isolate_apps

from apps.encryption.row_id import row_id

ID = uuid.UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def named(field, pk):
    with isolate_apps("apps.encryption"):

        class Row(models.Model):
            id = field

            class Meta:
                app_label = "encryption"

    return row_id(Row(pk=pk))


@pytest.mark.parametrize("pk", [ID, str(ID), ID.hex.upper()])
def test_a_uuid_is_its_16_bytes(pk):
    assert named(models.UUIDField(primary_key=True), pk) == ID.bytes


@pytest.mark.parametrize("pk", [7, "7", "007", 7.0])
def test_a_number_is_its_decimal_text(pk):
    assert named(models.IntegerField(primary_key=True), pk) == b"7"


@pytest.mark.parametrize("pk", [ID, str(ID)])
def test_a_text_is_itself_even_where_a_uuid_was_assigned(pk):
    assert named(models.CharField(primary_key=True, max_length=36), pk) == str(ID).encode()


def test_a_member_of_an_enum_of_texts_is_its_text():
    color = enum.Enum("Color", {"RED": "red"}, type=str)
    assert named(models.CharField(primary_key=True, max_length=9), color.RED) == b"red"


def test_a_row_without_a_key_has_no_name():
    with pytest.raises(ValueError, match=r"encryption\.Row: a row needs its primary key"):
        named(models.IntegerField(primary_key=True), None)

"""A letter with a secret, and the same row read again."""

import uuid

from tests.encryption.models import Letter

SECRET = "12 Elm Street"


def letter(**values):
    values = {"title": str(uuid.uuid4()), "body": SECRET} | values
    return Letter.objects.create(**values)


def again(row):
    return type(row).objects.get(pk=row.pk)

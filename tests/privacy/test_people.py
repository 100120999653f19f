"""No row about a person is missed, whatever its model says about who sees it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import models
from django.test.utils import isolate_apps

from apps.core.classification import Classified
from apps.privacy.models import Erasure
from apps.privacy.people import rows_of

pytestmark = pytest.mark.django_db


def test_a_manager_that_hides_rows_hides_none_from_an_export_or_an_erasure() -> None:
    class Visible(models.Manager):
        def get_queryset(self) -> models.QuerySet:
            return super().get_queryset().none()

    with isolate_apps("apps.privacy"):

        class Hidden(models.Model):
            """Another view of the table of erasures."""

            user_id = models.UUIDField(primary_key=True)
            visible = Visible()
            classified = Classified(internal="user_id", person="user_id")

            class Meta:
                app_label = "privacy"
                db_table = Erasure._meta.db_table
                base_manager_name = "visible"

    row = Erasure.objects.create(user_id=uuid4(), begun_at=datetime.now(UTC))
    assert not Hidden._base_manager.exists()
    assert [one.pk for one in rows_of(Hidden, row.pk, [])] == [row.pk]

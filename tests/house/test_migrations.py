"""Migrations say the same as the models, on the database of this test run."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_our_migrations_have_one_end_each():
    loader = MigrationLoader(connection=None)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("apps.")}
    assert {
        label: names for label, names in loader.detect_conflicts().items() if label in ours
    } == {}


@pytest.mark.django_db
def test_every_model_of_ours_has_its_table():
    present = set(connection.introspection.table_names())
    wanted = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("apps.") and model._meta.managed
    }
    assert wanted <= present

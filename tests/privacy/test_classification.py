"""Every field of every model is classified, and what is sensitive is encrypted or justified."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.db import models
from django.test.utils import isolate_apps

from apps.accounts.models import User
from apps.core.classification import (
    Classified,
    Unclassified,
    class_of,
    classes_of,
    declaration_of,
    sensitive_names,
    stored_fields,
    stored_models,
)
from apps.core.library_data import LIBRARY_DATA
from apps.core.redaction import REDACTED, clean, redacted
from apps.encryption.encrypted_field import EncryptedField
from apps.encryption.fields import EncryptedTextField
from apps.privacy.checks import faults
from apps.privacy.table import MADE, table
from config.environment import ROOT

MODELS = stored_models()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_of_every_model_is_classified(model: type[models.Model]) -> None:
    """Those of libraries as well: a new version that brings a field is noticed."""
    assert list(faults(model)) == []
    assert set(classes_of(model)) == set(stored_fields(model))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_what_is_personal_or_secret_is_encrypted_or_justified(model: type[models.Model]) -> None:
    clear = declaration_of(model).clear
    for name, one in classes_of(model).items():
        encrypted = isinstance(model._meta.get_field(name), EncryptedField)
        justified = len(clear.get(name, "").split()) >= 2
        assert encrypted != justified if one.is_sensitive else not justified, name


def test_the_check_runs_wherever_the_service_starts() -> None:
    """`migrate`, `check` and the development server stop at an error of a system check."""
    declared = User.classified
    del User.classified
    classes_of.cache_clear()
    try:
        found = {error.id for error in run_checks() if error.obj is User}
    finally:
        User.classified = declared
        classes_of.cache_clear()
    assert found == {"privacy.E001"}


@pytest.fixture
def wrong() -> Iterator[dict[str, type[models.Model]]]:
    """Models as somebody in a hurry would write them."""
    with isolate_apps("tests"):

        class Nothing(models.Model):
            class Meta:
                app_label = "tests"

        class Forgotten(models.Model):
            name = models.TextField()
            classified = Classified(internal="id")

            class Meta:
                app_label = "tests"

        class Gone(models.Model):
            classified = Classified(internal="id was_here")

            class Meta:
                app_label = "tests"

        class Twice(models.Model):
            classified = Classified(internal="id", public="id")

            class Meta:
                app_label = "tests"

        class InClear(models.Model):
            name = models.TextField()
            classified = Classified(internal="id", personal="name")

            class Meta:
                app_label = "tests"

        class Silent(models.Model):
            name = models.TextField()
            classified = Classified(internal="id", personal="name", clear={"name": ""})

            class Meta:
                app_label = "tests"

        class Nobodys(models.Model):
            user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
            classified = Classified(internal="id user")

            class Meta:
                app_label = "tests"

        class Right(models.Model):
            name = EncryptedTextField(max_length=10)
            user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
            classified = Classified(internal="id user", personal="name", person="user")

            class Meta:
                app_label = "tests"

        yield {name: one for name, one in locals().items() if isinstance(one, type)}


def test_a_wrong_declaration_is_named(wrong: dict[str, type[models.Model]]) -> None:
    assert {name: [number for number, _ in faults(model)] for name, model in wrong.items()} == {
        "Nothing": ["privacy.E001"],
        "Forgotten": ["privacy.E001"],
        "Gone": ["privacy.E001"],
        "Twice": ["privacy.E001"],
        "InClear": ["privacy.E002"],
        "Silent": ["privacy.E002"],
        "Nobodys": ["privacy.E003"],
        "Right": [],
    }
    with pytest.raises(Unclassified, match="Forgotten"):
        class_of(wrong["Forgotten"], "name")


def test_a_model_of_ours_declares_itself_and_one_of_a_library_stands_in_the_table() -> None:
    ours = {model._meta.label for model in MODELS if model.__module__.startswith("apps.")}

    assert not ours & LIBRARY_DATA.keys()
    assert LIBRARY_DATA.keys() == {model._meta.label for model in MODELS} - ours


def test_the_log_redacts_what_stands_under_the_name_of_a_sensitive_field() -> None:
    """The names come from the models: there is no list beside them to forget."""
    for name in sensitive_names() - {"address", "code"}:
        assert clean({name: "x"}) == {name: REDACTED}, name
        assert clean({"deep": [{name.upper(): 7}]}) == {"deep": [{name.upper(): REDACTED}]}
    for name in ("legal_name", "annual_income", "message"):
        assert redacted(f"{name}='Quillfeather'") == f"{name}={REDACTED}'"


def test_the_page_in_docs_is_what_the_models_say() -> None:
    """Make it anew: `python manage.py data_classes > docs/data-classification.md`."""
    page = Path(ROOT, "docs/data-classification.md").read_text()

    assert page[page.index(MADE) :] == table()

"""System checks: everything that is stored is classified, and no erasure was undone."""

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.core import checks
from django.db import DatabaseError
from django.db.models import Model

from apps.core.classification import Unclassified, declaration_of, stored_fields, stored_models
from apps.encryption.encrypted_field import EncryptedField

_DECLARE = "Say it in `classified = Classified(…)` (docs/data-classification.md)."


@checks.register(checks.Tags.models)
def everything_is_classified(app_configs: object, **_: object) -> list[checks.Error]:
    """privacy.E001: a field without a class. E002: plaintext without a reason.

    privacy.E003: rows that lead to a person and do not say so.
    """
    return [
        checks.Error(f"{model._meta.label}: {wrong}.", hint=_DECLARE, obj=model, id=number)
        for model in stored_models()
        for number, wrong in faults(model)
    ]


@checks.register(checks.Tags.database)
def no_erasure_is_undone(app_configs: object, databases: object, **_: object) -> list:
    """privacy.W001: the list and this database name others than each other, or it is damaged."""
    from .replay import is_behind

    try:
        behind = bool(databases) and is_behind()
    except DatabaseError:
        return []  # not migrated yet
    if not behind:
        return []
    hint = "This erases whom the list names, and says what is wrong: manage.py erasures replay"
    return [
        checks.Warning(
            "The list and the database differ in who is erased.", hint=hint, id="privacy.W001"
        )
    ]


def faults(model: type[Model]) -> Iterator[tuple[str, str]]:
    """What is wrong with the declaration of a model: the check's id, and in words."""
    try:
        declared = declaration_of(model)
        classes = declared.classes()
    except (Unclassified, ValueError) as missing:
        yield "privacy.E001", str(missing)
        return
    stored = set(stored_fields(model))
    if missing := sorted(stored - classes.keys()):
        yield "privacy.E001", f"{', '.join(missing)} has no class"
    if unknown := sorted(classes.keys() - stored):
        yield "privacy.E001", f"{', '.join(unknown)} is classified and not there"
    for name, one in classes.items():
        if name not in stored or not one.is_sensitive or declared.clear.get(name):
            continue
        if not isinstance(model._meta.get_field(name), EncryptedField):
            yield "privacy.E002", f"{name} is {one}, and neither encrypted nor justified"
    if not declared.person and (paths := list(_paths_to_people(model))):
        yield "privacy.E003", f"{', '.join(paths)} leads to a person, and `person` is not said"


def _paths_to_people(model: type[Model]) -> Iterator[str]:
    for one in model._meta.concrete_fields:
        to = one.related_model if one.is_relation else None
        if to is None or to is model:
            continue
        if to is get_user_model() or _is_of_a_person(to):
            yield one.name


def _is_of_a_person(model: type[Model]) -> bool:
    try:
        return bool(declaration_of(model).person)
    except Unclassified:
        return False

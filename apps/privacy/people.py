"""Every row about one person, found by what the models declare: nothing is listed twice."""

from uuid import UUID

from django.db.models import Model, QuerySet

from apps.access.credential import Kind
from apps.apikeys.models import ApiKey
from apps.core.classification import (
    Classified,
    classes_of,
    declaration_of,
    sensitive_fields,
    stored_models,
)
from apps.oauth.models import TokenFamily


def models_of_people() -> list[tuple[type[Model], Classified]]:
    """The models whose rows are about a person, with their declarations."""
    declared = [(model, declaration_of(model)) for model in stored_models()]
    return [(model, one) for model, one in declared if one.person or one.named_in]


def rows_of(model: type[Model], user_id: UUID, names: list[str]) -> QuerySet:
    """The rows of a model that are about this person; `names` are those of `names_of`."""
    declared = declaration_of(model)
    rows = QuerySet(model)  # of no manager: one that hides rows would hide them from an erasure
    if declared.person:
        return rows.filter(**{declared.person: user_id})
    return rows.filter(**{f"{declared.named_in}__in": names})


def names_of(user_id: UUID) -> list[str]:
    """How texts speak of a person and of their credentials, in the audit and in counts."""
    keys = ApiKey.objects.filter(user_id=user_id).values_list("pk", flat=True)
    families = TokenFamily.objects.filter(user_id=user_id)
    clients = families.values_list("client__client_id", flat=True).distinct()
    return [
        f"user:{user_id}",
        *(f"{Kind.API_KEY}:{one}" for one in keys),
        *(f"{Kind.TOKEN}:{one}:{user_id}" for one in clients),
    ]


def exported_fields(model: type[Model]) -> list[str]:
    """What a person is told of their rows: everything but secrets and what is withheld."""
    withheld = declaration_of(model).withheld
    if "*" in withheld:
        return []
    secret = {name for name, one in classes_of(model).items() if one == "secret"}
    return [name for name in classes_of(model) if name not in secret | set(withheld)]


def emptied_fields(model: type[Model]) -> list[str]:
    """What an erasure empties in the rows that it keeps."""
    remains = declaration_of(model).remains
    return sorted(name for name in sensitive_fields(model) if name not in remains)

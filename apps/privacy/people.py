"""Every row about one person, found by what the models declare: nothing is listed twice."""

from uuid import UUID

from django.db.models import Model, QuerySet
from oauth2_provider.models import get_access_token_model

from apps.access.credential import Kind
from apps.apikeys.models import ApiKey
from apps.core.classification import (
    Classified,
    classes_of,
    declaration_of,
    sensitive_fields,
    stored_models,
)

#: The rows whose ids are the names of credentials, such as `api_key:0198…`.
_CREDENTIALS = {Kind.API_KEY: lambda: ApiKey, Kind.TOKEN: get_access_token_model}


def models_of_people() -> list[tuple[type[Model], Classified]]:
    """The models whose rows are about a person, with their declarations."""
    declared = [(model, declaration_of(model)) for model in stored_models()]
    return [(model, one) for model, one in declared if one.person or one.named_in]


def rows_of(model: type[Model], user_id: UUID, names: list[str]) -> QuerySet:
    """The rows of a model that are about this person; `names` are those of `names_of`."""
    declared = declaration_of(model)
    if declared.person:
        return model._base_manager.filter(**{declared.person: user_id})
    return model._base_manager.filter(**{f"{declared.named_in}__in": names})


def names_of(user_id: UUID) -> list[str]:
    """How texts speak of a person and of their credentials, in the audit and in counts."""
    names = [f"user:{user_id}"]
    for kind, model in _CREDENTIALS.items():
        ids = rows_of(model(), user_id, []).values_list("pk", flat=True)
        names += [f"{kind}:{one}" for one in ids]
    return names


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

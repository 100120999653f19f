"""What the fields of a model hold and whose they are: said once, in the model, read by everything.

    class BuyerProfile(models.Model):
        classified = Classified(
            internal="id user version created_at updated_at",
            personal="legal_name phone",
            person="user",
        )

Encryption, the audit, the log, export, erasure and the API's document read this declaration; a
system check refuses a model without it (apps/privacy/checks.py). Models of libraries cannot carry
it: theirs stand in `library_data`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.db.models import Model

from .data_classes import DataClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """The declaration. The first four are names of fields, separated by spaces.

    `clear`: why a personal or secret field is not encrypted, in words, by its name.
    `person`: the look-up path from a row to the user whose data it is.
    `named_in`: the field that names a person or one of their credentials as text, where no
    foreign key does.
    `withheld`: why a field, or every row ("*"), is left out of its person's export.
    `kept`: why the row outlives the erasure of its person. Its personal fields are emptied, but for
    those in `remains`, each with the reason.
    """

    public: str = ""
    internal: str = ""
    personal: str = ""
    secrets: str = ""
    clear: Mapping[str, str] = field(default_factory=dict)
    person: str = ""
    named_in: str = ""
    withheld: Mapping[str, str] = field(default_factory=dict)
    kept: str = ""
    remains: Mapping[str, str] = field(default_factory=dict)

    def classes(self) -> dict[str, DataClass]:
        """Each declared field with its class. Raises ValueError for one that stands twice."""
        found: dict[str, DataClass] = {}
        for data_class, names in (
            (DataClass.PUBLIC, self.public),
            (DataClass.INTERNAL, self.internal),
            (DataClass.PERSONAL, self.personal),
            (DataClass.SECRET, self.secrets),
        ):
            for name in names.split():
                if name in found:
                    raise ValueError(f"{name} is classified twice")
                found[name] = data_class
        return found


def stored_models() -> list[type[Model]]:
    """Every model of an installed app. One that is lent to an app from outside has no table."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith(model._meta.app_config.name)
    ]


class Unclassified(LookupError):
    """A model, or a field of one, that nobody classified."""


def declaration_of(model: type[Model]) -> Classified:
    """The declaration of a model. Raises Unclassified."""
    from .library_data import LIBRARY_DATA

    found = vars(model).get("classified") or LIBRARY_DATA.get(model._meta.label)
    if not isinstance(found, Classified):
        raise Unclassified(f"{model._meta.label} has no `classified = Classified(…)`")
    return found


@cache
def classes_of(model: type[Model]) -> dict[str, DataClass]:
    """The class of every field of a model. Raises Unclassified."""
    return declaration_of(model).classes()


def class_of(model: type[Model], name: str) -> DataClass:
    """The class of one field. Raises Unclassified."""
    try:
        return classes_of(model)[name]
    except KeyError:
        raise Unclassified(f"{model._meta.label}.{name} is not classified") from None


def stored_fields(model: type[Model]) -> list[str]:
    """The names of everything that a row of this model holds."""
    return [one.name for one in (*model._meta.concrete_fields, *model._meta.local_many_to_many)]


@cache
def sensitive_fields(model: type[Model]) -> frozenset[str]:
    """The names of its personal and secret fields."""
    return frozenset(name for name, one in classes_of(model).items() if one.is_sensitive)


@cache
def names_of_class(*wanted: DataClass) -> frozenset[str]:
    """What the fields of these classes are called, in any model, and no field of another class."""
    declared = [classes_of(model) for model in stored_models()]
    pairs = [pair for classes in declared for pair in classes.items()]
    others = {name for name, one in pairs if one not in wanted}
    return frozenset(name for name, one in pairs if one in wanted) - others


def sensitive_names() -> frozenset[str]:
    """What personal and secret fields are called: no value under such a name is written down."""
    return names_of_class(DataClass.PERSONAL, DataClass.SECRET)

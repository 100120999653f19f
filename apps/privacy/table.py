"""The declarations as a table for people: docs/data-classification.md holds it, a test compares."""

from collections.abc import Iterator

from django.db.models import Model

from apps.core.classification import classes_of, declaration_of, stored_models
from apps.core.data_classes import DataClass
from apps.encryption.encrypted_field import EncryptedField

#: Everything below this line of the page is made by `manage.py data_classes`.
MADE = "<!-- Made by `python manage.py data_classes`: change the models, not this table. -->"
_HEAD = "| table | public | internal | personal | secret | a person's, by | when the person goes |"


def table() -> str:
    """One row for each model, then why what is sensitive is not encrypted, where it is not."""
    models = sorted(stored_models(), key=lambda model: model._meta.label_lower)
    lines = [MADE, "", _HEAD, "|---|---|---|---|---|---|---|", *map(_row, models)]
    lines += ["", "Sensitive and not encrypted, and why:", ""]
    return "\n".join([*lines, *(line for model in models for line in _reasons(model)), ""])


def _row(model: type[Model]) -> str:
    declared = declaration_of(model)
    cells = [f"`{model._meta.label_lower}`"]
    for data_class in DataClass:
        names = [name for name, one in classes_of(model).items() if one is data_class]
        cells.append(", ".join(_name(model, name) for name in names))
    cells.append(declared.person or declared.named_in)
    of_a_person = declared.person or declared.named_in
    cells.append(f"kept: {declared.kept}" if declared.kept else "deleted" if of_a_person else "")
    return f"| {' | '.join(cells)} |"


def _name(model: type[Model], name: str) -> str:
    """Encrypted ones in bold."""
    encrypted = isinstance(model._meta.get_field(name), EncryptedField)
    return f"**{name}**" if encrypted else name


def _reasons(model: type[Model]) -> Iterator[str]:
    for name, reason in declaration_of(model).clear.items():
        yield f"- `{model._meta.label_lower}.{name}`: {reason}"

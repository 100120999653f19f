"""Secrets out of files: for each secret NAME, the file that NAME_FILE names.

This is how container platforms and a vault's agent deliver secrets. Guarantees: the stripped
content is the value; NAME beside NAME_FILE, and a file that is missing, unreadable, not UTF-8 or
empty, are refused; no message repeats the path, since sooner or later someone puts the secret
itself into NAME_FILE. Does not look at the file's owner or mode.
"""

from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from config.refusal import Refusal


class SecretFiles(PydanticBaseSettingsSource):
    """A settings source for the `secrets` among the fields; a bad file yields a Refusal.

    The Refusal is returned as the value, not raised: the model raises it with every other problem.
    """

    def __init__(
        self,
        settings_cls: type[BaseSettings],
        secrets: Container[str],
        root: Path,
        given: Mapping[str, str | None],
    ) -> None:
        super().__init__(settings_cls)
        self.secrets = secrets
        self.root = root
        self.given = given

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        name = field_name.upper()
        path = self.given.get(f"{name}_FILE") if name in self.secrets else None
        if not path:
            return None, name, False
        if self.given.get(name):
            return Refusal(f"is set together with {name}_FILE", f"unset {name}"), name, False
        return self._content(name, path), name, False

    def __call__(self) -> dict[str, Any]:
        fields = self.settings_cls.model_fields.items()
        found = (self.get_field_value(field, field_name) for field_name, field in fields)
        return {name: value for value, name, _ in found if value is not None}

    def _content(self, name: str, path: str) -> str | Refusal:
        mend = f"put the value into the file that {name}_FILE names"
        try:
            content = (self.root / path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as unreadable:
            reason = type(unreadable).__name__
            return Refusal(f"cannot be read from {name}_FILE ({reason})", mend)
        return content or Refusal(f"is empty in the file that {name}_FILE names", mend)

"""The file that FIELD_KEYS_FILE names, for a running service that takes it anew when it changes.

Guarantees: a changed file is read as the start reads it, by the same code with the same refusals,
so what is taken while running would also start; nothing raised here shows a key or the path.
"""

from collections.abc import Mapping
from pathlib import Path

from config.environment import EnvironmentRefused, load


class KeyFile:
    """`stamp` changes when the file does; `read` gives its keys and the id of the active one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def stamp(self) -> tuple[int, ...] | None:
        """What the file system says of it, through links; None where it cannot be seen."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns

    def read(self) -> tuple[Mapping[int, bytes], int]:
        """Keys by id, and the active id. Raises ValueError that says what is wrong."""
        try:
            environment = load()
        except EnvironmentRefused as refused:
            problems = refused.problems
        else:
            return environment.field_keys, environment.field_key_active
        raise ValueError(" ".join(problems))

"""Add, activate and remove field keys: `python -m config.field_keys --help`.

Edits the file that FIELD_KEYS_FILE names, or else the two variables in `.env`, so that nobody
copies a key by hand. Guarantees: the text is replaced whole, keeps its owner and mode, and would be
accepted at the start; no key reaches the terminal but by `fresh`; a key that rows rest on is not
removed, which is asked from the database. Does not reach other nodes: docs/encryption.md has the
order.
"""

import argparse
import base64
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from config.environment import ENV_FILE, EXACTLY_32, ROOT
from config.generate_env import fresh_key
from config.rings import LARGEST_ID, KeyRing, parse_key, parse_ring, parse_ring_file

_VARIABLES = ("FIELD_KEYS", "FIELD_KEY_ACTIVE")


class Refused(Exception):
    """Why nothing was changed."""


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 refused, 2 wrong arguments."""
    options = _arguments(argv)
    if options.action == "fresh":
        sys.stdout.write(f"{fresh_key()}\n")
        return 0
    try:
        text = _Text(options.env_file)
        said = _ACTIONS[options.action](text.ring, options.id)
        text.replace()
    except (Refused, ValueError) as refused:
        sys.stderr.write(f"Nothing was changed: {refused}\n")
        return 1
    except OSError as failed:
        sys.stderr.write(f"Nothing was changed: {failed.filename}: {failed.strerror}.\n")
        return 1
    sys.stdout.write(f"{said} Its place: {text.path}\n")
    return 0


class _Text:
    """Where the ring stands: a file of its own, or two lines of `.env`."""

    def __init__(self, env_file: Path) -> None:
        given: Mapping[str, str | None] = {**dotenv_values(env_file), **os.environ}
        file = given.get("FIELD_KEYS_FILE")
        if not file and any(os.environ.get(name) for name in _VARIABLES):
            raise Refused(f"{_VARIABLES[0]} is set in the process's environment: change it there.")
        self._own = bool(file)
        self.path = (ROOT / file if file else env_file).resolve()
        self._before = self.path.read_text(encoding="utf-8")
        if self._own:
            self.ring = parse_ring_file(self._before, EXACTLY_32)
            return
        keys, active = (self._line(name)[1].strip("'\"") for name in _VARIABLES)
        self.ring = parse_ring(keys, EXACTLY_32)
        self.ring.active = int(active)

    def replace(self) -> None:
        """Write what the ring is now."""
        members = [f"{key_id}:{_encoded(key)}" for key_id, key in sorted(self.ring.items())]
        if self._own:
            after = "\n".join([*members, f"active:{self.ring.active}", ""])
        else:
            after = self._before
            for name, value in zip(_VARIABLES, (",".join(members), self.ring.active), strict=True):
                after = after.replace(self._line(name)[0], f"{name}={value}", 1)
        _replace(self.path, after)

    def _line(self, name: str) -> re.Match[str]:
        found = list(re.finditer(rf"(?m)^{name}=(.*)$", self._before))
        if len(found) != 1:
            raise Refused(f"{name}= stands {len(found)} times in {self.path}.")
        return found[0]


def _add(ring: KeyRing, key_id: int | None) -> str:
    key_id = key_id or max(ring) + 1
    if key_id in ring:
        raise Refused(f"key {key_id} is in the ring already.")
    if key_id > LARGEST_ID:
        raise Refused(f"an id is at most {LARGEST_ID}.")
    ring[key_id] = parse_key(fresh_key(), EXACTLY_32)
    return f"Key {key_id} can be read with. When every node has it: activate {key_id}."


def _activate(ring: KeyRing, key_id: int) -> str:
    if key_id not in ring:
        raise Refused(f"key {key_id} is not in the ring.")
    ring.active = key_id
    return f"Key {key_id} seals from now on. When every node has it: manage.py rotate_keys."


def _remove(ring: KeyRing, key_id: int) -> str:
    if key_id not in ring:
        raise Refused(f"key {key_id} is not in the ring.")
    if key_id == ring.active:
        raise Refused(f"key {key_id} is the active one.")
    if resting := _resting_on(key_id):
        places = ", ".join(f"{count} in {place}" for place, count in resting.items())
        raise Refused(f"values rest on key {key_id}: {places}. First: manage.py rotate_keys.")
    del ring[key_id]
    return f"Key {key_id} is gone; backups made under it need a copy kept elsewhere."


def _resting_on(key_id: int) -> dict[str, int]:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import Error

    from apps.encryption.stored import resting_on, values_by_key

    try:
        return resting_on(key_id, values_by_key())
    except Error as failed:
        raise Refused(f"the database does not answer ({type(failed).__name__}).") from None


_ACTIONS = {"add": _add, "activate": _activate, "remove": _remove}


def _encoded(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


def _replace(path: Path, text: str) -> None:
    """Under another name first, then renamed: who reads meanwhile sees the old or the new."""
    old, new = path.stat(), path.with_name(f".{path.name}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fchown(descriptor, old.st_uid, old.st_gid)
            os.fchmod(descriptor, old.st_mode & 0o7777)
            os.fsync(descriptor)
        new.rename(path)
    except BaseException:
        new.unlink()
        raise


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.field_keys", description=__doc__)
    parser.add_argument("--env-file", type=Path, default=ENV_FILE, help=argparse.SUPPRESS)
    actions = parser.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="make a key that is read with, not yet sealed with")
    add.add_argument("id", type=int, nargs="?", help="the next free id by default")
    for name, what in (
        ("activate", "seal with this key from now on"),
        ("remove", "take a key away that no value rests on any more"),
    ):
        actions.add_parser(name, help=what).add_argument("id", type=int)
    actions.add_parser("fresh", help="print a new key, to put into a vault")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())

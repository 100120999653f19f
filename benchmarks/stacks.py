"""The stacks: what differs between them, and nothing else."""

import os
import secrets
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from benchmarks.ours.environment import environment as our_environment
from benchmarks.target import Target, loads
from config.environment import ROOT


class Name(StrEnum):
    """A stack, as --only and the JSON call it."""

    OURS = "ours"
    BEARER = "bearer"
    BARE = "bare"
    STOCK = "stock"
    ASSEMBLED = "assembled"


TITLES = {
    Name.OURS: "Gatehouse",
    Name.BEARER: "the same, by a token",
    Name.BARE: "without controls",
    Name.STOCK: "A, stock",
    Name.ASSEMBLED: "B, assembled",
}
#: What gunicorn reads beside its command line.
SERVER_SETTINGS = {
    Name.OURS: "config/gunicorn.py",
    Name.BEARER: "config/gunicorn.py",
    Name.BARE: "benchmarks/gunicorn.py",
    Name.STOCK: "benchmarks/gunicorn.py",
    Name.ASSEMBLED: "benchmarks/gunicorn.py",
}


@dataclass(frozen=True, slots=True)
class Stack:
    """A prepared stack: its environment (with secrets, so never in repr) and how to ask it."""

    name: Name
    environment: Mapping[str, str] = field(repr=False)
    target: Target


def environment(name: Name, database_url: str, redis_url: str, workers: int) -> dict[str, str]:
    """What the processes of this stack see, beside what every process sees."""
    if name in (Name.OURS, Name.BEARER, Name.BARE):
        settings = f"benchmarks.{Name.BARE if name is Name.BARE else Name.OURS}.settings"
        return our_environment(settings, database_url, redis_url, workers)
    return {
        "DJANGO_SETTINGS_MODULE": f"benchmarks.{name}.settings",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SALT_KEY": secrets.token_urlsafe(32),
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
    }


def prepared(name: Name, seen: Mapping[str, str]) -> Stack:
    """Tables and rows, made in a process of its own. Raises CalledProcessError."""
    made = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-m", "benchmarks.prepare", name],
        cwd=ROOT,
        env=os.environ | seen,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Stack(name, seen, loads(made.stdout))

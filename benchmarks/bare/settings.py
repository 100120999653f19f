"""The service's settings without the middleware that controls anything."""

from benchmarks.ours.settings import *  # noqa: F403
from benchmarks.ours.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.bare.apps.Bare"]
MIDDLEWARE = ["benchmarks.bare.open_gate.OpenGate"]

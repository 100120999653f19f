"""The start: secrets that are none."""

from collections.abc import Iterator

from apps.workshop.attempts import Attempt
from apps.workshop.run import Run
from config.generate_env import fresh_key

from .start import refused_start


def placeholder_secret(run: Run) -> Iterator[Attempt]:
    """Go live with a secret that everyone has read in a tutorial, long enough to pass for one."""
    run.needs_code()
    for name, value in (
        ("SECRET_KEY", f"change-me-{fresh_key()}{fresh_key()}"),
        ("AUDIT_KEY", f"change-me{fresh_key()[9:]}"),
        ("FIELD_KEYS", f"1:change_me{fresh_key()[9:]}"),
        ("DATABASE_URL", "postgres://gatehouse:change-me@127.0.0.1:5432/gatehouse"),
    ):
        yield refused_start("a placeholder", name, {name: value})


def short_secret(run: Run) -> Iterator[Attempt]:
    """Go live with a signing secret that can be searched for."""
    run.needs_code()
    for length in (6, 32, 49):
        value = (fresh_key() + fresh_key())[:length]
        yield refused_start(f"{length} characters", "SECRET_KEY", {"SECRET_KEY": value})


def short_key(run: Run) -> Iterator[Attempt]:
    """Go live with keys of half the length."""
    run.needs_code()
    half = fresh_key()[:22]
    whole = f"{half[:-1]}A"  # canonical base64 of 16 bytes
    yield refused_start("16 bytes", "AUDIT_KEY", {"AUDIT_KEY": whole})
    yield refused_start("16 bytes", "FIELD_KEYS", {"FIELD_KEYS": f"1:{whole}"})
    yield refused_start("16 bytes", "API_KEY_PEPPERS", {"API_KEY_PEPPERS": f"1:{whole}"})


def equal_keys(run: Run) -> Iterator[Attempt]:
    """Go live with one key for two purposes."""
    run.needs_code()
    key = fresh_key()
    ring = f"1:{key}"
    yield refused_start(
        "the audit key encrypts too", "FIELD_KEYS", {"AUDIT_KEY": key, "FIELD_KEYS": ring}
    )
    yield refused_start(
        "the pepper encrypts too", "API_KEY_PEPPERS", {"FIELD_KEYS": ring, "API_KEY_PEPPERS": ring}
    )
    long = (key + fresh_key()).replace("=", "A")
    yield refused_start(
        "the signing key seals the audit", "AUDIT_KEY", {"SECRET_KEY": long, "AUDIT_KEY": long}
    )


def missing_pepper(run: Run) -> Iterator[Attempt]:
    """Go live without a pepper, and see whether the service makes one up."""
    run.needs_code()
    name = "API_KEY_PEPPERS"
    yield refused_start("unset", name, {name: None})
    yield refused_start("empty", name, {name: ""})
    yield refused_start("a file that is not there", name, {name: None, f"{name}_FILE": "no/file"})

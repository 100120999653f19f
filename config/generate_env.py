"""Write a `.env` with fresh secrets: `python -m config.generate_env`.

Guarantees: every secret comes from the operating system's random source; the file is 0600 from its
first moment, never overwrites anything and never follows a link; secrets reach the terminal only
with --print. The file reads the same to the service and to a POSIX shell (`set -a; . ./.env`).
Does not judge the addresses it is given: the service does, at its start.

Standard library only: it must run before anything else can.
"""

import argparse
import base64
import os
import re
import secrets
import sys
from pathlib import Path

ENV_FILE = Path(__file__).resolve().parent.parent / ".env"

# Quotes, backslashes, dollars and spaces mean one thing to a shell and another to a .env parser.
SAME_IN_SHELL = re.compile(r"[!#%&()*+,./0-9:;<=>?@A-Z\[\]^_a-z{|}~-]+", re.ASCII)

HEADER = """\
# Made by python -m config.generate_env. Every variable is explained in .env.example.
# Keep a copy of FIELD_KEYS apart from the database's backups: without it the encrypted fields
# are lost, and whoever holds both can read them.
"""


def fresh_key() -> str:
    """32 random bytes as URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def fresh_secrets() -> dict[str, str]:
    """A new value for every variable that must be secret and unique to one installation."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "AUDIT_KEY": fresh_key(),
        "AUDIT_SIGNING_KEYS": f"1:{fresh_key()}",
        "AUDIT_SIGNING_KEY_ACTIVE": "1",
        "FIELD_KEYS": f"1:{fresh_key()}",
        "FIELD_KEY_ACTIVE": "1",
        "API_KEY_PEPPERS": f"1:{fresh_key()}",
        "API_KEY_PEPPER_ACTIVE": "1",
    }


def env_text(values: dict[str, str], unset: dict[str, str]) -> str:
    """The file: one `NAME=value` line each, then the unset ones as comments."""
    lines = [f"{name}={_quoted(value)}" for name, value in values.items()]
    if unset:
        lines.append("# Set these before the first start:")
    lines += [f"# {name}={example}" for name, example in unset.items()]
    return HEADER + "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return value if re.fullmatch(r"[\w.,:/@%+=-]+", value, re.ASCII) else f"'{value}'"


def write_new(path: Path, text: str) -> None:
    """Create the file with mode 0600; FileExistsError when anything stands there, a link too."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except BaseException:
        # Half a file would stand in the way of the next run, which overwrites nothing.
        path.unlink()
        raise


def plain(value: str) -> str:
    if SAME_IN_SHELL.fullmatch(value) is None:
        # argparse prints this message, not the value: a URL may carry a password.
        raise argparse.ArgumentTypeError(
            "has spaces, quotes, $, \\, ` or non-ASCII characters: percent-encode them"
        )
    return value


def arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m config.generate_env",
        description="Write a .env with fresh secrets. It never overwrites a file.",
    )
    parser.add_argument("--development", action="store_true", help="APP_ENV=development, no more")
    parser.add_argument("--host", type=plain, metavar="NAME", help="the service's public host name")
    parser.add_argument("--database-url", type=plain, metavar="URL", help="postgres://…")
    parser.add_argument("--redis-url", type=plain, metavar="URL", help="redis://…")
    parser.add_argument("--email-url", type=plain, metavar="URL", help="smtps://…")
    parser.add_argument("--if-missing", action="store_true", help="succeed when the file exists")
    target = parser.add_mutually_exclusive_group()
    target.add_argument("--output", type=Path, default=ENV_FILE, metavar="PATH")
    target.add_argument("--print", action="store_true", help="show the text, write nothing")
    options = parser.parse_args(argv)
    stores = (options.database_url, options.redis_url, options.email_url)
    if options.development and (options.host or any(stores)):
        parser.error("--host, --database-url, --redis-url and --email-url are for production")
    return options


def addresses(options: argparse.Namespace) -> tuple[dict[str, str], dict[str, str]]:
    """What production needs to know about its surroundings: values given, examples of the rest."""
    public_url = options.host and f"https://{options.host}"
    known = {
        "ALLOWED_HOSTS": (options.host, "api.example.com"),
        "PUBLIC_URL": (public_url, "https://api.example.com"),
        "DATABASE_URL": (options.database_url, "postgres://USER:PASSWORD@HOST:5432/NAME"),
        "REDIS_URL": (options.redis_url, "redis://HOST:6379/0"),
        "EMAIL_URL": (options.email_url, "smtps://USER:PASSWORD@HOST:465"),
    }
    given = {name: value for name, (value, _) in known.items() if value}
    return given, {name: example for name, (_, example) in known.items() if name not in given}


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 the file exists or cannot be written, 2 wrong arguments."""
    options = arguments(argv)
    mode = "development" if options.development else "production"
    given, unset = ({}, {}) if options.development else addresses(options)
    values = {"APP_ENV": mode} | fresh_secrets() | given
    text = env_text(values, unset)
    if options.print:
        sys.stdout.write(text)
        return 0
    try:
        write_new(options.output, text)
    except FileExistsError:
        kept = f"{options.output} exists and stays as it is.\n"
        if options.if_missing:
            sys.stdout.write(kept)
            return 0
        sys.stderr.write(f"{kept}Fresh values to copy by hand: add --print.\n")
        return 1
    except OSError as problem:
        sys.stderr.write(f"{options.output} cannot be written: {problem.strerror}.\n")
        return 1
    sys.stdout.write(f"Wrote {options.output} with fresh secrets, readable by you alone.\n")
    if unset:
        sys.stdout.write(f"Still to set in it: {', '.join(unset)}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

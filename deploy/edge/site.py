"""One site of the edge: its values, and the nginx configuration that they make.

Guarantees: a value is refused unless it is plain text that ends no directive, and every value of
the template is filled in. The included files are copied as they are, so that a development machine
and production differ in values alone.
Does not ask for a certificate and does not start nginx.

Standard library only. `python -m deploy.edge.site --help` writes a site for production.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "nginx"
TEMPLATE = "nginx.conf.template"

VALUE = re.compile(r"\$\{([A-Z]+)\}")
#: Nothing that nginx reads as more than a word: no space, quote, brace, semicolon, dollar or hash.
PLAIN = re.compile(r"[A-Za-z0-9_.:/@\[\]+-]+", re.ASCII)


@dataclass(frozen=True)
class Site:
    """What differs between two edges. Each field is a value of the template, in capitals there."""

    name: str
    """The host name that clients use, alone in certificate and handshake."""
    authority: str
    """`name`, with `:port` unless that is 443."""
    certificate: Path
    key: Path
    https: tuple[str, ...] = ("443", "[::]:443")
    """What to listen on, as nginx writes it."""
    http: tuple[str, ...] = ("80", "[::]:80")
    upstream: tuple[str, ...] = ("127.0.0.1:8000",)
    """The nodes of the service."""
    tls: str = "intermediate"
    acme: Path = Path("/var/www/acme")
    """Where the ACME client puts its challenges."""
    run: Path = Path("/run")
    """Process id and temporary files."""
    user: str = "www-data"
    """Whom the workers run as; Debian's name."""
    logs: Path = Path("/var/log/nginx")

    def __post_init__(self) -> None:
        for field in fields(self):
            for word in _words(getattr(self, field.name)):
                if not PLAIN.fullmatch(word):
                    raise ValueError(f"{field.name} is not a plain word: {word!r}")
        if not (SOURCE / "tls" / f"{self.tls}.conf").is_file():
            raise ValueError(f"there is no TLS profile {self.tls!r} in {SOURCE / 'tls'}")

    def write(self, directory: Path) -> Path:
        """Write the configuration into a new directory; returns the path of its nginx.conf.

        Raises FileExistsError where the directory stands already: it may hold edits by hand.
        """
        shutil.copytree(SOURCE, directory, ignore=shutil.ignore_patterns(TEMPLATE))
        main = directory / "nginx.conf"
        main.write_text(filled((SOURCE / TEMPLATE).read_text(), self._values()))
        return main

    def _values(self) -> dict[str, tuple[str, ...]]:
        return {field.name.upper(): _words(getattr(self, field.name)) for field in fields(self)}


def filled(template: str, values: Mapping[str, tuple[str, ...]]) -> str:
    """The template with its values in; a line whose value is several words stands once for each.

    Raises KeyError for a value that nobody gave, ValueError for a line with two.
    """
    lines = []
    for line in template.splitlines():
        # A comment may speak of values.
        names = [] if line.lstrip().startswith("#") else VALUE.findall(line)
        if len(names) > 1:
            raise ValueError(f"one value a line: {line.strip()}")
        lines += [VALUE.sub(word, line) for word in values[names[0]]] if names else [line]
    return "\n".join(lines) + "\n"


def _words(value: str | Path | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 the directory exists or a value is refused, 2 wrong arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.edge.site", description="Write the edge's nginx configuration."
    )
    parser.add_argument("directory", type=Path, help="a new directory: /etc/nginx/gatehouse")
    parser.add_argument("--name", required=True, help="the public host name: api.example.com")
    parser.add_argument("--certificate", type=Path, required=True, help="PEM, with its chain")
    parser.add_argument("--key", type=Path, required=True, help="PEM, readable by root alone")
    parser.add_argument("--upstream", nargs="+", default=["127.0.0.1:8000"], help="service nodes")
    parser.add_argument("--user", default="www-data", help="whom the workers run as")
    parser.add_argument("--tls", default="intermediate", help="intermediate or modern")
    options = parser.parse_args(argv)
    try:
        conf = Site(
            name=options.name,
            authority=options.name,
            certificate=options.certificate.absolute(),
            key=options.key.absolute(),
            upstream=tuple(options.upstream),
            tls=options.tls,
            user=options.user,
        ).write(options.directory.absolute())
    except (ValueError, OSError) as problem:
        sys.stderr.write(f"Nothing written: {problem}\n")
        return 1
    sys.stdout.write(f"Wrote {conf}.\nCheck it:  nginx -t -c {conf}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

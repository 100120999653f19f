"""`python -m deploy.edge` (which is what `make edge` does): the service behind nginx, over TLS.

Makes a development authority and the certificate of localhost, starts `config.run` and nginx with
the configuration that production has, all on loopback, and says how to reach them. Ctrl-C ends
both; where one of them dies, the other is ended too and the exit status is 1.
"""

import argparse
import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from subprocess import Popen

from rich.console import Console

from deploy.edge.certificates import Certificates
from deploy.edge.processes import NotStarted, free_port, running
from deploy.edge.site import Site

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = ROOT / "var" / "edge"
#: Debian puts it where only root's PATH looks.
NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))

console = Console(highlight=False, soft_wrap=True)


def nginx_command(conf: Path) -> list[str | Path]:
    """nginx in the foreground. Raises NotStarted where it is not installed."""
    if NGINX is None:
        raise NotStarted("nginx is not installed. On Debian and Ubuntu: apt-get install nginx")
    return [NGINX, "-e", "stderr", "-g", "daemon off;", "-c", conf]


def service_environment(origin: str, port: int) -> dict[str, str]:
    """What the service must know about the edge before it, over what stands in .env."""
    return os.environ | {
        "PORT": str(port),
        "PUBLIC_URL": origin,
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.0/8",
    }


def development_site(directory: Path, https: int, http: int, upstream: int) -> Site:
    """A site on loopback whose every file is below `directory`, with a certificate that is good."""
    for name in ("run", "logs", "acme"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    certificates = Certificates(directory)
    certificates.renew()
    return Site(
        name="localhost",
        authority=f"localhost:{https}",
        certificate=certificates.certificate,
        key=certificates.key,
        https=(f"127.0.0.1:{https}",),
        http=(f"127.0.0.1:{http}",),
        upstream=(f"127.0.0.1:{upstream}",),
        acme=directory / "acme",
        run=directory / "run",
        logs=directory / "logs",
    )


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 stopped by Ctrl-C or SIGTERM, 1 something did not start or died."""
    parser = argparse.ArgumentParser(prog="python -m deploy.edge", description=__doc__)
    parser.add_argument("--https", type=int, default=8443, metavar="PORT")
    parser.add_argument("--http", type=int, default=8080, metavar="PORT")
    parser.add_argument("--tls", choices=("intermediate", "modern"), default="intermediate")
    options = parser.parse_args(argv)
    # All ways to end us end in the same unwinding.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return _serve(options.https, options.http, options.tls)
    except NotStarted as problem:
        console.print(f"[bold red]The edge did not start.[/bold red]\n{problem}", markup=True)
        return 1
    except KeyboardInterrupt:
        return 0


def _serve(https: int, http: int, tls: str) -> int:
    upstream = free_port()
    site = replace(development_site(VAR, https, http, upstream), tls=tls)
    shutil.rmtree(VAR / "conf", ignore_errors=True)
    command = nginx_command(site.write(VAR / "conf"))
    logs = VAR / "logs"
    with ExitStack() as stack:
        with console.status("Starting the service …"):
            service = stack.enter_context(
                running(
                    [sys.executable, "-m", "config.run"],
                    upstream,
                    logs / "service.log",
                    service_environment(f"https://{site.authority}", upstream),
                )
            )
        with console.status("Starting nginx …"):
            nginx = stack.enter_context(running(command, https, logs / "nginx.log"))
        _show(site, http, upstream)
        return _watch({"service": service, "nginx": nginx})


def _watch(children: Mapping[str, Popen]) -> int:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                log = (VAR / "logs" / f"{name}.log").relative_to(ROOT)
                console.print(f"[red]{name} ended with status {child.returncode}: see {log}[/red]")
                return 1
        time.sleep(0.3)


def _show(site: Site, http: int, upstream: int) -> None:
    origin = f"https://{site.authority}"
    authority = (VAR / "ca.pem").relative_to(ROOT)
    console.print("\n[bold]Gatehouse is running behind its edge.[/bold] Ctrl-C stops it.\n")
    console.print(f"  HTTPS      {origin}")
    console.print(f"  HTTP       http://localhost:{http}   redirects, or refuses and says why")
    console.print(f"  Node       http://127.0.0.1:{upstream}   what the edge protects")
    console.print(f"  Authority  {authority}   for this machine alone, made anew every 60 days")
    console.print(f"  Logs       {(VAR / 'logs').relative_to(ROOT)}/")
    console.print("  Users      var/demo.json\n")
    console.print("Over TLS; in clear; in clear with a credential; all attacks at once:\n")
    for line in (
        f"curl --cacert {authority} {origin}/api/v2/listings",
        f"curl -i http://localhost:{http}/api/v2/listings",
        f"curl -i http://localhost:{http}/api/v2/me -H 'Authorization: Bearer gh_test_x'",
        f"SSL_CERT_FILE={authority} make attack URL={origin}",
    ):
        console.print(f"  {line}", markup=False)
    console.print()
    console.file.flush()


if __name__ == "__main__":
    sys.exit(main())

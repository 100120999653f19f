"""`python -m deploy.edge` (which is what `make edge` does): the service behind nginx, over TLS.

Makes a development authority and the certificate of localhost, prepares the service as `make run`
does, starts server, worker and nginx with the configuration that production has, all on loopback,
and says how to reach them. Ctrl-C ends all; where one dies, the others are ended too and the exit
status is 1.
"""

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from subprocess import Popen

from rich.console import Console

from config import serve
from config.environment import ROOT
from deploy.edge.development import manage, nginx_command, prepare, service_environment, site
from deploy.edge.ports import free_port
from deploy.edge.processes import NotStarted, refuse_taken, running
from deploy.edge.site import Site

VAR = ROOT / "var" / "edge"
LOGS = VAR / "logs"

console = Console(highlight=False, soft_wrap=True)


def main(argv: list[str] | None = None) -> int:
    """Exit status: 0 ended by Ctrl-C or SIGTERM, 1 something did not start or died."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.edge", description="The service behind nginx on this machine."
    )
    parser.add_argument("--https", type=int, default=8443, metavar="PORT")
    parser.add_argument("--http", type=int, default=8080, metavar="PORT")
    parser.add_argument("--tls", choices=("intermediate", "modern"), default="intermediate")
    options = parser.parse_args(argv)
    # All ways to end us end in the same unwinding: a closed terminal must leave no orphans.
    # SIGINT by name, too: a shell that puts a program in the background has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return _serve(options.https, options.http, options.tls)
    except NotStarted as problem:
        console.print("[bold red]The edge did not start.[/bold red]")
        console.print(str(problem), markup=False)
        return 1
    except KeyboardInterrupt:
        return 0


def _serve(https: int, http: int, tls: str) -> int:
    for port in (https, http):
        refuse_taken(port)
    node = free_port()
    edge = replace(site(VAR, https, http, node), tls=tls)
    shutil.rmtree(VAR / "conf", ignore_errors=True)
    command = nginx_command(edge.write(VAR / "conf"))
    environment = service_environment(edge.authority)
    with ExitStack() as stack:
        with console.status("Preparing the database and the demo …"):
            workers = prepare(environment)
        with console.status("Starting the service …"):
            server = stack.enter_context(
                running(serve.command(node, workers), LOGS / "server.log", node, environment)
            )
            worker = stack.enter_context(
                running(manage("worker"), LOGS / "worker.log", None, environment)
            )
        with console.status("Starting nginx …"):
            nginx = stack.enter_context(running(command, LOGS / "nginx.log", https))
        _show(edge, http, node)
        return _watch({"server": server, "worker": worker, "nginx": nginx})


def _watch(children: Mapping[str, Popen]) -> int:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                log = (LOGS / f"{name}.log").relative_to(ROOT)
                console.print(f"The {name} ended with status {child.returncode}: see {log}")
                return 1
        time.sleep(0.3)


def _show(edge: Site, http: int, node: int) -> None:
    origin = f"https://{edge.authority}"
    authority = (VAR / "ca.pem").relative_to(ROOT)
    console.print("\n[bold]Gatehouse is running behind its edge.[/bold] Ctrl-C stops it.\n")
    console.print(f"  HTTPS      {origin}")
    console.print(f"  HTTP       http://localhost:{http}   redirects, or refuses and says why")
    console.print(f"  Node       http://127.0.0.1:{node}   what the edge protects")
    console.print(f"  Authority  {authority}   for this machine alone, made anew every 60 days")
    console.print(f"  Logs       {LOGS.relative_to(ROOT)}/")
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

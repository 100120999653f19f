"""The edge and the service behind it on one machine: files, environment, commands.

Guarantees: everything listens on loopback, and all that is written stays below one directory.
Only `prepare` touches the service's own database.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from config import generate_env
from config.environment import ENV_FILE, ROOT, load
from deploy.edge.certificates import Certificates
from deploy.edge.processes import NotStarted
from deploy.edge.site import Site

#: Debian puts it where only root's PATH looks.
NGINX = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))


def nginx_command(conf: Path) -> list[str | Path]:
    """nginx in the foreground. Raises NotStarted where it is not installed."""
    if NGINX is None:
        raise NotStarted("nginx is not installed. On Debian and Ubuntu: apt-get install nginx")
    return [NGINX, "-e", "stderr", "-g", "daemon off;", "-c", conf]


def manage(*arguments: str) -> list[str]:
    """The command line of a management command."""
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def site(directory: Path, https: int, http: int, upstream: int) -> Site:
    """A site of localhost whose every file is below `directory`, its certificate made or kept."""
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


def service_environment(authority: str) -> dict[str, str]:
    """What the service must know about the edge before it, over what stands in .env."""
    return os.environ | {
        "PUBLIC_URL": f"https://{authority}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "TRUSTED_PROXIES": "127.0.0.0/8",
    }


def prepare(environment: dict[str, str]) -> int:
    """Make `.env`, the database and the demo where they are missing; the number of workers.

    Raises NotStarted outside development: a demo with known passwords has no place elsewhere.
    """
    if not ENV_FILE.exists():
        generate_env.main(["--development"])
    settings = load()
    if not settings.development:
        raise NotStarted("make edge is for development, and APP_ENV says production.")
    (ROOT / "var" / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns without it
    for arguments in (
        ["migrate", "--verbosity", "0"],
        ["oauth_keys", "--verbosity", "0", "ensure"],
        ["seed_demo", "--verbosity", "0"],
    ):
        done = subprocess.run(  # noqa: S603 (ours)
            manage(*arguments),
            cwd=ROOT,
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise NotStarted(f"manage.py {arguments[0]} failed.\n{done.stderr}")
    return settings.workers

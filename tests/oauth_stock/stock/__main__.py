"""Make the stock site's database, print who is in it as one JSON line, and serve it.

Runs in a process of its own: the library's models are replaced by ours in this service's settings,
and one process has one set of settings.
"""

import json
import os
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def seed() -> dict[str, object]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.auth.hashers import PBKDF2PasswordHasher
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore
    from oauth2_provider.models import Application

    ana = User.objects.create_user("ana", password=None)
    session = SessionStore()
    session[SESSION_KEY] = str(ana.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = ana.get_session_auth_hash()
    session.create()
    # The cost of the library's own choice is measured with one client; the others are quick.
    quick = PBKDF2PasswordHasher().encode("quick secret", "salt", iterations=1)
    kinds = {
        "app": ("public", "authorization-code", "RS256", quick),
        "web": ("confidential", "authorization-code", "RS256", quick),
        "service": ("confidential", "client-credentials", "", quick),
        "other": ("confidential", "client-credentials", "", quick),
        "slow": ("confidential", "client-credentials", "", "quick secret"),
        "hybrid": ("public", "openid-hybrid", "RS256", quick),
        "blank": ("public", "authorization-code", "", ""),
    }
    for name, (kind, grant, algorithm, secret) in kinds.items():
        Application.objects.create(
            client_id=name,
            client_secret=secret,
            client_type=kind,
            authorization_grant_type=grant,
            algorithm=algorithm,
            # Nothing keeps the second from being registered; test_switches.py asks for it.
            redirect_uris="https://client.example/back http://client.example/back",
        )
    return {"session": session.session_key, "user": ana.pk}


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.oauth_stock.stock.settings"
    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", run_syncdb=True, verbosity=0)
    Path(sys.argv[1]).write_text(json.dumps(seed()))
    port = int(os.environ["STOCK_PORT"])
    with make_server("127.0.0.1", port, get_wsgi_application(), Server, Quiet) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()

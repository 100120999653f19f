"""`python -m tests.concurrency.killed KEY BODY IDEMPOTENCY_KEY`: bids, and is killed midway.

As by the kernel, when memory is short: after the offer's row was written and before anything was
committed or answered. Nothing in the process gets to tidy up.
"""

import os
import signal
import sys
from unittest import mock

import django


def main(key: str, body: str, idempotency_key: str) -> None:
    django.setup()
    from django.test import Client

    def dies(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": idempotency_key}
    with mock.patch("apps.api_v2.offers.shown", dies):
        Client(SERVER_NAME="localhost").post(
            "/api/v2/offers", body, content_type="application/json", headers=headers
        )


if __name__ == "__main__":
    main(*sys.argv[1:])

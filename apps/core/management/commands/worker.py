"""`manage.py worker`: loops over `tick`, on one node at a time."""

import logging
import os
import signal
import socket
from argparse import ArgumentParser
from datetime import timedelta
from threading import Event

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from apps.core.models import Lease

log = logging.getLogger("gatehouse.worker")


class Command(BaseCommand):
    help = "Do the periodic work for as long as it runs, as the leader among all workers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=30, help="seconds between two rounds")

    def handle(self, *_: object, every: int, **__: object) -> None:
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        holder = f"{socket.gethostname()}:{os.getpid()}"
        while not stop.is_set():
            _round(holder, timedelta(seconds=every * 3))
            stop.wait(every)
        Lease.objects.filter(name="worker", holder=holder).delete()


def _round(holder: str, lasts: timedelta) -> None:
    close_old_connections()
    try:
        if Lease.take("worker", holder, lasts):
            call_command("tick", verbosity=0)
    except DatabaseError:
        # The database may be away for a moment; the next round tries again.
        log.exception("worker_round_failed")

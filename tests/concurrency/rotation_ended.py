"""`python -m tests.concurrency.rotation_ended HOW WHERE BATCH SIZE`: rotates, and is ended midway.

HOW is `killed`, as by the kernel, or `cut off`, as when the database restarts. WHERE is `read`
(a batch is read and sealed, nothing written), `written` (and not committed) or `committed`.
"""

import os
import signal
import sys
from collections.abc import Iterator
from unittest import mock

import django


def main(how: str, where: str, batch: int, size: str) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from apps.encryption.resealing import Resealing

    store, write, met = Resealing._store, Resealing.write, []

    def ends() -> None:
        met.append(1)
        if len(met) != batch:
            return
        if how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        other = connection.copy()
        with other.cursor() as cursor:
            own = connection.connection.info.backend_pid
            cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [own])
        other.close()

    def stored(self: Resealing, anew: list) -> int:
        if where == "read":
            ends()
        count = store(self, anew)
        if where == "written":
            ends()
        return count

    def written(self: Resealing) -> Iterator[int]:
        for count in write(self):
            if where == "committed":
                ends()
            yield count

    with mock.patch.multiple(Resealing, _store=stored, write=written):
        call_command("rotate_keys", "--batch", size)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])

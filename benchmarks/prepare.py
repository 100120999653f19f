"""`python -m benchmarks.prepare STACK`: tables and rows of one stack, in a process of its own.

Runs under the stack's settings (DJANGO_SETTINGS_MODULE) and prints the Target as JSON to a pipe.
"""

import sys
from importlib import import_module

import django

from benchmarks.homes import homes
from benchmarks.target import dumps

ROWS = 2000


def main(stack: str) -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    # The tables of stacks A and B have no history, so they need no migrations.
    call_command("migrate", run_syncdb=True, verbosity=0)
    target = import_module(f"benchmarks.{stack}.seed").seed(list(homes(ROWS)))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    sys.stdout.write(dumps(target))


if __name__ == "__main__":
    main(sys.argv[1])

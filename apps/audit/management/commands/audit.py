"""`manage.py audit …`: look after the audit log."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.db import connection

from apps.audit import triggers


class Command(BaseCommand):
    help = "Look after the audit log."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("triggers", help="put the append-only triggers back where one is gone")

    def handle(self, *_: object, **options: object) -> None:
        if not triggers.missing():
            self.stdout.write("Every audit table is append-only.")
            return
        with connection.schema_editor() as editor:
            triggers.create(editor)
        self.stdout.write(self.style.WARNING("The triggers were gone; they stand again."))

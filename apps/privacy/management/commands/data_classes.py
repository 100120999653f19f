"""`manage.py data_classes`: how every stored field is classified, as a table."""

from django.core.management.base import BaseCommand

from apps.privacy.table import table


class Command(BaseCommand):
    help = "Print the class of every stored field, as docs/data-classification.md holds it."

    def handle(self, *_: object, **__: object) -> None:
        self.stdout.write(table(), ending="")

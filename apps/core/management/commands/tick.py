"""`manage.py tick`: all periodic work, once. Safe to run twice, or from cron."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Do all periodic work once."

    def handle(self, *_: object, **options: object) -> None:
        for path in settings.PERIODIC_TASKS:
            done = import_string(path)()
            if options["verbosity"] > 0:
                self.stdout.write(f"{path.rpartition('.')[2]}: {done}")

"""`manage.py erasures …`: forget a person who asked by letter, and forget again after a restore."""

from argparse import ArgumentParser
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from apps.accounts.models import User
from apps.agencies.roles import Role
from apps.audit.actors import Operator
from apps.core.problems import Problem
from apps.privacy.erasure import erase, is_applied
from apps.privacy.erasure_list import ListDamaged, read
from apps.privacy.replay import enlist, replay, unlisted


class Command(BaseCommand):
    help = "Erase a person, or do listed erasures again after a restore (docs/encryption.md)."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        one = actions.add_parser("erase", help="forget one person; it cannot be undone")
        one.add_argument("user", type=UUID, metavar="USER_ID")
        again = actions.add_parser("replay", help="erase everybody on the list who is still there")
        again.add_argument(
            "lists", nargs="*", type=Path, metavar="FILE", help="other lists than ERASURE_LIST"
        )
        again.add_argument(
            "--dry-run", action="store_true", help="only count; exit 1 where there is work"
        )

        actions.add_parser("relist", help="write the database's erasures to a list that lost them")

    def handle(self, *_: object, action: str, **options: object) -> None:
        try:
            getattr(self, f"_{action}")(**options)
        except ListDamaged as damaged:
            raise CommandError(f"{damaged}. Nothing was erased.") from None
        except OSError as refused:
            raise CommandError(f"{refused.filename}: {refused.strerror}.") from None

    def _erase(self, user: UUID, **_: object) -> None:
        if is_applied(user):
            self.stdout.write("Erased already.")
            return
        try:
            erase(Operator(), user)
        except Problem as refused:
            raise CommandError(refused.detail) from None
        self.stdout.write(self.style.SUCCESS("Erased, and written to the list."))

    def _replay(self, lists: list[Path], dry_run: bool, **_: object) -> None:
        if missing := [path for path in lists if not path.is_file()]:
            raise CommandError(f"There is no {missing[0]}.")
        # All are read before anything is erased: a damaged one stops it whole.
        listed = [one for path in lists or [settings.ERASURE_LIST] for one in read(path)]
        if not dry_run:
            enlist(listed)
        with Progress(
            *(TextColumn("Erasing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()),
            console=Console(stderr=True),
            transient=True,
        ) as bar:
            task = bar.add_task("", total=len({one.user_id for one in listed}))
            found = replay(listed, dry_run=dry_run, advance=lambda n: bar.advance(task, n))
        self.stdout.write(
            f"{'To erase' if dry_run else 'Erased'}: {len(found.erased)};"
            f" erased before: {len(found.already)}; unknown here: {len(found.unknown)}."
        )
        if dry_run and found.erased + found.unknown:
            raise CommandError("Listed erasures are not applied. Run: manage.py erasures replay")
        admins = User.objects.filter(is_active=True, membership__role=Role.PLATFORM_ADMIN)
        if found.erased and not admins.exists():
            warning = "No platform admin is left: run manage.py createsuperuser."
            self.stdout.write(self.style.WARNING(warning))
        if lost := unlisted():
            self.stdout.write(
                self.style.WARNING(
                    f"{len(lost)} erasures of this database are not on its list. Is the list's"
                    " storage there? If they are lost: manage.py erasures relist"
                )
            )

    def _relist(self, **_: object) -> None:
        self.stdout.write(self.style.SUCCESS(f"Written to the list: {enlist(unlisted())}."))
        self.stdout.write("An erasure that this database does not know either is not among them.")

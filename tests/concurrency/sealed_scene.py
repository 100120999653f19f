"""`python -m tests.concurrency.sealed_scene LISTINGS`: rows under the active key, and API keys.

A process of its own, as scene.py.
"""

import json
import sys
from uuid import uuid4

import django

KEYS = 20  # 4,000 requests a second


def main(listings: int) -> None:
    django.setup()
    from django.db import transaction

    from apps.access.credential import Tier
    from apps.accounts.models import SecondFactorSecret
    from apps.agencies.roles import Role
    from tests import world

    agency = world.agency(uuid4().hex)
    manager = world.person(email=f"{uuid4().hex}@example.com", role=Role.MANAGER, of=agency)
    buyers = [world.person(email=f"{uuid4().hex}@example.com") for _ in range(5)]
    with transaction.atomic():
        rows = [world.listing(agency, street_address=f"{n} Elm Street") for n in range(listings)]
    profiles = [world.profile(b, phone=f"+150555501{n:02}") for n, b in enumerate(buyers)]
    for buyer in buyers:
        world.offer(rows[0], buyer)
    SecondFactorSecret.objects.create(user=manager, secret="JBSWY3DPEHPK3PXP")
    scene = {
        # Many, of the tier that a busy partner has: no limit may be taken for a failure.
        "keys": [world.key(manager, tier=Tier.INTERNAL) for _ in range(KEYS)],
        "listings": [str(row.pk) for row in rows],
        "profiles": [str(row.pk) for row in profiles],
    }
    json.dump(scene, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))

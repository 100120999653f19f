"""`python -m tests.fuzz.scene`: makes the rows of these runs, prints their keys and ids.

A process of its own, because the database belongs to the server and not to the tests.
"""

import json
import sys
from uuid import uuid4

import django


def main() -> None:
    django.setup()
    from apps.access.credential import Tier
    from apps.agencies.roles import Role
    from tests import world

    def person(role: Role, **fields: object) -> object:
        return world.person(role, email=f"{uuid4().hex}@example.com", **fields)

    agency = world.agency(uuid4().hex)
    manager, buyer = person(Role.MANAGER, of=agency), person(Role.BUYER)
    for user in (manager, buyer):
        world.profile(user)
    listings = [world.listing(agency, status) for status in ("published", "draft", "withdrawn")]
    # One open offer of a buyer on a listing, and no more.
    offers = [world.offer(world.listing(agency), buyer) for _ in range(3)]
    # The internal tier: what is under test here is the schema, and not the limits.
    keys = {user: world.key_row(user, tier=Tier.INTERNAL) for user in (manager, buyer)}
    spare = world.key_row(manager)[0]
    scene = {
        "keys": {"manager": keys[manager][1], "buyer": keys[buyer][1]},
        "ids": {
            "listing_id": [str(row.pk) for row in listings],
            "offer_id": [str(row.pk) for row in offers],
            "key_id": [str(spare.pk)],
        },
    }
    json.dump(scene, sys.stdout)


if __name__ == "__main__":
    main()

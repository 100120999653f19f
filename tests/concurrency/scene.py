"""`python -m tests.concurrency.scene`: makes the rows of these tests, prints their keys and ids.

A process of its own, because the database belongs to the server and not to the tests.
"""

import json
import sys
from uuid import uuid4

import django

CROWD = 50


def main() -> None:
    django.setup()
    from apps.agencies.roles import Role
    from tests import tokens, world

    def person(**fields: object) -> object:
        # Each scene is a process of its own, so names by a counter would come twice.
        return world.person(email=f"{uuid4().hex}@example.com", **fields)

    agency = world.agency(uuid4().hex)
    manager = person(role=Role.MANAGER, of=agency)
    listing = world.listing(agency)
    offers = [world.offer(listing, person()) for _ in range(CROWD)]
    undecided = person()
    torn = [world.offer(world.listing(agency), undecided) for _ in range(5)]
    app = tokens.public()
    scene = {
        "app": app.client_id,
        "codes": [tokens.code(app, person()) for _ in range(8)],
        "manager": world.key(manager),
        "buyers": [world.key(person()) for _ in range(4)],
        "undecided": world.key(undecided),
        "rotated": [world.key(person()) for _ in range(3)],
        "counted": world.key(person()),
        "sought": str(listing.pk),
        "offers": [str(offer.pk) for offer in offers],
        "edited": str(world.listing(agency).pk),
        "open": [str(world.listing(agency).pk) for _ in range(CROWD)],
        "torn_offers": [str(offer.pk) for offer in torn],
    }
    json.dump(scene, sys.stdout)


if __name__ == "__main__":
    main()

"""`python -m tests.privacy.story`: makes a Life in the database of the environment, as JSON."""

import json
import logging
import sys

import django


def main() -> None:
    django.setup()
    logging.disable()
    from .life import Life

    life = Life()
    sys.stdout.write(json.dumps({"user": str(life.user.pk), "key": life.key}))


if __name__ == "__main__":
    main()

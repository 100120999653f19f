"""The service's own server settings for stacks A and B, less what only Gatehouse asks of a server.

Its `pre_request` takes underscored header names apart: a control, which A and B do without.
"""

from config.gunicorn import *  # noqa: F403 (the same numbers, whatever they are)

del header_map, pre_request  # noqa: F821

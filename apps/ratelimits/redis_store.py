"""The shared store: buckets in one Redis, charged by all workers and nodes in one round trip.

Guarantees that the charges of a request are taken together or not at all, by Redis's own clock,
and that a silent Redis costs at most 0.2 s to connect and 0.2 s to answer. Raises RedisError on
any failure; `fallback` decides what then. Never retries: a charge that was sent may have been
taken. One primary: a Redis Cluster would split the keys. Looking up a host name is not bounded.
"""

import hashlib
import os
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

from redis.connection import Connection, parse_url
from redis.exceptions import NoScriptError, RedisError

from apps.ratelimits.charges import Charge, settle
from apps.ratelimits.decisions import Decision

KEY_PREFIX = "gh:limit:"
TIMEOUT_SECONDS = 0.2

# The rule of `gcra.decide`, reduced to what has to be atomic. It answers with the time and the
# tats that it found, and `settle` makes the decisions from them, so the arithmetic that clients
# see stands once. ARGV: for each key its cost and its capacity, in microseconds. Microseconds
# since 1970 stay exact in a Lua number until 2255, but its own text form would round them. A key
# expires when its bucket is full: from then on, absence means the same. PXAT needs Redis 6.2.
SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local found = redis.call('MGET', unpack(KEYS))
local reply, charged, mended, refused = {now}, {}, {}, false
for i = 1, #KEYS do
  local full = now + ARGV[2 * i]
  local stored = tonumber(found[i] or now)
  local tat = math.min(math.max(stored, now), full)
  reply[i + 1] = tat
  charged[i] = tat + ARGV[2 * i - 1]
  if stored > full then mended[i] = full end
  refused = refused or charged[i] > full
end
for i, tat in pairs(refused and mended or charged) do
  redis.call('SET', KEYS[i], string.format('%.0f', tat), 'PXAT', math.ceil(tat / 1000))
end
return reply
"""
# Redis names scripts by SHA-1; nothing secret hangs on it.
SCRIPT_ID = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()


class RedisStore:
    """Buckets at `url` (redis://, rediss:// or unix://). Safe among threads and after a fork.

    Holds its own connections: redis-py's pool and metrics would double the CPU of a charge.
    """

    def __init__(self, url: str) -> None:
        options = parse_url(url)
        self._connect = options.pop("connection_class", Connection)
        self._options = {
            **options,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "socket_timeout": TIMEOUT_SECONDS,
            "protocol": 2,  # no HELLO, no CLIENT SETINFO: a new connection costs no extra trips
            "driver_info": None,
        }
        self._idle: deque[Connection] = deque()

    def charge(self, charges: Sequence[Charge]) -> list[Decision]:
        """Charge all buckets or, when one refuses, none; one decision per charge, in order."""
        now, *tats = self.run(charges)
        return settle(charges, tats, now)[1]

    def run(self, charges: Sequence[Charge]) -> list[int]:
        """Charge, and return Redis's time and the tats as they were before, in microseconds."""
        arguments: list[str | int] = [KEY_PREFIX + charge.bucket for charge in charges]
        for charge in charges:
            arguments += (charge.cost * charge.policy.interval, charge.policy.capacity)
        connection = self._take_connection()
        try:
            connection.send_command("EVALSHA", SCRIPT_ID, len(charges), *arguments)
            reply = connection.read_response()
        except NoScriptError:  # a Redis that has restarted; EVAL teaches it the script again
            connection.send_command("EVAL", SCRIPT, len(charges), *arguments)
            reply = connection.read_response()
        # Only after a whole answer: a connection that failed midway would hand the next request
        # the answer of this one.
        self._idle.append(connection)
        return reply

    def _take_connection(self) -> Connection:
        with suppress(IndexError, RedisError):  # none idle, or the server has closed it
            connection = self._idle.pop()
            # A socket inherited through a fork is the parent's as well: answers would mix.
            if connection.pid == os.getpid() and not connection.can_read():
                return connection
        return self._connect(**self._options)

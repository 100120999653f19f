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
from typing import Any

from redis.connection import Connection, parse_url
from redis.exceptions import NoScriptError, RedisError

from apps.ratelimits.charges import Charge, buckets_of
from apps.ratelimits.penalties import NOTED_FOR, STRIKES, Record, Rules, in_force
from apps.ratelimits.verdicts import Subject, Verdict, reach

KEY_PREFIX = "gh:limit:"
RECORD_PREFIX = "gh:penalty:"
TIMEOUT_SECONDS = 0.2

# The rules of `gcra.decide` and `penalties.struck`, reduced to what has to be atomic. It answers
# with the time, the record and the tats that it found, and `reach` makes the verdict from them, so
# the arithmetic that clients see stands once. KEYS: the buckets, then the record of the subject, if
# any. ARGV: how many buckets, the strikes that the request earns by itself, the rules (see
# `_rules_of`), then for each bucket its cost and its capacity; all times are microseconds.
# Microseconds since 1970 stay exact in a Lua number until 2255, but its own text form would round
# them. A key expires when what it says is past: from then on, absence means the same. PXAT needs
# Redis 6.2.
SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local found = redis.call('MGET', unpack(KEYS))
local buckets = tonumber(ARGV[1])
local subject, strikes, guilt, ends, noted = KEYS[buckets + 1], 0, 0, 0, 0
if subject and found[buckets + 1] then
  strikes, guilt, ends, noted = string.match(found[buckets + 1], '^(%d+) (%d+) (%d+) (%d+)$')
  strikes, guilt, ends, noted = strikes + 0, guilt + 0, ends + 0, noted + 0
end
local interval, capacity, window, memory = ARGV[3] + 0, ARGV[4] + 0, ARGV[5] + 0, ARGV[6] + 0
local steps, first = ARGV[7] + 0, 7 + ARGV[7]
local reply, charged, mended, refused = {now, strikes, guilt, ends, noted}, {}, {}, false
for i = 1, buckets do
  local full = now + ARGV[first + 2 * i]
  local stored = tonumber(found[i] or now)
  local tat = math.min(math.max(stored, now), full)
  reply[i + 5] = tat
  charged[i] = tat + ARGV[first + 2 * i - 1]
  if stored > full then mended[i] = full end
  refused = refused or charged[i] > full
end
if ends > now and ends <= now + ARGV[first] then return reply end
for i, tat in pairs(refused and mended or charged) do
  redis.call('SET', KEYS[i], string.format('%.0f', tat), 'PXAT', math.ceil(tat / 1000))
end
local earned = ARGV[2] + 0
if refused then earned = math.max(earned, 1) end
if subject and earned > 0 then
  strikes = math.min(math.max(strikes, now), now + capacity) + earned * interval
  if strikes > now + capacity then
    guilt = math.min(math.max(guilt, now), now + (steps - 1) * memory) + memory
    ends = now + ARGV[7 + math.ceil((guilt - now) / memory)]
    strikes = now
  elseif refused and not (noted > now and noted <= now + window) then
    noted = now + window
  end
  local record = string.format('%.0f %.0f %.0f %.0f', strikes, guilt, ends, noted)
  local past = math.ceil(math.max(strikes, guilt, ends, noted) / 1000)
  redis.call('SET', subject, record, 'PXAT', past)
end
return reply
"""
# Redis names scripts by SHA-1; nothing secret hangs on it.
SCRIPT_ID = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()


class RedisStore:
    """Buckets at `url` (redis://, rediss:// or unix://). Safe among threads and after a fork.

    Holds its own connections: redis-py's pool and metrics would double the CPU of a charge.
    """

    def __init__(self, url: str, rules: Rules) -> None:
        options = parse_url(url)
        self._rules = rules
        self._connect = options.pop("connection_class", Connection)
        self._options = {
            **options,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "socket_timeout": TIMEOUT_SECONDS,
            "protocol": 2,  # no HELLO, no CLIENT SETINFO: a new connection costs no extra trips
            "driver_info": None,
        }
        self._idle: deque[Connection] = deque()
        self._rule_arguments = _rules_of(rules)

    def charge(self, charges: Sequence[Charge], subject: Subject | None = None) -> Verdict:
        """Charge all buckets or, when one refuses or a penalty is in force, none."""
        now, strikes, guilt, until, noted, *tats = self.run(charges, subject)
        record = Record(strikes, guilt, until, noted)
        return reach(charges, tats, subject, record, now, self._rules).verdict

    def run(self, charges: Sequence[Charge], subject: Subject | None = None) -> list[int]:
        """Charge, and return Redis's time, the record and the tats as they were before."""
        keys = [KEY_PREFIX + charge.bucket for charge in charges]
        if subject is not None:
            keys.append(RECORD_PREFIX + subject.key)
        arguments = [len(charges), subject.strikes if subject else 0, *self._rule_arguments]
        for charge in charges:
            arguments += (charge.cost * charge.policy.interval, charge.policy.capacity)
        connection = self._take_connection()
        try:
            connection.send_command("EVALSHA", SCRIPT_ID, len(keys), *keys, *arguments)
            reply = connection.read_response()
        except NoScriptError:  # a Redis that has restarted; EVAL teaches it the script again
            connection.send_command("EVAL", SCRIPT, len(keys), *keys, *arguments)
            reply = connection.read_response()
        # Only after a whole answer: a connection that failed midway would hand the next request
        # the answer of this one.
        self._idle.append(connection)
        return reply

    def penalties(self) -> dict[str, tuple[Record, int]]:
        """Every penalty in force: the record of each subject, and the time now."""
        seconds, microseconds = self._ask("TIME")
        now = int(seconds) * 1_000_000 + int(microseconds)
        cursor, found = None, {}
        while cursor != b"0":
            cursor, names = self._ask(
                "SCAN", cursor or 0, "MATCH", f"{RECORD_PREFIX}*", "COUNT", 500
            )
            texts = self._ask("MGET", *names) if names else []
            found |= {n: t for n, t in zip(names, texts, strict=True) if t is not None}
        records = {
            name.decode().removeprefix(RECORD_PREFIX): Record(*map(int, text.split()))
            for name, text in found.items()
        }
        return {k: (r, now) for k, r in records.items() if in_force(r, now, self._rules)}

    def forget(self, key: str) -> bool:
        """Lift the penalty of a subject, forget its strikes and fill its buckets; was there any?"""
        names = [KEY_PREFIX + name for name in buckets_of(key)]
        return bool(self._ask("DEL", RECORD_PREFIX + key, *names))

    def _ask(self, *command: str | int | bytes) -> Any:
        connection = self._take_connection()
        connection.send_command(*command)
        reply = connection.read_response()
        self._idle.append(connection)
        return reply

    def _take_connection(self) -> Connection:
        with suppress(IndexError, RedisError):  # none idle, or the server has closed it
            connection = self._idle.pop()
            # A socket inherited through a fork is the parent's as well: answers would mix.
            if connection.pid == os.getpid() and not connection.can_read():
                return connection
        return self._connect(**self._options)


def _rules_of(rules: Rules) -> list[int]:
    """ARGV 3 on: the bucket of strikes, how long a note holds, the memory, the steps."""
    strikes = (STRIKES.interval, STRIKES.capacity, NOTED_FOR)
    return [*strikes, rules.memory, len(rules.steps), *rules.steps]

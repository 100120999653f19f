"""Keys that others have seen (API2): used on, asked about, ended by strangers, never noticed."""

import json
import re
import tomllib
from collections.abc import Iterator

from apps.apikeys.key_format import ALPHABET, checksum, generate
from apps.workshop.attempts import Attempt, HonestUseBroken, judged, refused, works
from apps.workshop.inside import model, undone
from apps.workshop.run import Run
from apps.workshop.target import Answer
from config.environment import ROOT

from .credentials import unauthorized
from .fresh import KEYS, key_of

_REPORT = f"{KEYS}/report-leak"
#: Headers that are never twice the same.
_CHANGING = ("x-request-id", "ratelimit", "x-ratelimit-remaining", "x-ratelimit-reset", "date")


def reported_key(run: Run) -> Iterator[Attempt]:
    """Go on with a key after someone who found it has reported it."""
    key = key_of(run.caller("manager"), "read")["key"]
    works(run.with_key(key).get("me"))
    works(run.anonymous.post(_REPORT, {"key": key}), 202)
    bearer = run.with_key(key)
    yield unauthorized("as a bearer", bearer.get("me"), "revoked")
    yield unauthorized("in X-API-Key", run.anonymous.get("me", X_API_Key=key), "revoked")
    yield unauthorized("where none is needed", bearer.get("listings?limit=1"), "revoked")


def unreported_key(run: Run) -> None:
    """A report ends one key; the owner's others go on."""
    owner = run.caller("manager")
    first, second = key_of(owner, "read"), key_of(owner, "read")
    works(run.anonymous.post(_REPORT, {"key": first["key"]}), 202)
    works(run.with_key(second["key"]).get("me"))
    works(owner.delete(f"{KEYS}/{second['id']}"), 204)


def asked_about(run: Run) -> Iterator[Attempt]:
    """Ask by reports which keys exist."""
    owner = run.caller("manager")
    key, ended = key_of(owner, "read"), key_of(owner, "read")
    works(owner.delete(f"{KEYS}/{ended['id']}"), 204)
    known = _fingerprint(run.anonymous.post(_REPORT, {"key": key["key"]}))
    for what, text in (
        ("a key that has ended", ended["key"]),
        ("a key that nobody has", generate("test").text),
        ("a known id with a guessed secret", _guessed(key["key"])),
        ("half a key", key["key"][:30]),
        ("any text", "nothing of yours"),
    ):
        answer = run.anonymous.post(_REPORT, {"key": text})
        alike = _fingerprint(answer) == known
        yield judged(
            f"{what}, against a real one",
            stopped=alike and answer.status == 202,
            succeeded=not alike,
            evidence=answer.summary,
        )


def ended_by_strangers(run: Run) -> Iterator[Attempt]:
    """Take somebody's service down: report their key, of which only the prefix is known."""
    owner = run.caller("manager")
    key = key_of(owner, "read")
    for what, text in (
        ("with a guessed secret", _guessed(key["key"])),
        ("with its prefix", key["prefix"]),
        ("without its checksum", key["key"][:-6]),
        ("with another checksum", key["key"][:-1] + ("0" if key["key"][-1] != "0" else "1")),
    ):
        run.anonymous.post(_REPORT, {"key": text})
        used = run.with_key(key["key"]).get("me")
        yield judged(
            what,
            stopped=used.status == 200,
            succeeded=used.status == 401,
            evidence=used.summary,
        )
    owner.delete(f"{KEYS}/{key['id']}")


def many_reports(run: Run) -> Iterator[Attempt]:
    """Report without end, to burn work or to guess."""
    keys = [None, run.key("buyer", "read")]
    for number in range(10):
        caller = run.with_key(keys[1]) if number % 2 else run.anonymous
        caller.send("POST", _REPORT, {"key": f"guess {number}"}, patient=False)
    for what, caller in (("anonymous", run.anonymous), ("with a key", run.with_key(keys[1]))):
        answer = caller.send("POST", _REPORT, {"key": "one more"}, patient=False)
        yield refused(f"the eleventh in a minute, {what}", answer, 429, "rate_limited")


def one_report(run: Run) -> None:
    """From another address a report is taken, and other routes are not limited by it."""
    other = run.sending({}, f"{run.source.rpartition('.')[0]}.9")
    works(other.post(_REPORT, {"key": "nothing"}), 202)
    works(run.anonymous.get("listings?limit=1"))


def untold_exposure(run: Run) -> Iterator[Attempt]:
    """Expose a key in a URL so that its owner never hears of it."""
    run.needs_code()
    for what, path in (
        ("in the query", "offers?api_key={}"),
        ("in another parameter", "listings?city={}"),
        ("in the path", "listings/{}"),
        ("on a path that does not exist", "nowhere?token={}"),
    ):
        with undone():
            key = key_of(run.caller("manager"), "read")
            answer = run.anonymous.get(path.format(key["key"]))
            told = model("apikeys.Notice").objects.filter(key=key["id"], kind="exposed").exists()
            entries = model("audit.AuditEntry").objects.filter(verb="credential.exposed")
            named = entries.filter(object_id=key["id"]).exists()
            yield judged(
                what,
                stopped=answer.code == "credential_exposed" and told and named,
                succeeded=not told or not named,
                evidence=f"{answer.summary}, {'told' if told else 'not told'}",
            )


def told_owner(run: Run) -> None:
    """The worker sends the mail, once."""
    run.needs_code()
    from django.core import mail
    from django.test.utils import override_settings

    from apps.apikeys.notices import send

    mail.outbox = []
    with undone(), override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        key = key_of(run.caller("manager"), "read")
        works(run.anonymous.post(_REPORT, {"key": key["key"]}), 202)
        sent = [send(), send()]
        if sent[0] < 1 or sent[1] or not any(key["prefix"] in m.body for m in mail.outbox):
            raise HonestUseBroken(f"the mails that went out: {sent}")


def committed_key(run: Run) -> Iterator[Attempt]:
    """Commit a key where a scanner with our pattern should find it."""
    run.needs_code()
    rule = tomllib.loads((ROOT / "docs/leaks/gitleaks.toml").read_text())["rules"][0]
    shape = json.loads((ROOT / "docs/leaks/github.json").read_text())["secret_format"]
    for scanner, expression in (("gitleaks", rule["regex"]), ("GitHub", shape)):
        for mode in ("live", "test"):
            key = generate(mode).text
            for what in ('KEY="{}"', "?api_key={}&x=1", "{}", "first\n{}\n"):
                found = re.search(expression, what.format(key)) is not None
                yield judged(
                    f"{scanner}, a {mode} key as {what!r}",
                    stopped=found,
                    succeeded=not found,
                    evidence="found" if found else "not found",
                )


def no_committed_key(run: Run) -> None:
    """What is no key is no finding."""
    run.needs_code()
    rule = tomllib.loads((ROOT / "docs/leaks/gitleaks.toml").read_text())["rules"][0]
    for text in ("gh_live_4fTq81XcVm0Z_…", generate("live").text[:-1], "ghp_" + "a" * 36):
        if re.search(rule["regex"], f"before {text} after"):
            raise HonestUseBroken("the rule finds what is no key")


def _fingerprint(answer: Answer) -> tuple:
    kept = {name: value for name, value in answer.headers.items() if name not in _CHANGING}
    return answer.status, answer.body, tuple(sorted(kept.items()))


def _guessed(key: str) -> str:
    other = ALPHABET[(ALPHABET.index(key[30]) + 1) % 62]
    body = key[:30] + other + key[31:-6]
    return body + checksum(body)

#!/usr/bin/env python3
"""Check an audit log of Gatehouse without Gatehouse.

    verify_audit.py --key KEY --checkpoint FILE log.jsonl     a whole export
    verify_audit.py --key KEY --proof proof.json              one entry (`audit prove`, or the API)

KEY is what `manage.py audit keys` printed for you once: name+hash+base64. Keep it, and every
checkpoint that you are given: both are what you trust; the export and the proof are not. FILE is
one checkpoint, or a file of them such as var/audit-checkpoints.txt: all are checked, so a log that
was rewritten between two of them is found as well.

Exit status: 0 the log is what was signed, 1 it is not, 2 a file cannot be used.

Needs Python 3.10 or newer and the package `cryptography`; shares no code with the service.
Formats: RFC 9162 section 2.1 (tree), C2SP tlog-checkpoint and signed-note (checkpoints).
"""

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """The log is not what was signed; the message says where."""


class Unusable(Exception):
    """A file or argument that nothing can be checked with."""


def sha256(data):
    return hashlib.sha256(data).digest()


def read_key(text):
    """`name+hash+base64` → its name, its four bytes, the public key."""
    name, _, rest = text.strip().partition("+")
    digest, _, encoded = rest.partition("+")
    try:
        material = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        material = b""
    if len(material) != 33 or material[0] != 1:
        raise Unusable("--key is no Ed25519 verifier key (name+hash+base64)")
    tag = sha256(name.encode() + b"\n" + material)[:4]
    if tag.hex() != digest:
        raise Unusable("--key has a hash that is not its own: was it copied whole?")
    return name, tag, Ed25519PublicKey.from_public_bytes(material[1:])


def read_checkpoint(note, key):
    """A signed note → (size, root). Raises Refused unless this key has signed it."""
    name, tag, public = key
    body, _, signatures = note.partition("\n\n")
    body += "\n"
    match = re.fullmatch(r"(\S+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n", body)
    if match is None or match[1] != name:
        raise Refused("a checkpoint is not one of this log")
    root = base64.b64decode(match[3])
    if base64.b64encode(root).decode() != match[3]:
        raise Refused("a checkpoint's root is not written as it should be")
    for line in signatures.splitlines():
        who = re.fullmatch(r"— (\S+) ([A-Za-z0-9+/=]+)", line)
        if who is None or who[1] != name:
            continue
        try:
            raw = base64.b64decode(who[2], validate=True)
        except binascii.Error:
            continue
        if raw[:4] != tag:
            continue
        try:
            public.verify(raw[4:], body.encode())
        except InvalidSignature:
            raise Refused(f"the checkpoint of {match[2]} has a wrong signature") from None
        return int(match[2]), root
    raise Refused(f"the checkpoint of {match[2]} is not signed by this key")


def read_checkpoints(text, key):
    """One note, or several with an empty line after each → roots by size."""
    parts = [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    if not parts or len(parts) % 2:
        raise Unusable("--checkpoint holds no whole checkpoint")
    roots = {}
    for body, signatures in zip(parts[::2], parts[1::2], strict=True):
        size, root = read_checkpoint(f"{body}\n\n{signatures}\n", key)
        if roots.setdefault(size, root) != root:
            raise Refused(f"two checkpoints of {size} entries contradict each other: a fork")
    return roots


def leaf_of(line, position):
    """A line of an export → the hash of its leaf, and the position before which it says that
    entries were removed."""
    try:
        value = json.loads(line)
    except ValueError:
        raise Refused(f"position {position}: the line is no JSON") from None
    if not isinstance(value, dict):
        raise Refused(f"position {position}: the line is no entry")
    if set(value) == {"removed_leaf"}:
        if not re.fullmatch("[0-9a-f]{64}", str(value["removed_leaf"])):
            raise Refused(f"position {position}: the line has no hash")
        return bytes.fromhex(value["removed_leaf"]), None
    changes = value.get("changes")
    said = changes.get("before_position") if isinstance(changes, dict) else None
    is_word = value.get("verb") == "audit.retained" and isinstance(said, int)
    return sha256(b"\x00" + line), said if is_word else 0


def root_of(peaks):
    root = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        root = sha256(b"\x01" + left + root)
    return root


def check_export(lines, roots):
    """Grow the tree line by line and compare it with every signed root. Raises Refused."""
    peaks, size, removed, allowed, agreed = [], 0, [], 0, 0
    for line in lines:
        leaf, said = leaf_of(line.rstrip(b"\n"), size)
        if said is None:
            removed.append(size)
        else:
            allowed = max(allowed, said)
        count, node = 1, leaf
        while peaks and peaks[-1][0] == count:
            node = sha256(b"\x01" + peaks.pop()[1] + node)
            count *= 2
        peaks.append((count, node))
        size += 1
        if size in roots:
            if root_of(peaks) != roots[size]:
                raise Refused(
                    f"positions {agreed} to {size - 1}: these are not the entries that the "
                    f"checkpoint of {size} signs"
                )
            agreed = size
        if size % 10000 == 0:
            sys.stderr.write(f"\r{size} entries …")
    signed = max(roots)
    if size < signed:
        raise Refused(f"position {size}: the export ends here, {signed} entries were signed")
    if removed and removed[-1] >= allowed:
        raise Refused(f"position {removed[-1]}: an entry is missing and no retention removed it")
    return size, signed, len(removed)


def check_proof(proof, key):
    """One entry's way to the root (RFC 9162, 2.1.3.2). Raises Refused."""
    size, root = read_checkpoint(proof["checkpoint"], key)
    index, last = proof["position"], size - 1
    node = bytes.fromhex(proof["leaf_hash"])
    if "entry" in proof and sha256(b"\x00" + proof["entry"].encode()) != node:
        raise Refused("the entry is not the one that the proof is about")
    if not 0 <= index <= last:
        raise Refused(f"position {index} is not among the {size} that were signed")
    for beside in map(bytes.fromhex, proof["path"]):
        if last == 0:
            raise Refused("the proof is too long")
        if index & 1 or index == last:
            node = sha256(b"\x01" + beside + node)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\x01" + node + beside)
        index, last = index >> 1, last >> 1
    if last or node != root:
        raise Refused(f"position {proof['position']}: the proof does not lead to the signed root")
    return proof["position"], size


def run(options):
    key = read_key(options.key)
    if options.proof:
        try:
            proof = json.loads(Path(options.proof).read_text(encoding="utf-8"))
            position, size = check_proof(proof, key)
        except (KeyError, TypeError, ValueError):
            raise Unusable("--proof is no proof as `audit prove` prints it") from None
        return f"position {position} is among the {size} signed entries"
    if not (options.checkpoint and options.export):
        raise Unusable("give --checkpoint and an export, or --proof")
    roots = read_checkpoints(Path(options.checkpoint).read_text(encoding="utf-8"), key)
    with Path(options.export).open("rb") as lines:
        size, signed, removed = check_export(lines, roots)
    after = f"; {size - signed} more after it are not proved" if size > signed else ""
    gone = f", {removed} of them removed by retention" if removed else ""
    return f"{signed} entries are what was signed{gone}, {len(roots)} checkpoints{after}"


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--key", required=True, help="name+hash+base64, from `audit keys`")
    parser.add_argument("--checkpoint", metavar="FILE", help="a checkpoint, or a file of them")
    parser.add_argument("--proof", metavar="FILE", help="the proof of one entry")
    parser.add_argument("export", nargs="?", help="from `audit export --format jsonl`")
    try:
        sys.stdout.write(f"OK: {run(parser.parse_args(arguments))}\n")
        return 0
    except Refused as refused:
        sys.stderr.write(f"NOT the log that was signed: {refused}\n")
        return 1
    except (Unusable, OSError, UnicodeDecodeError) as unusable:
        sys.stderr.write(f"Cannot check: {unusable}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())

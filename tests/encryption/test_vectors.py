"""The published vectors are what the code makes, and a second implementation agrees with them."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from apps.encryption import errors
from apps.encryption.normal_forms import Normaliser
from tests.encryption.vectors import PATH, as_text, vectors

CHECKER = Path("docs/verify_vectors.mjs")
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(not NODE, reason="the second implementation needs node")


def checked(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [NODE, CHECKER, path], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_published_vectors_are_what_the_code_makes():
    assert PATH.read_text() == as_text(), "python -m tests.encryption.vectors"


def test_they_hold_every_kind_of_value_of_refusal_and_of_number():
    held = vectors()
    assert {one["type"] for one in held["values"]} == {"text", "bytes", "date", "decimal", "json"}
    refusals = {error.__name__ for error in errors.DecryptionRefused.__subclasses__()}
    assert {one["refusal"] for one in held["refused_envelopes"]} == refusals - {"UnreadableContent"}
    assert {one["kind"] for one in held["blind_indexes"]} == set(Normaliser)


@needs_node
def test_another_implementation_makes_and_opens_and_refuses_the_same():
    ran = checked(PATH.resolve())
    held = json.loads(PATH.read_text())
    lists = [part for part in held.values() if isinstance(part, list)]
    count = sum(map(len, lists)) + len(held["envelopes"])  # each is made as well as opened
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"{count} of {count} vectors hold.\n"


@needs_node
@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("derived_keys", "key", "00" * 32),
        ("envelopes", "plaintext", "00"),
        ("refused_envelopes", "refusal", "NotAuthentic"),
        ("row_ids", "bytes", "00"),
        ("values", "plaintext", "00"),
        ("normal_forms", "form", "+1"),
        ("blind_indexes", "index", "00"),
    ],
)
def test_the_other_implementation_notices_a_vector_that_is_not_true(tmp_path, part, name, value):
    held = vectors()
    held[part][0][name] = value
    path = tmp_path / "vectors.json"
    path.write_text(json.dumps(held))
    ran = checked(path)
    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) >= 1

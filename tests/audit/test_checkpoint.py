"""Checkpoints in the text form of C2SP: exact bytes, one spelling, the right signature alone."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.checkpoint import Checkpoint, CheckpointRefused, Signer, Verifier, opened

SIGNER = Signer("log.example/audit", bytes(range(32)))
OTHER = Signer("log.example/audit", bytes(range(1, 33)))
CHECKPOINT = Checkpoint("log.example/audit", 1234, hashlib.sha256(b"x").digest())
NOTE = SIGNER.sign(CHECKPOINT)
BODY, SIGNATURE = NOTE.split("\n\n")


def refused(note: str, *verifiers: Verifier) -> str:
    with pytest.raises(CheckpointRefused) as why:
        opened(note, verifiers or [SIGNER.verifier])
    return str(why.value)


def test_a_note_is_written_as_the_standard_says() -> None:
    origin, size, root, empty, line = NOTE.removesuffix("\n").split("\n")
    dash, name, signature = line.split(" ")

    assert (origin, size, empty) == ("log.example/audit", "1234", "")
    assert base64.b64decode(root) == CHECKPOINT.root
    assert (dash, name) == ("—", "log.example/audit")
    assert len(base64.b64decode(signature)) == 4 + 64


def test_the_published_verifier_key_opens_the_published_note() -> None:
    """The example of golang.org/x/mod/sumdb/note, made and checked by other code than ours."""
    key = Verifier.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    body = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = base64.b64decode(
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZIn"
        "NIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )

    assert signature[:4] == key.hash
    assert key.signed(body, signature[4:])
    assert not key.signed(body + " ", signature[4:])


def test_a_note_opens_with_the_key_that_signed_it() -> None:
    assert opened(NOTE, [OTHER.verifier, SIGNER.verifier]) == CHECKPOINT
    assert opened(NOTE, [Verifier.parse(str(SIGNER.verifier))]) == CHECKPOINT


def test_the_signature_of_a_witness_may_stand_beside_ours() -> None:
    witness = Signer("witness.example", bytes(range(2, 34))).sign(CHECKPOINT).split("\n\n")[1]

    assert opened(f"{BODY}\n\n{witness}{SIGNATURE}", [SIGNER.verifier]) == CHECKPOINT


def test_a_key_signs_for_its_own_log_alone() -> None:
    foreign = SIGNER.sign(Checkpoint("other.example/audit", 1, CHECKPOINT.root))

    assert "no key" in refused(foreign)


def test_another_key_opens_nothing() -> None:
    assert "no key" in refused(NOTE, OTHER.verifier)
    assert "no key" in refused(NOTE, Verifier("other", SIGNER.verifier.public))


@pytest.mark.parametrize(
    "note",
    [
        "",
        BODY + "\n",
        BODY + "\n\n",
        NOTE.replace("1234", "01234"),
        NOTE.replace("1234", "+1234"),
        NOTE.replace("1234", "-1"),
        NOTE.replace("1234", "1" * 20),
        NOTE.replace("\n1234", "\n1234\n"),
        NOTE.replace("—", "-"),
        NOTE.replace("\n\n", "\r\n\r\n"),
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n\n", "\nextension\n\n"),
        "x" * (1 << 15),
    ],
)
def test_another_spelling_is_refused(note: str) -> None:
    refused(note)


def test_base64_has_one_spelling() -> None:
    """The last character of a root carries two bits that the decoder would drop."""
    root = BODY.split("\n")[2]
    spelled = root[:-2] + chr(ord(root[-2]) + 1) + "="
    assert base64.b64decode(spelled) == CHECKPOINT.root
    refused(NOTE.replace(root, spelled))


def test_a_verifier_key_with_a_digit_changed_is_refused() -> None:
    key = str(SIGNER.verifier)
    for changed in (f"{key[:-1]}_", key[1:], key.replace("+", "-", 1), key.upper()):
        with pytest.raises(CheckpointRefused):
            Verifier.parse(changed)


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_a_note_with_any_character_changed_is_refused(spot: int, character: str) -> None:
    changed = NOTE[:spot] + character + NOTE[spot + 1 :]
    if changed != NOTE:
        refused(changed)


@given(st.text())
def test_no_text_is_more_than_refused(text: str) -> None:
    refused(text)
    with pytest.raises(CheckpointRefused):
        Verifier.parse(text)


def test_a_signer_does_not_show_its_key() -> None:
    seed = bytes(range(32))
    shown = repr(SIGNER) + str(vars(SIGNER))

    assert seed.hex() not in shown and base64.b64encode(seed).decode() not in shown

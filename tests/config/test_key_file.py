"""A file of field keys holds the whole ring; one that was cut short is never taken for it."""

import pytest

from config.environment import load
from config.generate_env import fresh_key
from config.key_file import KeyFile

A, B = fresh_key(), fresh_key()
WHOLE = f"1:{A}\n2:{B}\nactive:2\n"


@pytest.fixture
def key_file(tmp_path):
    """Write the file and return what to set for it."""

    def write(text=WHOLE, **more):
        (tmp_path / "keys").write_text(text)
        file = {"FIELD_KEYS_FILE": str(tmp_path / "keys")}
        return file | {"FIELD_KEYS": None, "FIELD_KEY_ACTIVE": None} | more

    return write


def test_a_file_holds_the_keys_and_which_of_them_seals(loads, key_file, tmp_path):
    environment = loads(**key_file())
    assert sorted(environment.field_keys) == [1, 2]
    assert environment.field_key_active == 2
    assert environment.field_keys_file == tmp_path / "keys"


@pytest.mark.parametrize("cut", [*range(1, len(WHOLE) - 2, 7), len(WHOLE) - 2])
def test_a_file_that_was_cut_short_anywhere_is_refused(loads, refused, key_file, cut):
    line = refused(loads, "FIELD_KEYS", **key_file(WHOLE[:cut]))
    assert "does not end with a line active:id" in line
    assert A not in line


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1:{A}\nactive:3\n", "for an id that it does not hold"),
        ("active:1\n1:{A}\n", "does not end with a line active:id"),
        ("active:1\n", "has no entry"),
        ("1:{A}\n2:{A}\nactive:1\n", "two ids the same key"),
        ("1:{A}\n2:c2hvcnQ\nactive:1\n", "entry 2 decodes to 5 bytes"),
        ("1:{A}\nactive:2\nactive:1\n", "entry 2 is not id:key"),
    ],
)
def test_a_file_that_is_no_ring_is_refused(loads, refused, key_file, text, reason):
    line = refused(loads, "FIELD_KEYS", **key_file(text.format(A=A)))
    assert reason in line
    assert A not in line


def test_the_choice_stands_in_one_place(loads, refused, key_file):
    line = refused(loads, "FIELD_KEY_ACTIVE", **key_file(FIELD_KEY_ACTIVE="1"))
    assert "set together with FIELD_KEYS_FILE" in line
    assert line.endswith("Mend: unset FIELD_KEY_ACTIVE")


def test_the_keys_stand_in_one_place(loads, refused, key_file):
    line = refused(loads, "FIELD_KEYS", **key_file(FIELD_KEYS=f"1:{A}"))
    assert "set together with FIELD_KEYS_FILE" in line


def test_a_variable_does_not_name_its_active_key_itself(loads, refused):
    line = refused(loads, "FIELD_KEYS", FIELD_KEYS=f"1:{A},active:1")
    assert "entry 2 is not id:key" in line


def test_a_changed_file_is_read_as_the_start_reads_it(loads, key_file, tmp_path, monkeypatch):
    loads(**key_file())
    monkeypatch.setattr("config.key_file.load", lambda: load(env_file=None))
    file = KeyFile(tmp_path / "keys")
    before = file.stamp()
    keys, active = file.read()
    assert (sorted(keys), active) == ([1, 2], 2)

    key_file(f"1:{A}\nactive:1\n")
    assert file.stamp() != before
    assert file.read()[1] == 1
    key_file(f"1:{A}\n2:{B}\n")
    with pytest.raises(ValueError, match="FIELD_KEYS does not end with") as refusal:
        file.read()
    assert A not in str(refusal.value)


def test_a_key_of_another_purpose_is_refused_while_running_as_well(
    loads, production, key_file, tmp_path, monkeypatch
):
    loads(**key_file())
    monkeypatch.setattr("config.key_file.load", lambda: load(env_file=None))
    key_file(f"1:{A}\n2:{production['AUDIT_KEY']}\nactive:1\n")
    with pytest.raises(ValueError, match="repeats AUDIT_KEY"):
        KeyFile(tmp_path / "keys").read()


def test_a_file_that_is_gone_has_no_stamp(tmp_path):
    assert KeyFile(tmp_path / "nowhere").stamp() is None

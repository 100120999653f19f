"""Keys are added, activated and removed by a command; nobody copies one."""

import os
import stat

import pytest

from config import field_keys
from config.generate_env import env_text, fresh_key, fresh_secrets
from config.rings import parse_ring, parse_ring_file

SIZE = range(32, 33)


@pytest.fixture
def env_file(tmp_path, monkeypatch):
    """A `.env` as generate_env writes it, and no such variable in the process."""
    for name in ("FIELD_KEYS", "FIELD_KEY_ACTIVE", "FIELD_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / ".env"
    path.write_text(env_text({"APP_ENV": "development", **fresh_secrets()}, {}))
    path.chmod(0o600)
    return path


@pytest.fixture
def key_file(tmp_path, env_file):
    """A file of keys that the `.env` names."""
    path = tmp_path / "keys"
    path.write_text(f"1:{fresh_key()}\nactive:1\n")
    path.chmod(0o640)
    lines = [line for line in env_file.read_text().splitlines() if "FIELD_KEY" not in line]
    env_file.write_text("\n".join([*lines, f"FIELD_KEYS_FILE={path}", ""]))
    return path


@pytest.fixture
def run(env_file, capsys):
    """Exit status and what was said."""

    def command(*arguments):
        status = field_keys.main(["--env-file", str(env_file), *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return command


def in_env(path):
    values = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line)
    return parse_ring(values["FIELD_KEYS"], SIZE), int(values["FIELD_KEY_ACTIVE"])


def test_a_key_is_added_for_reading_and_then_activated(run, env_file):
    before, rest = in_env(env_file)[0], env_file.read_text().replace("\n", "")
    status, said = run("add")

    ring, active = in_env(env_file)
    assert (status, sorted(ring), active) == (0, [1, 2], 1)
    assert ring[1] == before[1]
    assert "Key 2 can be read with" in said
    assert rest.split("FIELD_KEYS=")[0] in env_file.read_text().replace("\n", "")
    assert run("activate", "2")[0] == 0
    assert in_env(env_file) == (ring, 2)
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600


def test_a_file_of_keys_is_edited_in_the_same_way(run, key_file):
    assert run("add")[0] == run("activate", "2")[0] == 0
    ring = parse_ring_file(key_file.read_text(), SIZE)
    assert (sorted(ring), ring.active) == ([1, 2], 2)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o640


def test_a_file_is_replaced_whole(run, key_file):
    with key_file.open() as reader:
        old = key_file.read_text()
        run("add")
        assert reader.read() == old
    assert key_file.read_text() != old
    assert sorted(path.name for path in key_file.parent.iterdir()) == [".env", "keys"]


def test_no_key_is_shown(run, key_file):
    said = run("add")[1] + run("activate", "2")[1] + run("activate", "9")[1]
    for line in key_file.read_text().splitlines():
        assert line.partition(":")[2] not in said or line.startswith("active")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["activate", "9"], "key 9 is not in the ring"),
        (["add", "1"], "key 1 is in the ring already"),
        (["add", "65536"], "at most 65535"),
        (["remove", "1"], "key 1 is the active one"),
        (["remove", "7"], "key 7 is not in the ring"),
    ],
)
def test_what_cannot_be_done_changes_nothing(run, key_file, arguments, reason):
    before = key_file.read_text()
    status, said = run(*arguments)
    assert status == 1
    assert reason in said
    assert key_file.read_text() == before


def test_a_key_that_values_rest_on_is_not_removed(run, key_file, monkeypatch):
    run("add")
    run("activate", "2")
    before = key_file.read_text()
    monkeypatch.setattr(field_keys, "_resting_on", {1: {"buyers.phone": 3}}.get)
    status, said = run("remove", "1")
    assert status == 1
    assert "values rest on key 1: 3 in buyers.phone" in said
    assert key_file.read_text() == before

    monkeypatch.setattr(field_keys, "_resting_on", {1: {}}.get)
    assert run("remove", "1")[0] == 0
    assert sorted(parse_ring_file(key_file.read_text(), SIZE)) == [2]


def test_a_ring_in_the_process_s_environment_is_changed_there(run, env_file, monkeypatch):
    monkeypatch.setenv("FIELD_KEYS", f"1:{fresh_key()}")
    before = env_file.read_text()
    status, said = run("add")
    assert (status, "change it there" in said) == (1, True)
    assert env_file.read_text() == before


@pytest.mark.parametrize("text", ["", "FIELD_KEYS=1:x\n", "FIELD_KEYS=1:x\nFIELD_KEYS=1:y\n"])
def test_an_env_file_without_exactly_one_ring_is_left_alone(run, env_file, text):
    env_file.write_text(text)
    assert run("add")[0] == 1
    assert env_file.read_text() == text


def test_a_file_that_cannot_be_written_stays(run, key_file):
    key_file.with_name(".keys.new").write_text("somebody else is at it")
    before = key_file.read_text()
    status, said = run("add")
    assert (status, "File exists" in said) == (1, True)
    assert key_file.read_text() == before
    assert os.path.exists(key_file.with_name(".keys.new"))


def test_a_fresh_key_for_a_vault_is_printed_and_kept_nowhere(run, key_file):
    before = key_file.read_text()
    first, second = run("fresh")[1].strip(), run("fresh")[1].strip()
    assert first != second
    assert len(parse_ring(f"1:{first},2:{second}", SIZE)) == 2
    assert key_file.read_text() == before

import os
import stat
import subprocess
import sys

import pytest
from dotenv import dotenv_values

from config import generate_env
from config.environment import ROOT, EnvironmentRefused, load
from config.generate_env import fresh_secrets, main

DATABASE_URL = "postgres://gate:p%24a%27ss;w&o~rd(*)!@db.gatehouse.test:5432/gatehouse?a=1&b=2"
PRODUCTION = [
    *("--host", "api.gatehouse.test"),
    *("--database-url", DATABASE_URL),
    *("--redis-url", "rediss://:w|o{r}d@redis.gatehouse.test:6379/0"),
    *("--email-url", "smtps://gate:w|o{r}d@mail.gatehouse.test:465"),
]


@pytest.fixture
def target(tmp_path):
    return tmp_path / ".env"


@pytest.fixture
def boots(loads, production, monkeypatch):
    """Load a file alone, without any real variable."""

    def load_file(file):
        loads()
        for name in production:
            monkeypatch.delenv(name)
        return load(file)

    return load_file


def written(target, *options):
    assert main(["--output", str(target), *options]) == 0
    return dotenv_values(target)


def test_development_boots_on_the_file_as_it_is(target, boots):
    values = written(target, "--development")
    assert values.keys() == {"APP_ENV", *fresh_secrets()}
    assert boots(target).development is True


def test_production_boots_on_the_file_when_every_address_is_given(target, boots):
    written(target, *PRODUCTION)
    environment = boots(target)
    assert environment.development is False
    assert environment.allowed_hosts == ("api.gatehouse.test",)
    assert environment.public_url == "https://api.gatehouse.test"
    assert environment.database_url.get_secret_value() == DATABASE_URL


def test_production_without_addresses_is_refused_and_names_them(target, boots, capsys):
    values = written(target)
    missing = ["ALLOWED_HOSTS", "PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"]
    assert values.keys() == {"APP_ENV", *fresh_secrets()}
    assert all(f"\n# {name}=" in target.read_text() for name in missing)
    assert ", ".join(missing) in capsys.readouterr().out
    with pytest.raises(EnvironmentRefused) as refusal:
        boots(target)
    assert [line.split(" is not set")[0] for line in refusal.value.problems] == missing


def test_every_secret_is_fresh_each_time():
    first, second = fresh_secrets(), fresh_secrets()
    secret = [name for name in first if not name.endswith("_ACTIVE")]
    assert len({values[name] for values in (first, second) for name in secret}) == 2 * len(secret)


def test_the_file_is_private_whatever_the_umask(target):
    before = os.umask(0)
    try:
        written(target)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_the_file_is_private_before_its_first_byte(target, monkeypatch):
    modes = []
    create = os.fdopen

    def watch(descriptor, *rest, **more):
        modes.append((stat.S_IMODE(os.fstat(descriptor).st_mode), os.fstat(descriptor).st_size))
        return create(descriptor, *rest, **more)

    monkeypatch.setattr(generate_env.os, "fdopen", watch)
    written(target)
    assert modes == [(0o600, 0)]


def test_an_existing_file_is_never_overwritten(target, capsys):
    target.write_text("KEEP=me\n")
    assert main(["--output", str(target)]) == 1
    assert target.read_text() == "KEEP=me\n"
    assert "stays as it is" in capsys.readouterr().err


def test_if_missing_succeeds_and_leaves_the_file(target):
    target.write_text("KEEP=me\n")
    assert main(["--output", str(target), "--if-missing"]) == 0
    assert target.read_text() == "KEEP=me\n"


def test_if_missing_writes_a_file_that_is_missing(target):
    assert "SECRET_KEY" in written(target, "--if-missing", "--development")


def test_a_dangling_link_is_not_followed(target, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    target.symlink_to(elsewhere)
    assert main(["--output", str(target)]) == 1
    assert not elsewhere.exists()


def test_a_directory_that_is_missing_is_said_plainly(tmp_path, capsys):
    assert main(["--output", str(tmp_path / "no" / ".env")]) == 1
    assert "cannot be written: No such file" in capsys.readouterr().err


def test_a_failed_write_leaves_no_half_file(target):
    with pytest.raises(UnicodeEncodeError):
        generate_env.write_new(target, "SECRET_KEY=\udc80")
    assert not target.exists()


def test_print_shows_the_text_and_writes_nothing(target, capsys, monkeypatch):
    monkeypatch.setattr(generate_env, "ENV_FILE", target)
    assert main(["--print", "--development"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n{name}=" in shown for name in fresh_secrets())
    assert not target.exists()


def test_no_secret_reaches_the_terminal_without_print(target, capsys):
    values = written(target, *PRODUCTION)
    shown = "".join(capsys.readouterr())
    assert not [name for name in values if len(values[name]) > 20 and values[name][2:] in shown]


@pytest.mark.parametrize("options", [["--development"], PRODUCTION])
def test_a_shell_reads_the_file_as_the_service_does(target, options):
    values = written(target, *options)
    script = f"set -a; . '{target}'; set +a; env -0"
    command = ["sh", "-c", script]
    seen = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True)
    variables = dict(line.split("=", 1) for line in seen.stdout.decode().split("\0") if line)
    assert {name: variables[name] for name in values} == values
    assert seen.stderr == b""


@pytest.mark.parametrize(
    "spoiled",
    ["a b", "a'b", 'a"b', "a\\b", "a$b", "${HOME}", "a`b", "a\nb", "é"],
)
def test_a_value_that_a_shell_would_read_otherwise_is_refused(target, spoiled, capsys):
    with pytest.raises(SystemExit) as refusal:
        main(["--output", str(target), "--database-url", f"postgres://hunter2{spoiled}@h/d"])
    assert refusal.value.code == 2
    assert "hunter2" not in capsys.readouterr().err
    assert not target.exists()


def test_addresses_are_for_production(target):
    with pytest.raises(SystemExit) as refusal:
        main(["--output", str(target), "--development", "--host", "a.test"])
    assert refusal.value.code == 2
    assert not target.exists()


def test_the_command_runs_on_the_standard_library_alone(target):
    command = [sys.executable, "-S", "-m", "config.generate_env", "--output", str(target)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert target.exists()

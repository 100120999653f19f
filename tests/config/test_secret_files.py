import pytest

from config.environment import ROOT, SECRETS, load

#: Whose file holds what the variable would; that of the field keys is in test_key_file.py.
PLAIN = [name for name in SECRETS if name != "FIELD_KEYS"]


@pytest.fixture
def secret_file(tmp_path):
    """Write a file and return its path as text."""

    def write(content):
        file = tmp_path / "secret"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(file)

    return write


@pytest.mark.parametrize("name", PLAIN)
def test_each_secret_comes_from_a_file_as_well(loads, production, secret_file, name):
    file = secret_file(f"\n  {production[name]}\n")
    assert loads(**{name: None, f"{name}_FILE": file}) == loads()


def test_the_name_of_the_file_may_stand_in_the_env_file(loads, production, secret_file, tmp_path):
    direct = loads()
    (tmp_path / ".env").write_text(f"SECRET_KEY_FILE={secret_file(production['SECRET_KEY'])}\n")
    with pytest.raises(SystemExit):
        loads(SECRET_KEY=None)
    assert load(tmp_path / ".env").secret_key == direct.secret_key


def test_a_relative_path_starts_at_the_root(loads, secret_file, production, monkeypatch, tmp_path):
    up = "../" * len(ROOT.parts[1:])
    file = secret_file(production["AUDIT_KEY"])
    monkeypatch.chdir(tmp_path)
    assert loads(AUDIT_KEY=None, AUDIT_KEY_FILE=up + file[1:]).audit_key == loads().audit_key


@pytest.mark.parametrize("name", PLAIN)
def test_a_secret_given_twice_is_refused(loads, refused, production, secret_file, name):
    line = refused(loads, name, **{f"{name}_FILE": secret_file(production[name])})
    assert f"set together with {name}_FILE" in line
    assert line.endswith(f"Mend: unset {name}")


@pytest.mark.parametrize("path", ["/nowhere/at-all", "/", "x" * 5000])
def test_a_file_that_cannot_be_read_is_refused(loads, refused, path):
    line = refused(loads, "SECRET_KEY", SECRET_KEY=None, SECRET_KEY_FILE=path)
    assert "cannot be read from SECRET_KEY_FILE" in line


def test_a_file_that_is_not_text_is_refused(loads, refused, secret_file):
    file = secret_file(b"\xff\xfe" * 40)
    assert "cannot be read" in refused(loads, "AUDIT_KEY", AUDIT_KEY=None, AUDIT_KEY_FILE=file)


def test_an_empty_file_is_refused(loads, refused, secret_file):
    line = refused(loads, "REDIS_URL", REDIS_URL=None, REDIS_URL_FILE=secret_file(" \n"))
    assert "is empty in the file that REDIS_URL_FILE names" in line


def test_the_content_of_a_file_is_judged_and_not_repeated(loads, refused, secret_file):
    file = secret_file("telling-but-short")
    line = refused(loads, "SECRET_KEY", SECRET_KEY=None, SECRET_KEY_FILE=file)
    assert "shorter than 50" in line
    assert "telling" not in line


def test_only_secrets_come_from_files(loads, secret_file):
    assert loads(WORKERS_FILE=secret_file("9")).workers == 1

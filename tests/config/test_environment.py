import itertools
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values
from pydantic import ValidationError

from config.environment import (
    ENV_FILE,
    ROOT,
    SECRETS,
    Environment,
    EnvironmentRefused,
    LogLevel,
    Mode,
    load,
)
from config.generate_env import fresh_secrets

NAMES = {name.upper() for name in Environment.model_fields}
EXAMPLE = ROOT / ".env.example"


def test_a_complete_production_environment_is_typed(loads, production):
    environment = loads(
        CORS_ALLOWED_ORIGINS="https://app.gatehouse.test, https://b.gatehouse.test:8443",
        CORS_ALLOWED_ORIGIN_REGEXES=r"^https://[a-z0-9-]+\.gatehouse\.test$",
        TRUSTED_PROXIES="10.0.0.0/24,fd00::/8",
        WORKERS="4",
        LOG_LEVEL="WARNING",
    )
    assert environment.app_env is Mode.PRODUCTION
    assert environment.development is False
    assert environment.secret_key.get_secret_value() == production["SECRET_KEY"]
    assert len(environment.audit_key.get_secret_value()) == 32
    assert list(environment.field_keys) == [1] == list(environment.api_key_peppers)
    assert environment.field_key_active == 1 == environment.api_key_pepper_active
    assert environment.allowed_hosts == ("api.gatehouse.test",)
    assert environment.public_url == "https://api.gatehouse.test"
    assert environment.database_url.get_secret_value() == production["DATABASE_URL"]
    assert environment.redis_url.get_secret_value() == production["REDIS_URL"]
    assert environment.cors_allowed_origins == (
        "https://app.gatehouse.test",
        "https://b.gatehouse.test:8443",
    )
    assert environment.cors_allowed_origin_regexes == (r"^https://[a-z0-9-]+\.gatehouse\.test$",)
    assert [str(network) for network in environment.trusted_proxies] == ["10.0.0.0/24", "fd00::/8"]
    assert environment.workers == 4
    assert environment.workshop is False
    assert environment.log_level is LogLevel.WARNING


def test_production_is_the_mode_and_the_optional_rest_is_closed_by_default(loads):
    environment = loads()
    assert environment.app_env is Mode.PRODUCTION
    assert environment.cors_allowed_origins == environment.cors_allowed_origin_regexes == ()
    assert environment.trusted_proxies == ()
    assert environment.workers == 1
    assert environment.workshop is False
    assert environment.log_level is LogLevel.INFO


def test_development_needs_nothing_but_the_secrets(develops):
    environment = develops()
    assert environment.development is True
    assert environment.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert environment.public_url == "http://localhost:8000"
    assert environment.database_url.get_secret_value() == "sqlite:///var/db.sqlite3"
    assert environment.redis_url is None


def test_secrets_made_for_development_serve_in_production(develops, loads):
    assert develops().secret_key == loads().secret_key


@pytest.mark.parametrize("mode", ["Production", "dev", "test"])
def test_an_unknown_mode_is_refused(loads, refused, mode):
    line = refused(loads, "APP_ENV", APP_ENV=mode)
    assert "must be 'production' or 'development'" in line
    assert line.endswith("Mend: set APP_ENV=production")


def test_an_unknown_mode_is_held_to_the_rules_of_production(develops):
    with pytest.raises(EnvironmentRefused) as refusal:
        develops(APP_ENV="developement")
    assert any(line.startswith("REDIS_URL is not set") for line in refusal.value.problems)


@pytest.mark.parametrize("name", sorted({*fresh_secrets(), "ALLOWED_HOSTS", "PUBLIC_URL"}))
def test_each_variable_that_production_demands_is_missed(loads, refused, name):
    assert "is not set" in refused(loads, name, **{name: None})


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "EMAIL_URL"])
def test_production_demands_its_stores(loads, refused, name):
    assert "is not set" in refused(loads, name, **{name: None})


def test_an_empty_variable_counts_as_unset(loads, refused, develops):
    assert "is not set" in refused(loads, "SECRET_KEY", SECRET_KEY="")
    assert develops(REDIS_URL="", WORKERS="").workers == 1


def test_the_name_of_a_variable_is_exact(loads, refused, production):
    lower = {"secret_key": production["SECRET_KEY"]}
    assert "is not set" in refused(loads, "SECRET_KEY", SECRET_KEY=None, **lower)


def test_a_wildcard_leaves_allowed_hosts_even_in_development(develops, refused):
    assert "wildcard" in refused(develops, "ALLOWED_HOSTS", ALLOWED_HOSTS="*")


def test_allowed_hosts_of_commas_alone_is_no_list(loads, refused):
    assert "has no entry" in refused(loads, "ALLOWED_HOSTS", ALLOWED_HOSTS=" , ")


def test_workers_without_shared_limits_are_refused(develops, refused):
    line = refused(develops, "WORKERS", WORKERS="2")
    assert "REDIS_URL" in line
    assert line.endswith("Mend: set WORKERS=1")
    assert develops(WORKERS="2", REDIS_URL="redis://127.0.0.1:6379/0").workers == 2


@pytest.mark.parametrize("workers", ["0", "65", "-1", "many", "1.5"])
def test_workers_are_a_number_from_1_to_64(loads, refused, workers):
    assert "must be" in refused(loads, "WORKERS", WORKERS=workers)


def test_the_workshop_is_refused_in_production(loads, refused):
    line = refused(loads, "WORKSHOP", WORKSHOP="true")
    assert "attacks the service" in line
    assert line.endswith("Mend: set WORKSHOP=false")


def test_the_workshop_opens_in_development(develops):
    assert develops(WORKSHOP="true").workshop is True


@pytest.mark.parametrize("word", ["1", "True", "yes", "on", "0", "FALSE"])
def test_the_workshop_takes_exact_words(develops, refused, word):
    assert "exactly true or false" in refused(develops, "WORKSHOP", WORKSHOP=word)


@pytest.mark.parametrize("level", ["info", "TRACE", "20"])
def test_a_log_level_outside_the_set_is_refused(loads, refused, level):
    assert "must be 'DEBUG', 'INFO'" in refused(loads, "LOG_LEVEL", LOG_LEVEL=level)


def test_real_variables_win_over_the_file(loads, production, tmp_path):
    loads(LOG_LEVEL="ERROR", WORKERS="")
    file = tmp_path / ".env"
    file.write_text("LOG_LEVEL=DEBUG\nWORKERS=3\nUNKNOWN=ignored\n")
    environment = load(file)
    assert environment.log_level is LogLevel.ERROR
    assert environment.workers == 3


def test_the_file_is_sought_at_the_root_wherever_the_process_starts():
    assert Path(__file__).resolve().parents[2] / ".env" == ENV_FILE
    assert Environment.model_config["env_file"] == ENV_FILE
    assert load.__defaults__ == (ENV_FILE,)


def test_a_quoted_expression_reaches_its_field_from_the_file(loads, tmp_path):
    loads()
    file = tmp_path / ".env"
    file.write_text("CORS_ALLOWED_ORIGIN_REGEXES='^https://[a-z]+\\.gatehouse\\.test$'\n")
    assert load(file).cors_allowed_origin_regexes == (r"^https://[a-z]+\.gatehouse\.test$",)


def test_a_file_that_is_not_text_is_refused(loads, tmp_path):
    loads()
    file = tmp_path / ".env"
    file.write_bytes(b"LOG_LEVEL=\xff\xfe\n")
    with pytest.raises(EnvironmentRefused, match="cannot be read"):
        load(file)


def test_an_environment_cannot_be_changed(loads):
    environment = loads()
    with pytest.raises(ValidationError):
        environment.workshop = True


def test_no_representation_shows_a_secret(loads, production):
    environment = loads()
    for shown in (repr(environment), str(environment), repr(environment.model_dump())):
        for name in SECRETS:
            assert production[name].removeprefix("1:") not in shown
        for ring in (environment.field_keys, environment.api_key_peppers):
            assert repr(ring[1]) not in shown


def test_the_settings_library_logs_no_value(loads, production, monkeypatch, caplog):
    monkeypatch.setenv("PYDANTIC_SETTINGS_DEBUG", "1")
    caplog.set_level(logging.DEBUG)
    loads()
    assert production["SECRET_KEY"] not in caplog.text


def test_a_refusal_carries_the_value_nowhere(loads):
    planted = "short-and-telling"
    with pytest.raises(EnvironmentRefused) as refusal:
        loads(SECRET_KEY=planted)
    assert planted not in str(refusal.value)
    assert refusal.value.__context__ is None


def test_an_error_of_the_class_itself_hides_the_value(loads, monkeypatch):
    loads()
    monkeypatch.setenv("SECRET_KEY", "short-and-telling")
    with pytest.raises(ValidationError) as error:
        Environment(_env_file=None)
    assert "short-and-telling" not in str(error.value)


def test_a_missing_secret_is_mended_by_a_new_file_and_a_bad_one_by_hand(loads, tmp_path):
    with pytest.raises(EnvironmentRefused):
        loads(SECRET_KEY=None, AUDIT_KEY="bad")
    with pytest.raises(EnvironmentRefused) as refusal:
        load(tmp_path / "absent")
    secret_key, audit_key = refusal.value.problems
    assert secret_key.endswith("Mend: python -m config.generate_env")
    assert audit_key.endswith("Mend: python -m config.generate_env --print | grep ^AUDIT_KEY=")
    assert "restore the old" in str(refusal.value)


def test_the_process_ends_with_every_problem_and_no_traceback(production):
    planted = production | {"SECRET_KEY": "k" * 60, "DATABASE_URL": "mysql://u:hunter22@h/d"}
    planted |= {"WORKSHOP": "true", "TRUSTED_PROXIES": "0.0.0.0/0", "FIELD_KEY_ACTIVE": "7"}
    planted |= {"PATH": os.environ["PATH"]}
    code = "import config.environment as e; e.load(env_file=None)"
    ended = subprocess.run(
        [sys.executable, "-c", code], env=planted, cwd=ROOT, capture_output=True, text=True
    )
    output = ended.stdout + ended.stderr
    assert ended.returncode == 1
    assert "Traceback" not in output
    bad = ["SECRET_KEY", "FIELD_KEY_ACTIVE", "DATABASE_URL", "TRUSTED_PROXIES", "WORKSHOP"]
    first, *lines = ended.stderr.splitlines()
    assert first == "Gatehouse does not start. Problems in its environment: 5"
    assert [line.split()[0] for line in lines[:5]] == bad
    for secret in ("k" * 60, "hunter22", production["FIELD_KEYS"][2:], production["AUDIT_KEY"]):
        assert secret not in output


def test_the_example_lists_exactly_the_variables_that_are_read():
    assert dotenv_values(EXAMPLE).keys() == NAMES


def test_the_example_explains_each_variable():
    lines = EXAMPLE.read_text().splitlines()
    for above, line in itertools.pairwise(lines):
        if line and not line.startswith("#"):
            assert above.startswith("# "), line


def test_the_example_refuses_to_run_and_names_the_secrets(loads, production, monkeypatch):
    loads()
    for name in production:
        monkeypatch.delenv(name)
    with pytest.raises(EnvironmentRefused) as refusal:
        load(EXAMPLE)
    placeholders = {
        line.split()[0] for line in refusal.value.problems if "is a placeholder" in line
    }
    assert placeholders == set(SECRETS)
    assert any(line.startswith("ALLOWED_HOSTS is not set") for line in refusal.value.problems)

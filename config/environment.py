"""The process environment, read once, typed, and refused as a whole when any part is unsafe.

Guarantees: production unless APP_ENV says otherwise; every problem reported in one message, each
with the command that mends it and none with the value at fault; an `Environment` that exists has
passed every check here, cannot be changed and hides its secrets in repr.
Does not reach the database, Redis or any host, and does not prove that a secret is random.

Real variables win over the `.env` file at the root of the repository. An empty variable counts as
unset. Each secret may come from a file instead, named by NAME_FILE (relative to the root).
"""

import logging
from datetime import date
from enum import StrEnum
from functools import partial
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from pydantic import (
    AliasGenerator,
    Field,
    InstanceOf,
    SecretBytes,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.addresses import (
    parse_connection,
    parse_host,
    parse_network,
    parse_origin,
    parse_origin_regex,
)
from config.mail_relay import refuse_open_relay
from config.refusal import EnvironmentRefused, Refusal, problem
from config.rings import (
    LARGEST_ID,
    KeyRing,
    parse_key,
    parse_list,
    parse_ring,
    parse_ring_file,
    refuse_pattern,
    refuse_placeholder,
)
from config.secret_files import SecretFiles

ROOT = Path(__file__).resolve().parent.parent
ENV_FILE = ROOT / ".env"

SECRETS = (
    *("SECRET_KEY", "AUDIT_KEY", "AUDIT_SIGNING_KEYS", "FIELD_KEYS", "API_KEY_PEPPERS"),
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL"),
)
SECRET_KEY_LENGTH = 50  # characters; below it Django's own check (security.W009) only warns
EXACTLY_32 = range(32, 33)  # bytes; AES-256, and the seed of an Ed25519 key
AT_LEAST_32 = range(32, 1 << 20)  # bytes; HMAC-SHA256 wants its output's length (RFC 2104, 3)
LOCAL_HOSTS = "localhost,127.0.0.1,[::1]"
LOCAL_URL = "http://localhost:8000"
LOCAL_DATABASE = "sqlite:///var/db.sqlite3"  # relative to ROOT

# With PYDANTIC_SETTINGS_DEBUG set, the library logs every value that it read, secrets included.
logging.getLogger("pydantic_settings").setLevel(logging.INFO)


class Mode(StrEnum):
    PRODUCTION = "production"
    DEVELOPMENT = "development"


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Environment(BaseSettings):
    """Every variable that the service reads. Build it with `load`, which words the refusals.

    Fields are checked in this order, each against the valid ones before it, so that one problem
    never hides another. `examples` feed the mending commands.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        case_sensitive=True,
        alias_generator=AliasGenerator(validation_alias=str.upper),
        env_file=ENV_FILE,
        env_ignore_empty=True,
        enable_decoding=False,
        hide_input_in_errors=True,
    )

    app_env: Mode = Field(Mode.PRODUCTION, examples=["production"])
    secret_key: SecretStr
    audit_key: SecretBytes
    audit_signing_keys: InstanceOf[KeyRing] = Field(exclude=True)  # a dump would show plain bytes
    audit_signing_key_active: int = Field(ge=1, le=LARGEST_ID)
    audit_checkpoints: Path = Field("var/audit-checkpoints.txt", examples=["/mnt/audit/log.txt"])
    erasure_list: Path = Field("var/erasures.txt", examples=["/mnt/kept/erasures.txt"])
    field_keys_file: Path | None = Field(None, repr=False, exclude=True)
    field_keys: InstanceOf[KeyRing] = Field(exclude=True)
    field_key_active: int = Field(None, ge=1, le=LARGEST_ID)
    api_key_peppers: InstanceOf[KeyRing] = Field(exclude=True)
    api_key_pepper_active: int = Field(ge=1, le=LARGEST_ID)
    allowed_hosts: tuple[str, ...] = Field(None, examples=["api.example.com"])
    public_url: str = Field(None, examples=["https://api.example.com"])
    database_url: SecretStr = Field(None, examples=["postgres://USER:PASSWORD@HOST:5432/NAME"])
    redis_url: SecretStr | None = Field(None, examples=["redis://HOST:6379/0"])
    email_url: SecretStr | None = Field(None, examples=["smtps://USER:PASSWORD@HOST:465"])
    cors_allowed_origins: tuple[str, ...] = Field("", examples=["https://app.example.com"])
    cors_allowed_origin_regexes: tuple[str, ...] = Field(
        "", examples=[r"'^https://[a-z0-9-]+\.example\.com$'"]
    )
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = Field("", examples=["10.0.0.0/24"])
    workers: int = Field(1, ge=1, le=64, examples=["1"])
    workshop: bool = Field("false", examples=["false"])
    log_level: LogLevel = Field(LogLevel.INFO, examples=["INFO"])
    v1_sunset: date = Field("2027-11-01", examples=["2027-11-01"])

    @property
    def development(self) -> bool:
        return self.app_env is Mode.DEVELOPMENT

    @classmethod
    def settings_customise_sources(
        cls, settings_cls, init_settings, env_settings, dotenv_settings, file_secret_settings
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        given = {**dotenv_settings.env_vars, **env_settings.env_vars}
        files = SecretFiles(settings_cls, SECRETS, ROOT, given)
        return files, env_settings, dotenv_settings

    @field_validator("secret_key", mode="before")
    @classmethod
    def _secret_key(cls, value: str) -> str:
        refuse_placeholder(value)
        if len(value) < SECRET_KEY_LENGTH:
            raise ValueError(f"is shorter than {SECRET_KEY_LENGTH} characters")
        refuse_pattern(value.encode())
        return value

    @field_validator("audit_key", mode="before")
    @classmethod
    def _audit_key(cls, value: str, info: ValidationInfo) -> bytes:
        key = parse_key(value, AT_LEAST_32)
        _refuse_reuse({key}, info)
        return key

    @field_validator("field_keys_file", mode="before")
    @classmethod
    def _field_keys_file(cls, value: str | None) -> Path | None:
        return value and ROOT / value

    @field_validator("audit_signing_keys", "field_keys", "api_key_peppers", mode="before")
    @classmethod
    def _ring(cls, value: str, info: ValidationInfo) -> KeyRing:
        sizes = AT_LEAST_32 if info.field_name == "api_key_peppers" else EXACTLY_32
        watched = info.field_name == "field_keys" and info.data.get("field_keys_file")
        ring = parse_ring_file(value, sizes) if watched else parse_ring(value, sizes)
        _refuse_reuse(set(ring.values()), info)
        return ring

    @field_validator("audit_signing_key_active")
    @classmethod
    def _audit_signing_key_active(cls, value: int, info: ValidationInfo) -> int:
        return _in_ring(value, "audit_signing_keys", info)

    @field_validator("field_key_active", mode="before")
    @classmethod
    def _field_key_chosen(cls, value: str | None, info: ValidationInfo) -> str | int:
        """The choice stands beside the keys: in the file, or in a variable of its own."""
        if not info.data.get("field_keys_file"):
            if value is None:
                raise ValueError("is not set")
            return value
        if value is not None:
            mend = "unset FIELD_KEY_ACTIVE"
            raise Refusal("is set together with FIELD_KEYS_FILE, which names it", mend)
        ring = info.data.get("field_keys")
        return ring.active if ring else 1  # a refused ring is one problem, not two

    @field_validator("field_key_active")
    @classmethod
    def _field_key_active(cls, value: int, info: ValidationInfo) -> int:
        return _in_ring(value, "field_keys", info)

    @field_validator("api_key_pepper_active")
    @classmethod
    def _api_key_pepper_active(cls, value: int, info: ValidationInfo) -> int:
        return _in_ring(value, "api_key_peppers", info)

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _allowed_hosts(cls, value: str | None, info: ValidationInfo) -> tuple[str, ...]:
        hosts = parse_list(_required(value, LOCAL_HOSTS, info), parse_host)
        if not hosts:
            raise ValueError("has no entry")
        return hosts

    @field_validator("public_url", mode="before")
    @classmethod
    def _public_url(cls, value: str | None, info: ValidationInfo) -> str:
        return parse_origin(_required(value, LOCAL_URL, info), _web_schemes(info))

    @field_validator("database_url", mode="before")
    @classmethod
    def _database_url(cls, value: str | None, info: ValidationInfo) -> str:
        local = () if _production(info) else ("sqlite",)
        url = _required(value, LOCAL_DATABASE, info)
        return parse_connection(url, ("postgres", "postgresql", *local))

    @field_validator("redis_url", "email_url", mode="before")
    @classmethod
    def _absent_in_development(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and not _production(info):
            return None
        url = _required(value, "", info)
        if info.field_name == "redis_url":
            return parse_connection(url, ("redis", "rediss", "unix"))
        return refuse_open_relay(url)

    @field_validator("cors_allowed_origins", mode="before")
    @classmethod
    def _cors_allowed_origins(cls, value: str, info: ValidationInfo) -> tuple[str, ...]:
        return parse_list(value, partial(parse_origin, schemes=_web_schemes(info)))

    @field_validator("cors_allowed_origin_regexes", mode="before")
    @classmethod
    def _cors_allowed_origin_regexes(cls, value: str, info: ValidationInfo) -> tuple[str, ...]:
        return parse_list(value, partial(parse_origin_regex, schemes=_web_schemes(info)))

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _trusted_proxies(cls, value: str) -> tuple[IPv4Network | IPv6Network, ...]:
        return parse_list(value, parse_network)

    @field_validator("workers")
    @classmethod
    def _workers(cls, value: int, info: ValidationInfo) -> int:
        # Without Redis each process counts by itself: N workers would grant N times every limit.
        if value > 1 and info.data.get("redis_url", ...) is None:
            raise ValueError("is more than 1 without REDIS_URL, where the workers share limits")
        return value

    @field_validator("workshop", mode="before")
    @classmethod
    def _workshop(cls, value: str, info: ValidationInfo) -> bool:
        if value not in ("true", "false"):
            raise ValueError("must be exactly true or false")
        if value == "true" and _production(info):
            raise ValueError("attacks the service, so it never runs in production")
        return value == "true"

    # Validators of mode "before" run last defined first: a bad file is refused before its parsing.
    @field_validator(*(name.lower() for name in SECRETS), mode="before")
    @classmethod
    def _secret_file(cls, value: object) -> object:
        if isinstance(value, Refusal):
            raise value
        return value


def load(env_file: Path | None = ENV_FILE) -> Environment:
    """Read the environment; `env_file=None` reads real variables alone.

    Raises EnvironmentRefused with every problem found.
    """
    try:
        return Environment(_env_file=env_file)
    except ValidationError as refused:
        problems = [problem(error, Environment, env_file) for error in refused.errors()]
    except (OSError, UnicodeDecodeError) as unreadable:
        problems = [f"{env_file} cannot be read ({type(unreadable).__name__})."]
    # Raised out here, so that no traceback tool finds the refused values in its context.
    raise EnvironmentRefused(problems)


def _production(info: ValidationInfo) -> bool:
    # A refused APP_ENV is absent from the data, and then the strict mode holds.
    return info.data.get("app_env") is not Mode.DEVELOPMENT


def _web_schemes(info: ValidationInfo) -> tuple[str, ...]:
    return ("https",) if _production(info) else ("https", "http")


def _required(value: str | None, local: str, info: ValidationInfo) -> str:
    """Return the value; unset, it is the local one in development and refused in production."""
    if value is None and _production(info):
        raise ValueError("is not set")
    return local if value is None else value


def _in_ring(number: int, ring_field: str, info: ValidationInfo) -> int:
    ring = info.data.get(ring_field)
    if ring is not None and number not in ring:
        mend = f"set {str(info.field_name).upper()}={max(ring)}"
        raise Refusal(f"is not an id in {ring_field.upper()}", mend)
    return number


def _refuse_reuse(keys: set[bytes], info: ValidationInfo) -> None:
    for field_name, value in info.data.items():
        if keys & _material(value):
            raise ValueError(f"repeats {field_name.upper()}: one key, one purpose")


def _material(value: object) -> set[bytes]:
    if isinstance(value, KeyRing):
        return set(value.values())
    if isinstance(value, SecretBytes):
        return {value.get_secret_value()}
    if not isinstance(value, SecretStr):
        return set()
    text = value.get_secret_value()
    try:
        return {text.encode(), parse_key(text, AT_LEAST_32)}
    except ValueError:
        return {text.encode()}

"""Django's settings, one file, fed by one environment (config/environment.py).

What differs between deployments is an environment variable; everything else is decided here.
DEBUG is never on: an error page with locals is a leak, and the log has the traceback.
"""

from datetime import UTC, datetime, time
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from config.account_settings import *  # noqa: F403 (one part of this file, by itself)
from config.environment import ROOT, load
from config.key_file import KeyFile
from config.mail_relay import parse_relay
from config.oauth_settings import *  # noqa: F403 (another, by itself)

env = load()

DEBUG = False
SECRET_KEY = env.secret_key.get_secret_value()
ALLOWED_HOSTS = list(env.allowed_hosts)
PUBLIC_URL = env.public_url
PUBLIC_HOST = urlsplit(env.public_url).hostname
TRUSTED_PROXIES = env.trusted_proxies
WORKERS = env.workers
REDIS_URL = env.redis_url.get_secret_value() if env.redis_url else None
VAR = Path(ROOT, "var")

FIELD_KEYS = dict(env.field_keys)
FIELD_KEY_ACTIVE = env.field_key_active
#: Where the two came from, if from a file: a running service takes it anew when it changes.
FIELD_KEY_FILE = KeyFile(env.field_keys_file) if env.field_keys_file else None
API_KEY_PEPPERS = dict(env.api_key_peppers)
API_KEY_PEPPER_ACTIVE = env.api_key_pepper_active
#: The mode that stands in a key's text: a test key is nothing in production, and the reverse.
API_KEY_MODE = "test" if env.development else "live"
AUDIT_KEY = env.audit_key.get_secret_value()
AUDIT_SIGNING_KEYS = dict(env.audit_signing_keys)
AUDIT_SIGNING_KEY_ACTIVE = env.audit_signing_key_active
#: The append-only file that every checkpoint is written to beside the database.
AUDIT_CHECKPOINTS = Path(ROOT, env.audit_checkpoints)
#: The append-only file of people who were erased, replayed after a restore.
ERASURE_LIST = Path(ROOT, env.erasure_list)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "apps.core",
    "apps.audit",
    "apps.encryption",
    "apps.ratelimits",
    "apps.agencies",
    "apps.accounts",
    "apps.access",
    "apps.apikeys",
    "apps.oauth",
    "apps.privacy",
    "apps.idempotency",
    "apps.listings",
    "apps.buyers",
    "apps.offers",
    "apps.api_v1",
    "apps.api_v2",
    "apps.portal",
    "django.contrib.auth",  # behind ours: manage.py takes a command from the first that has it
    "allauth",
    "apps.accounts.library.AccountLibrary",
    "allauth.mfa",
    "allauth.usersessions",
    "config.admin.GatehouseAdmin",
    "oauth2_provider",
    "corsheaders",
    "rest_framework",
    "drf_spectacular",
]

if env.development:
    INSTALLED_APPS.append("apps.demo")
if env.workshop:
    INSTALLED_APPS.append("apps.workshop")

# From the outside in. What only pages need stays away from /api (apps/core/pages.py).
MIDDLEWARE = [
    "apps.core.identity.RequestIdentity",
    "apps.core.request_log.RequestLog",
    "apps.core.security_headers.SecurityHeaders",
    "apps.access.page_limits.PageLimits",
    "apps.access.gate.Gate",
    "apps.api_v1.deprecation.Deprecation",
    "corsheaders.middleware.CorsMiddleware",
    "apps.core.pages.PageAssets",
    "apps.core.pages.PageSessions",
    "apps.core.pages.PageCsrf",
    "apps.core.pages.PageUser",
    "apps.core.pages.PageMessages",
    "apps.accounts.middleware.PageAccounts",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Data ---------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(env.database_url.get_secret_value(), conn_max_age=600)
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    _file = Path(ROOT, DATABASES["default"]["NAME"])
    _file.parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["NAME"] = str(_file)
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE takes the write lock at BEGIN: a transaction that reads first cannot fail later.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Allows what apps/core/planned.py asks for; Django's own statements are never prepared.
    DATABASES["default"]["OPTIONS"] = {"prepare_threshold": 0}
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # A login waits this long for a Redis that is silent, and is then refused.
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# --- People, sessions, passwords ----------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.BCryptSHA256PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "apps.accounts.password_policy.MaximumLength"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.password_policy.ContextWords"},
]
# "__Host-" ties a cookie to this host and to HTTPS; plain http in development cannot carry it.
_OVER_TLS = PUBLIC_URL.startswith("https://")
_COOKIE_PREFIX = "__Host-" if _OVER_TLS else ""
SESSION_COOKIE_NAME = f"{_COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _OVER_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "apps.accounts.session_store"
# Believed because apps/core/address.py drops the header from any peer that is not our proxy.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

#: Letters go to the relay, or in development to the console, so that links can be clicked there.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if env.email_url:
    _relay = parse_relay(env.email_url.get_secret_value())
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _relay.host, _relay.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _relay.user, _relay.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = _relay.use_ssl, _relay.use_tls
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = f"Gatehouse <no-reply@{PUBLIC_HOST}>"

# --- Limits -------------------------------------------------------------------------------------

#: The first penalty, the second, and so on to the last, which then repeats; and how long each is
#: remembered (apps/ratelimits/penalties.py). Short in development, where they are met by trying.
PENALTY_SECONDS = (1, 3, 9, 15) if env.development else (60, 300, 1_800, 86_400)
PENALTY_MEMORY_SECONDS = 60 if env.development else 86_400

# --- The API ------------------------------------------------------------------------------------

#: From this moment on /api/v1 answers 410 (apps/api_v1/deprecation.py).
V1_SUNSET = datetime.combine(env.v1_sunset, time.min, UTC)
# Tokens first: they are told from keys by their prefix, without being parsed.
CREDENTIAL_RESOLVERS = [
    "apps.oauth.authentication.resolve",
    "apps.apikeys.authentication.resolve",
]
#: What ends with a password and with an account (apps/accounts/ending.py).
TOKENS_END_BY = ["apps.oauth.ending.end_tokens"]
KEYS_END_BY = ["apps.apikeys.lifecycle.end_keys"]
EXPOSURE_WATCHERS = ["apps.apikeys.leaks.exposed_in", "apps.oauth.exposure.exposed_in"]
#: What a room has to do, beyond what its models declare, before a person is forgotten.
ERASERS = ["apps.offers.erasure.withdraw_open"]
PERIODIC_TASKS = [
    "apps.idempotency.once.forget_expired",
    "apps.accounts.periodic.forget_expired_sessions",
    "apps.apikeys.usage_report.fold",
    "apps.apikeys.notices.remind",
    "apps.apikeys.notices.send",
    "apps.privacy.erasure.finish_begun",
    "apps.privacy.replay.finish_listed",
    "apps.oauth.keeping.keep_signing_keys",
    "apps.oauth.expiry.forget_expired",
    "apps.audit.periodic.seal_audit",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "apps.core.error_views.handle",
    "DEFAULT_SCHEMA_CLASS": "apps.schema.operation_schema.OperationSchema",
    # A view that is not an Endpoint gets nothing: no caller, no permission, no parser.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_PARSER_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    # apps/schema makes whole operations; nothing is guessed or rewritten after it.
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATIONS": False,  # the order of the URLconf is the order of the reference
    # Its test of the document is ours, with every version by itself (tests/schema).
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

CORS_URLS_REGEX = r"^/api/"
CORS_ALLOWED_ORIGINS = list(env.cors_allowed_origins)
CORS_ALLOWED_ORIGIN_REGEXES = list(env.cors_allowed_origin_regexes)
# Bearer credentials need no cookies, so no origin is ever allowed to send them.
CORS_ALLOW_CREDENTIALS = False
CORS_ALLOW_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
CORS_ALLOW_HEADERS = [
    "accept",
    "api-version",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]
CORS_EXPOSE_HEADERS = [
    "deprecation",
    "etag",
    "idempotent-replayed",
    "link",
    "location",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "sunset",
    "x-ratelimit-limit",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-request-id",
]
CORS_PREFLIGHT_MAX_AGE = 7200  # browsers cap it here

# --- The OAuth provider (config/oauth_settings.py) ----------------------------------------------

#: Who issues, and for which audience a token opens this service (RFC 8414, RFC 8707).
OAUTH_ISSUER = OAUTH_RESOURCE = PUBLIC_URL
OAUTH2_PROVIDER |= {  # noqa: F405
    "OIDC_ISS_ENDPOINT": OAUTH_ISSUER,
    "OAUTH2_PROTECTED_RESOURCE_IDENTIFIER": OAUTH_RESOURCE,
}

# --- Pages, language, time ----------------------------------------------------------------------

STATIC_URL = "/static/"
#: Where `collectstatic` puts them for production; development serves them from the apps.
STATIC_ROOT = None if env.development else VAR / "static"
WHITENOISE_USE_FINDERS = env.development
#: Our assets are for our pages: no other origin is invited to read them.
WHITENOISE_ALLOW_ALL_ORIGINS = False
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

SILENCED_SYSTEM_CHECKS = [
    # apps/core/security_headers.py sets these on every response; tests/core holds it to that.
    "security.W001",  # SecurityMiddleware
    "security.W002",  # XFrameOptionsMiddleware
    # PageCsrf (apps/core/pages.py) is that middleware, for pages; the check looks for its name.
    "security.W003",
    # TLS has one owner, the edge (deploy/nginx): redirect and HSTS stand there.
    "security.W004",
    "security.W008",
    # Development may count logins in one process; several workers are refused without Redis.
    "django_ratelimit.E003",
    "django_ratelimit.W001",
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.json_log.JsonFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": env.log_level},
    "loggers": {
        # The request log has every answer already; Django's own line would say it twice.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

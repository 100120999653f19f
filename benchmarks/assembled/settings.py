"""Stock settings plus the packages, each as its own documentation says to set it up."""

import os

from benchmarks.stock.settings import *  # noqa: F403 (the same project, grown)
from benchmarks.stock.settings import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS = [
    *(name for name in INSTALLED_APPS if name != "benchmarks.stock"),
    "corsheaders",
    "rest_framework_api_key",
    "encrypted_fields",
    "auditlog",
    "benchmarks.assembled",
]
MIDDLEWARE = [
    "benchmarks.assembled.request_log.RequestLog",
    "corsheaders.middleware.CorsMiddleware",
    *MIDDLEWARE,
    "auditlog.middleware.AuditlogMiddleware",
]
ROOT_URLCONF = "benchmarks.assembled.urls"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ["REDIS_URL"],
    }
}
REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["benchmarks.assembled.permissions.HasAgencyKey"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    # The throttle keeps one timestamp for every request of its window and sends the whole list to
    # Redis and back each time. A window of a second keeps that list as short as at a real limit.
    "DEFAULT_THROTTLE_RATES": {"listings": "1000000/second"},
}
SALT_KEY = os.environ["SALT_KEY"]  # django-fernet-encrypted-fields derives its keys from it
CORS_ALLOWED_ORIGINS = ["https://app.example.com"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stdout"], "level": "INFO"},
}

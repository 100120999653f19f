"""Django's settings of the sample. What differs between machines is in the environment:

GATEHOUSE            the provider and its API: https://localhost:8443
CLIENT_ID            as the registration printed it
CLIENT_SECRET        the same; in production from a file or a vault
BASE_URL             where browsers reach this sample: https://localhost:9443
SECRET_KEY           50 random characters; signs CSRF tokens
REQUESTS_CA_BUNDLE   the provider's authority, in development
"""

import os
from urllib.parse import urlsplit

GATEHOUSE = os.environ["GATEHOUSE"].rstrip("/")
BASE_URL = os.environ["BASE_URL"].rstrip("/")
CLIENT_ID = os.environ["CLIENT_ID"]
CLIENT_SECRET = os.environ["CLIENT_SECRET"]
SCOPES = "openid email read write:listings"

SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname]
ROOT_URLCONF = f"{__package__}.urls"
APPEND_SLASH = False
USE_TZ = True
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    f"{__package__}.headers.SecurityHeaders",
]

# The browser holds a random number and nothing else; the tokens stay in this process's memory. With
# several processes, make this the Redis that they share: the lock in tokens.py is taken there too.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
SESSION_COOKIE_AGE = 12 * 3600
# "__Host-": over TLS alone, from this host alone, for all of it. Lax, because the way back from the
# provider is a navigation from another site; no write is a GET, and every other is CSRF-checked.
# Browsers keep one jar for all ports of a host: on localhost the provider's cookies are in it too.
SESSION_COOKIE_NAME = "__Host-frontend-session"
CSRF_COOKIE_NAME = "__Host-frontend-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # the page's script sends it back in a header

"""Bcrypt at the lowest cost it has: the same code path, thousands of times faster."""

from django.contrib.auth.hashers import BCryptSHA256PasswordHasher


class CheapBcrypt(BCryptSHA256PasswordHasher):
    rounds = 4

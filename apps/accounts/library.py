"""The account library, installed without its demand that its middleware runs on every request.

Ours is `apps.accounts.middleware.PageAccounts`, which keeps it away from `/api`.
"""

from allauth.account.apps import AccountConfig


class AccountLibrary(AccountConfig):
    def ready(self) -> None:
        from allauth.account import checks  # noqa: F401 (registers the checks)

"""How the account library acts here: our look-up, our limits, our addresses, our links.

Its own limiter and its guess at the caller's address are switched off (config/settings.py): the
address is the one that core resolved, and the limits are those of `guarded`.
"""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth import login as begin_session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from apps.audit.actors import Visitor
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.ratelimits.guards import Flow, failed

from . import mail
from .models import User
from .registration import send_verification


class AccountAdapter(DefaultAccountAdapter):
    """settings.ACCOUNT_ADAPTER."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and password do not belong together.",
        "enter_current_password": "This is not your current password.",
        "incorrect_password": "This is not your password.",
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The user, or None: nobody, a wrong password and a switched off account look the same.

        Django's backend hashes in all three cases, so they also take the same time.
        """
        user = authenticate(request, **credentials)
        if user is None:
            about = User.objects.filter(email__iexact=credentials.get("email", "")).first()
            record(Verb.LOGIN_FAILED, Visitor(None), about, outcome=Outcome.REFUSED)
            failed(Flow.LOGIN, request.address, credentials.get("email", ""))
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session under a new key: one that was known before is worth nothing after."""
        user.backend = "django.contrib.auth.backends.ModelBackend"
        begin_session(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Switched off after the password was asked, or at a passkey: as if it were unknown."""
        clear_login(request)
        messages.error(request, "This sign-in is not accepted.")
        return HttpResponseRedirect(reverse("account_login"))

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of ours: `next` never leads to another host, not even to one of ours."""
        return bool(url) and url.startswith("/") and url_has_allowed_host_and_scheme(url, None)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Pages answer with pages. The one script asks for a passkey challenge as JSON."""
        return request.resolver_match.url_name == "mfa_login_webauthn"

    def get_client_ip(self, request: HttpRequest) -> str:
        return request.address or "0.0.0.0"  # noqa: S104 (a name for "unknown", nothing is bound)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail.send(template_prefix, email, **context)

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC, signup: bool
    ) -> None:
        """A login with an address that was never proved: the link once more."""
        address: EmailAddress = emailconfirmation.email_address
        send_verification(address)

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return mail.link(path.replace("UID-KEY", key))

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Ask again before what matters, unless the whole sign-in is young itself."""
        user = self.request.user
        wanted = "mfa" if is_mfa_enabled(user) else "password"
        records = get_authentication_records(self.request, user)
        last = max((one["at"] for one in records if one["method"] == wanted), default=0)
        return time.time() - last > app_settings.REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Who has a second factor proves that one: a known password must not remove it."""
        methods = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"] != "reauthenticate"] or methods

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_home")

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
from allauth.core.exceptions import ImmediateHttpResponse
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

from . import destination, mail
from .models import User
from .registration import send_verification

#: In the session of whoever is half signed in: whose password was right, and a hash of it.
_PASSWORD_OF = "password_of"  # noqa: S105 (a name)


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
            typed = User.objects.normalize_email(credentials.get("email", ""))
            about = User.objects.filter(email=typed).first()
            record(Verb.LOGIN_FAILED, Visitor(None), about, outcome=Outcome.REFUSED)
            failed(Flow.LOGIN, request.address, credentials.get("email", ""))
        else:
            request.session[_PASSWORD_OF] = [str(user.pk), user.get_session_auth_hash()]
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        """Is it the password of whoever is signed in? A wrong one is counted with the wrong codes.

        So that a stolen session does not find out the password in its own time.
        """
        if user.check_password(password):
            return True
        record(Verb.LOGIN_FAILED, Visitor(None), user, outcome=Outcome.REFUSED)
        failed(Flow.CONFIRMATION, self.request.address, user.email)
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the session under a new key: one that was known before is worth nothing after.

        Raises ImmediateHttpResponse where, while the second factor was asked for, the password was
        replaced or the account switched off.
        """
        of, then = request.session.pop(_PASSWORD_OF, (None, None))
        replaced = of == str(user.pk) and then != user.get_session_auth_hash()
        if replaced or not user.is_active:
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
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

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where they were going, if that way was too long for an address or led by a mailbox."""
        return destination.taken(request) or super().get_login_redirect_url(request)

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

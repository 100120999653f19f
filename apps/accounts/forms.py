"""The forms whose rules are ours: opening an account, passwords, and second factors."""

import struct
import time
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.fields import EmailField, PasswordField
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as LibraryActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from . import registration, totp
from .second_factors import opened


class LoginForm(account.LoginForm):
    """Address and password, with what password managers look for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        # What a client believes to know (OpenID Connect Core 3.1.2.1): a proposal, no more.
        self.fields["login"].initial = self.request.GET.get("login_hint", "")[:254]


class SignupForm(forms.Form):
    """An address and a password, taken by the same function as `POST /api/v2/accounts`."""

    by_passkey = False
    email = EmailField(widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}))
    password1 = PasswordField(label="Password", autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("email", ""), self.cleaned_data.get("password1")
        if password:
            try:
                registration.refuse_weak(email, password)
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
        return self.cleaned_data

    def try_save(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        """Known or not, the answer is the same page."""
        registration.register(self.cleaned_data["email"], self.cleaned_data["password1"])
        return None, HttpResponseRedirect(reverse("account_email_verification_sent"))


class ChangePasswordForm(account.ChangePasswordForm):
    """The current password and the new one."""

    def clean_oldpassword(self) -> str:
        password = self.cleaned_data["oldpassword"]
        if not get_account_adapter().reauthenticate(self.user, password):
            raise get_account_adapter().validation_error("enter_current_password")
        return password


class _OneTimeCode:
    """A code of an authenticator app is good once (RFC 6238, section 5.2).

    The last period that was used is remembered in the database, under a lock: every node knows it,
    and two requests at the same moment cannot both use one code.
    """

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        for row in Authenticator.objects.filter(user=self.user).exclude(type="webauthn"):
            if self._accepts(row, code):
                row.refresh_from_db()
                row.user = self.user
                self.authenticator = row
                return code
        main = Authenticator.objects.filter(user=self.user).order_by("-type").first()
        if main:
            self._emit_authentication_failed(main)
        raise get_adapter().validation_error("incorrect_code")

    @transaction.atomic
    def _accepts(self, row: Authenticator, code: str) -> bool:
        if row.type != Authenticator.Type.TOTP:
            return row.wrap().validate_code(code)
        row = Authenticator.objects.select_for_update().get(pk=row.pk)
        secret = opened(row.user_id, row.data["secret"])
        counter = totp.counter_of(secret, code, time.time())
        if counter is None or counter <= row.data.get("last_counter", 0):
            return False
        row.data["last_counter"] = counter
        row.save(update_fields=["data"])
        return True


_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}


class AuthenticateForm(_OneTimeCode, mfa.AuthenticateForm):
    """The code after the password."""

    code = forms.CharField(label="Code", max_length=40, widget=forms.TextInput(_CODE))


class ReauthenticateForm(_OneTimeCode, mfa.ReauthenticateForm):
    """The code before something that matters."""

    code = forms.CharField(label="Code", max_length=40, widget=forms.TextInput(_CODE))


#: What the library, and its reader of CBOR, let out when they are handed no answer of a passkey.
_BROKEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
_BROKEN += (struct.error,)


class _AnswerField(forms.JSONField):
    """What a passkey answered, read from JSON once and never written back into a page."""

    widget = forms.HiddenInput

    def to_python(self, value: str | None) -> Any:
        # It is all base64url and names: an escape can only stand for what no database takes.
        if "\\" in (value or ""):
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise get_adapter().validation_error("incorrect_code") from None

    def bound_data(self, _data: str, initial: Any) -> Any:
        return initial


class _Passkey(forms.Form):
    """The answer of a passkey; anything else is refused like a wrong one."""

    credential = _AnswerField()

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except _BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None


class LoginWebAuthnForm(_Passkey, webauthn.LoginWebAuthnForm):
    """Instead of the password."""


class AuthenticateWebAuthnForm(_Passkey, webauthn.AuthenticateWebAuthnForm):
    """After the password."""


class ReauthenticateWebAuthnForm(_Passkey, webauthn.ReauthenticateWebAuthnForm):
    """Before something that matters."""


class ActivateTOTPForm(LibraryActivateTOTPForm):
    """The first code of an app. It proves the factor that it adds, to this session.

    `counter` is the period that it belongs to.
    """

    code = forms.CharField(label="Code", max_length=40, widget=forms.TextInput(_CODE))

    def clean_code(self) -> str:
        code = super().clean_code()
        self.counter = totp.counter_of(self.secret, code, time.time())
        if self.counter is None:
            raise get_adapter().validation_error("incorrect_code")
        record_authentication(context.request, self.user, "mfa", type="totp")
        return code


class EditWebAuthnForm(webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    name = forms.CharField(label="Name", max_length=60)


class AddWebAuthnForm(webauthn.AddWebAuthnForm):
    """A new passkey. It proves the factor that it adds, to this session."""

    name = forms.CharField(label="Name", max_length=60, required=False)
    credential = _AnswerField()
    passwordless = forms.BooleanField(
        label="It may stand for the password",
        required=False,
        initial=True,
        help_text="Then it signs you in by itself, and your device asks for a finger, face or PIN.",
    )

    def clean(self) -> dict[str, Any]:
        try:
            cleaned = super().clean()
        except _BROKEN:
            raise get_adapter().validation_error("incorrect_code") from None
        if not self.errors:
            record_authentication(context.request, self.user, "mfa", type="webauthn")
        return cleaned

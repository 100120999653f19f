"""Pages of the own account, below `/accounts/`.

Every path of the account library that is served stands here, with its guard: what a later version
of it adds is not served by itself.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path

from apps.accounts.activation import Activation
from apps.accounts.guarded import guarded, half_signed_in, signed_in, typed
from apps.ratelimits.guards import Flow

from . import account as own
from . import connected_apps
from .own_data import own_data

_login = guarded(Flow.LOGIN, typed("login"))
_password = guarded(Flow.CONFIRMATION, signed_in)
_passkey = guarded(Flow.PASSKEY, signed_in)
_code = guarded(Flow.CONFIRMATION, half_signed_in)
_registration = guarded(Flow.REGISTRATION, typed("email"))
_reset = guarded(Flow.RESET, typed("email"))
_link = guarded(Flow.RESET, lambda request: request.path_info)

_factors = [
    path("", mfa.index, name="mfa_index"),
    path("authenticate/", _code(mfa.authenticate), name="mfa_authenticate"),
    path("reauthenticate/", _code(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("totp/activate/", _code(Activation.as_view()), name="mfa_activate_totp"),
    path("totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "recovery-codes/generate/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/login/", _passkey(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path(
        "passkeys/reauthenticate/",
        _code(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
]

urlpatterns = [
    path("", own.home, name="account_home"),
    path("sessions/", own.sessions, name="account_sessions"),
    path("data/", own_data, name="account_data"),
    path("connected-apps/", connected_apps.connected_apps, name="connected_apps"),
    path("login/", _login(account.login), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", _registration(account.signup), name="account_signup"),
    path("reauthenticate/", _password(account.reauthenticate), name="account_reauthenticate"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$", account.confirm_email, name="account_confirm_email"
    ),
    path("password/change/", _password(account.password_change), name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", _reset(account.password_reset), name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _link(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("second-factors/", include(_factors)),
]

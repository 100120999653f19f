"""How people open accounts, sign in and prove second factors: settings of the account library.

The same in every deployment, so nothing here is read from the environment. config/settings.py takes
all of it over.
"""

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/accounts/"

ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.LoginForm",
    "signup": "apps.accounts.forms.SignupForm",
    "change_password": "apps.accounts.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "apps.accounts.reset_tokens.ResetTokens"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser, the session after 12 hours
# Limits are ours (apps/accounts/guarded.py).
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
MFA_ADAPTER = "apps.accounts.second_factors.MFAAdapter"
MFA_FORMS = {
    "authenticate": "apps.accounts.forms.AuthenticateForm",
    "reauthenticate": "apps.accounts.forms.ReauthenticateForm",
    "activate_totp": "apps.accounts.forms.ActivateTOTPForm",
    "login_webauthn": "apps.accounts.forms.LoginWebAuthnForm",
    "authenticate_webauthn": "apps.accounts.forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "apps.accounts.forms.ReauthenticateWebAuthnForm",
    "add_webauthn": "apps.accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "apps.accounts.forms.EditWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Gatehouse"
MFA_TOTP_TOLERANCE = 1  # as apps/accounts/totp.py, here for the code that adds the app
MFA_RECOVERY_CODE_DIGITS = 10

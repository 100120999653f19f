"""Opening an account. Whether an address is known is told to its mailbox and to nobody else.

Both cases hash one password, write one audit row and send one letter, so that neither the answer
nor its time tells them apart (ASVS 6.3.8).
"""

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.audit.actors import Visitor
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb

from . import mail
from .models import User


def refuse_weak(email: str, password: str) -> None:
    """Raises ValidationError with every rule that the password breaks."""
    validate_password(password, User(email=email))


def register(email: str, password: str) -> None:
    """Make the account and send its verification link, or tell the owner that there is one."""
    try:
        with transaction.atomic():
            address = _open(email, password)
    except IntegrityError:  # somebody has it, or got it between our look and our write
        _known(email)
    else:
        send_verification(address)


def send_verification(address: EmailAddress) -> None:
    """Send the link that proves the address."""
    key = EmailConfirmationHMAC(address).key
    url = mail.link(reverse("account_confirm_email", args=[key]))
    mail.send(
        "account/email/email_confirmation", address.email, activate_url=url, user=address.user
    )


def _open(email: str, password: str) -> EmailAddress:
    user = User.objects.create_user(email, password)
    address = EmailAddress.objects.create(user=user, email=user.email, primary=True)
    record(Verb.ACCOUNT_REGISTERED, Visitor(None), user)
    return address


def _known(email: str) -> None:
    record(
        Verb.ACCOUNT_REGISTERED, Visitor(None), outcome=Outcome.REFUSED, reason="address is known"
    )
    url = mail.link(reverse("account_reset_password"))
    mail.send("account/email/account_already_exists", email, password_reset_url=url)

"""What the account library announces, in our audit: the one listener of this project.

Each receiver runs within the request that caused it, before its answer. Not guaranteed: one
transaction with the change. The library announces second factors after its commit, so a database
that fails between the two leaves a change without its row.
"""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from apps.audit.actors import Visitor
from apps.audit.recording import record
from apps.audit.verbs import Outcome, Verb
from apps.ratelimits.guards import Flow, failed, forgive

from . import ending, sessions
from .models import User
from .second_factors import forget_unused


@receiver(account.user_logged_in)
def signed_in(user: User, **_: Any) -> None:
    record(Verb.LOGIN_SUCCEEDED, Visitor(user.pk), user)


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        record(Verb.LOGGED_OUT, Visitor(user.pk), user)


@receiver(account.email_confirmed)
def verified(email_address: Any, **_: Any) -> None:
    record(Verb.EMAIL_VERIFIED, Visitor(email_address.user_id), email_address.user)


@receiver([account.password_changed, account.password_set])
def changed(user: User, request: HttpRequest, **_: Any) -> None:
    # Django has made the others worthless; now they are gone.
    sessions.end_all(user, keep=request.session.session_key)
    ending.end_tokens(Visitor(user.pk), user)
    record(Verb.PASSWORD_CHANGED, Visitor(user.pk), user)


@receiver(account.password_reset)
def reset(user: User, **_: Any) -> None:
    sessions.end_all(user)
    # Wrong passwords only: whoever holds the mailbox could else reset between guesses at the codes.
    forgive(Flow.LOGIN, user.email)
    ending.end_tokens(Visitor(user.pk), user)
    record(Verb.PASSWORD_RESET, Visitor(user.pk), user)


@receiver(mfa.authenticator_added)
def added(user: User, authenticator: Any, **_: Any) -> None:
    kind = {"kind": str(authenticator.type)}
    record(Verb.SECOND_FACTOR_ADDED, Visitor(user.pk), user, changes=kind)


@receiver([mfa.authenticator_removed, mfa.authenticator_reset])
def removed(user: User, authenticator: Any, signal: Any, **_: Any) -> None:
    forget_unused(user.pk)
    verb = Verb.SECOND_FACTOR_REMOVED
    if signal is mfa.authenticator_reset:
        verb = Verb.RECOVERY_CODES_RENEWED
    record(verb, Visitor(user.pk), user, changes={"kind": str(authenticator.type)})


@receiver(mfa.authentication_failed)
def refused(user: User, request: HttpRequest, **_: Any) -> None:
    record(Verb.SECOND_FACTOR_FAILED, Visitor(None), user, outcome=Outcome.REFUSED)
    failed(Flow.CONFIRMATION, request.address, user.email)

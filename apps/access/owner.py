"""`request.user` for code that expects one; nothing here decides by it."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.utils.functional import SimpleLazyObject

from .credential import Credential


def owner_of(credential: Credential) -> object:
    """The user behind a credential, fetched only if someone looks at it."""
    if credential.user_id is None:
        return AnonymousUser()
    return SimpleLazyObject(lambda: get_user_model().objects.get(pk=credential.user_id))

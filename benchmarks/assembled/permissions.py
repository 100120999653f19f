"""Who is calling, the way the key package documents it."""

from rest_framework.request import Request
from rest_framework_api_key.permissions import BaseHasAPIKey

from .models import AgencyKey


class HasAgencyKey(BaseHasAPIKey):
    model = AgencyKey


def agency_id_of(request: Request) -> object:
    """The permission says yes or no and keeps nothing, so the view looks the key up again."""
    key = HasAgencyKey().get_key(request)
    return AgencyKey.objects.get_from_key(key).agency_id

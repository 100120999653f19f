"""Routes that speak of the caller's own profile, in every version."""

from django.http import HttpResponse

from apps.access.credential import Credential
from apps.access.endpoint import Endpoint
from apps.core.problems import Code, Problem

from .models import BuyerProfile


class OwnProfile(Endpoint):
    """Finds the caller's profile; only PUT may meet none."""

    def find_own(self, credential: Credential, method: str) -> BuyerProfile | None:
        profile = BuyerProfile.objects.visible_to(credential).first()
        if profile is None and method != "PUT":
            raise Problem(Code.NOT_FOUND)
        return profile

    def etag(self, credential: Credential, target: BuyerProfile | None) -> str | None:
        return entity_tag(target) if target else None


def entity_tag(profile: BuyerProfile) -> str:
    """The strong tag of what the owner sees."""
    return f'"{profile.version}"'


def tagged(response: HttpResponse, profile: BuyerProfile) -> HttpResponse:
    """The answer to a change, with the profile's new tag."""
    response["ETag"] = entity_tag(profile)
    return response

"""Rows of stack B, and an agency's key to ask for them with."""

from benchmarks.homes import Home
from benchmarks.target import Ask, Target

from .models import Agency, AgencyKey, Listing


def seed(homes: list[Home]) -> Target:
    """Half of the homes are another agency's, as in every stack; the newest are the own one's."""
    own, other = (Agency.objects.create(name=name) for name in ("Own", "Other"))
    half = len(homes) // 2
    for agency, some in ((other, homes[:half]), (own, homes[half:])):
        Listing.objects.bulk_create(Listing(agency=agency, **home._asdict()) for home in some)
    newest = Listing.objects.latest("created_at")
    _, key = AgencyKey.objects.create_key(name="benchmark", agency=own)
    body = homes[0]._asdict()
    del body["status"]
    return Target(
        detail=Ask("GET", f"/listings/{newest.pk}/"),
        page=Ask("GET", "/listings/"),
        post=Ask("POST", "/listings/", body),
        authorization=f"Api-Key {key}",
    )

"""The routes of v2."""

from django.urls import path

from . import (
    accounts,
    activity,
    api_keys,
    audit,
    buyer_profile,
    buyers,
    connected_apps,
    document,
    export,
    listings,
    me,
    offers,
    users,
)

app_name = "v2"

urlpatterns = [
    path("listings", listings.ListingCollection.as_view()),
    path("listings/<uuid:listing_id>", listings.ListingItem.as_view()),
    path("listings/<uuid:listing_id>/publish", listings.ListingPublication.as_view()),
    path("listings/<uuid:listing_id>/withdraw", listings.ListingWithdrawal.as_view()),
    path("buyer-profile", buyer_profile.BuyerProfileItem.as_view()),
    path("buyer-profile/reveal", buyer_profile.BuyerProfileReveal.as_view()),
    path("offers", offers.OfferCollection.as_view()),
    path("offers/<uuid:offer_id>", offers.OfferItem.as_view()),
    path("offers/<uuid:offer_id>/accept", offers.OfferAcceptance.as_view()),
    path("offers/<uuid:offer_id>/reject", offers.OfferRejection.as_view()),
    path("offers/<uuid:offer_id>/withdraw", offers.OfferWithdrawal.as_view()),
    path("offers/<uuid:offer_id>/reveal", offers.OfferReveal.as_view()),
    path("buyers/lookup", buyers.BuyerLookup.as_view()),
    path("api-keys", api_keys.ApiKeyCollection.as_view()),
    path("api-keys/report-leak", api_keys.LeakReports.as_view()),
    path("api-keys/<uuid:key_id>", api_keys.ApiKeyItem.as_view()),
    path("api-keys/<uuid:key_id>/rotate", api_keys.ApiKeyRotation.as_view()),
    path("api-keys/<uuid:key_id>/usage", api_keys.ApiKeyUsage.as_view()),
    path("audit/entries", audit.EntryCollection.as_view()),
    path("audit/entries/<uuid:entry_id>", audit.EntryItem.as_view()),
    path("audit/entries/<uuid:entry_id>/proof", audit.EntryProof.as_view()),
    path("audit/checkpoints", audit.CheckpointCollection.as_view()),
    path("me", me.MeItem.as_view()),
    path("me/activity", activity.Activity.as_view()),
    path("me/export", export.Export.as_view()),
    path("me/connected-apps", connected_apps.ConnectedApps.as_view()),
    path("me/connected-apps/<uuid:app_id>", connected_apps.ConnectedApp.as_view()),
    path("accounts", accounts.Registration.as_view()),
    path("users", users.UserCollection.as_view()),
    path("users/<uuid:user_id>", users.UserItem.as_view()),
    path("openapi.json", document.Document.as_view()),
]

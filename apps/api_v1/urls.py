"""The routes of v1: frozen, and closed on settings.V1_SUNSET."""

from django.urls import path

from . import buyer_profile, document, listings, me, offers

app_name = "v1"

urlpatterns = [
    path("listings", listings.ListingCollection.as_view()),
    path("listings/<uuid:listing_id>", listings.ListingItem.as_view()),
    path("listings/<uuid:listing_id>/publish", listings.ListingPublication.as_view()),
    path("listings/<uuid:listing_id>/withdraw", listings.ListingWithdrawal.as_view()),
    path("buyer-profile", buyer_profile.BuyerProfileItem.as_view()),
    path("offers", offers.OfferCollection.as_view()),
    path("offers/<uuid:offer_id>", offers.OfferItem.as_view()),
    path("offers/<uuid:offer_id>/accept", offers.OfferAcceptance.as_view()),
    path("offers/<uuid:offer_id>/reject", offers.OfferRejection.as_view()),
    path("offers/<uuid:offer_id>/withdraw", offers.OfferWithdrawal.as_view()),
    path("me", me.MeItem.as_view()),
    path("openapi.json", document.Document.as_view()),
]

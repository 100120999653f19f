"""Two routes."""

from django.urls import path

from .views import ListingDetail, ListingList

urlpatterns = [
    path("listings/", ListingList.as_view()),
    path("listings/<uuid:pk>/", ListingDetail.as_view()),
]

"""Generic views cut to the caller's agency; the own agency alone sees address and reserve."""

from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import generics, serializers
from rest_framework.pagination import CursorPagination

from benchmarks.target import FIELDS

from .models import Listing
from .permissions import agency_id_of


class ListingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Listing
        fields = FIELDS
        read_only_fields = ["agency", "status"]

    def to_representation(self, listing: Listing) -> dict[str, Any]:
        shown = super().to_representation(listing)
        if listing.agency_id != self.context["view"].agency_id:
            del shown["street_address"], shown["reserve_price"]
        return shown


class Newest(CursorPagination):
    page_size = 25
    ordering = "-created_at"


class OfAgency:
    """What both views share."""

    serializer_class = ListingSerializer
    throttle_scope = "listings"

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.agency_id = agency_id_of(request)

    def get_queryset(self) -> QuerySet[Listing]:
        public = Q(status=Listing.Status.PUBLISHED)
        return Listing.objects.filter(public | Q(agency_id=self.agency_id))


class ListingList(OfAgency, generics.ListCreateAPIView):
    pagination_class = Newest

    def perform_create(self, serializer: ListingSerializer) -> None:
        serializer.save(agency_id=self.agency_id)


class ListingDetail(OfAgency, generics.RetrieveAPIView):
    pass
